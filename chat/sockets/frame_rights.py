"""Says which right each thing needs that a desk may say on its line; asked of every frame, before anything is done."""

from collections.abc import Mapping
from typing import Final, get_args

from chat.protocol import advocate
from chat.protocol.company import ComeIn, Join, StopWatching, Watch, Whisper
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

_TAKES: Final = frozenset({Right.TAKE_CHATS})
_WATCHES: Final = frozenset({Right.WATCH_CHATS})
# What a guest says too, where a visitor has let her in.
_JOINS: Final = frozenset({Right.TAKE_CHATS, Right.BE_GUEST})

NEEDS: Final[Mapping[type, frozenset[Right]]] = {
    **dict.fromkeys(get_args(advocate.Spoken), _TAKES),
    **dict.fromkeys((Watch, Join, Whisper), _WATCHES),
    **dict.fromkeys((advocate.Resume, advocate.Here, advocate.Say, advocate.Typing, ComeIn, StopWatching), _JOINS),
}
"""One of these rights has to be hers. Which conversation it is about is asked afterwards, by that one's own door."""


def may_say(signed: Signed, frame: advocate.Spoken) -> bool:
    """Whether this person may say this at all, by the rights she has now."""
    return bool(NEEDS[type(frame)] & signed.rights)
