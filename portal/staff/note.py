"""Carries what a form has to say after its 303: what was wrong, what was typed, what was just made."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec

from portal.store.passes import LASTS, Passes

KIND: Final = "desk"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What one page shows once. A passphrase is never among `typed`.

    `about` names what was done (or is empty), `phrase` one sentence by its key, `wrongs` the fields to mend by name and
    phrase key, `typed` what stood in the form, `lines` what is shown this once: a code, a sheet.
    """

    about: str = ""
    phrase: str = ""
    wrongs: dict[str, str] = {}
    typed: dict[str, str] = {}
    ticked: dict[str, list[str]] = {}
    lines: list[str] = []

    def __repr__(self) -> str:
        return "Note(...)"


NOTHING: Final = Note()


async def leave_note(
    passes: Passes, to: str, note: Note, *, lasts: timedelta = LASTS, group: bytes | None = None
) -> str:
    """The address of `to` with a pass behind it that opens to the note for `lasts`. Raises ValkeyAway."""
    token = await passes.issue(KIND, msgspec.json.encode(note), lasts=lasts, group=group)
    return f"{to}/{token}"


async def read_note(passes: Passes, path: Mapping[str, str]) -> Note:
    """The note an address carries (its `note` part), or an empty one: a page without its note is still a page."""
    if "note" not in path:
        return NOTHING
    carried = await passes.open(path["note"], KIND)
    return NOTHING if carried is None else msgspec.json.decode(carried, type=Note)
