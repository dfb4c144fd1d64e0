"""Says for how long after her passphrase somebody opens what stays: tips, names and records; a chat is never cut."""

from typing import TYPE_CHECKING, Final

from portal.staff.rights import NEEDS_KEY, RIGHTS, Right

if TYPE_CHECKING:
    from portal.staff.sessions.session import Signed

WINDOW: Final = frozenset({"tips", "names", "records"})
"""Compartments that hold what is kept. Whoever finds a desk open in the evening opens none of it."""


def asks_again(signed: "Signed", right: Right | None, *, begins: bool) -> bool:
    """Whether her passphrase is asked before this is done.

    `begins`: a page is opened, nothing is sent. What she has begun to write may be sent for half an hour more.
    """
    if right is None or signed.reading == "open" or (signed.reading == "closing" and not begins):
        return False
    return NEEDS_KEY.get(right) in WINDOW & signed.granted and right in RIGHTS[signed.role]
