"""What one room of the house hands to another: the words of somebody who cannot wait for the chat any longer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.errors import NotThere

if TYPE_CHECKING:
    from i18n.languages import Language
    from portal.staff.sessions.session import Signed


@dataclass(frozen=True, slots=True)
class WordsLeft:
    """Words said in a chat that nobody took, to be kept as a note. Empty `words`: those of an earlier press, if any.

    `once` names this leaving: a second press with it leaves nothing twice and leads to the same number. `safe` and
    `about` are choices of the waiting room, `region` what was typed there; each may be empty. `note`: the token of the
    note this talk began from, to which the words belong.
    """

    language: Language
    words: tuple[str, ...]
    once: str
    safe: str = ""
    about: str = ""
    region: str = ""
    note: str = ""

    def __repr__(self) -> str:
        return "WordsLeft(...)"


# Answers the address of the page with the number. Raises NotThere when there are no words and never were any.
LeaveNote = Callable[[WordsLeft], Coroutine[Any, Any, str]]


async def nobody_takes_notes(_left: WordsLeft) -> str:
    """Stands where a house has no room for notes."""
    raise NotThere


@dataclass(frozen=True, slots=True)
class NoteName:
    """A note as staff find it: its id, 16 bytes, and its day."""

    id: bytes
    day: date

    def __repr__(self) -> str:
        return "NoteName(...)"


async def _names_none(_note: str) -> NoteName | None:
    return None


async def _forgets_none(_note: str) -> None:
    return None


async def _writes_none(_signed: Signed, _name: NoteName, _conversation: bytes) -> None:
    return None


async def _opens_none(_language: Language, _note: str) -> str:
    raise NotThere


@dataclass
class Between:
    """What a talk and the note it began from ask of each other's rooms, which know nothing of one another.

    The tips fill the first three: whose name a page's token leads to (None once it leads to none), that the page which
    held it has gone, and that this person talked with whoever sent the note. The chat fills the last: the address at
    which a talk begins, the same as everybody's, for a note with this token. Where a room is missing, nothing is tied.
    """

    name_of: Callable[[str], Coroutine[Any, Any, NoteName | None]] = _names_none
    forget: Callable[[str], Coroutine[Any, Any, None]] = _forgets_none
    talked: Callable[[Signed, NoteName, bytes], Coroutine[Any, Any, None]] = _writes_none
    talk_from: Callable[[Language, str], Coroutine[Any, Any, str]] = _opens_none


# Somebody goes: answers what she is to be asked first (`holding`, `last_one`), or nothing, and then she is off. She may
# know already, and close the chat for so many minutes where she is the last one.
GoOff = Callable[["Signed", bool, int], Coroutine[Any, Any, tuple[str, ...]]]


async def nobody_asks(_signed: Signed, _knows: bool, _closes: int) -> tuple[str, ...]:
    """Stands where a house has no chat."""
    return ()


async def nobody_is_held(_staff_id: bytes) -> bool:
    """Stands where a house has no chat."""
    return False


async def nobody_is_held_off(_conversation: bytes) -> None:
    """Stands where a house has no chat."""


# Something a house needs before it opens was shown to work today: `alert`, `drill`, `practice`, and by whom.
NoteReady = Callable[[str, bytes], Coroutine[Any, Any, None]]


# Sends a visitor that the house plays into the practice queue, writing this language of the desk.
SendSample = Callable[[str], Coroutine[Any, Any, None]]


async def nobody_is_sent(_tongue: str) -> None:
    """Stands where there is no practice."""


async def nobody_notes(_name: str, _staff_id: bytes) -> None:
    """Stands where a house has no staff room."""


def is_heard() -> bool:
    """Stands where a house has no chat: nothing says that it does not hear itself."""
    return False


@dataclass(frozen=True)
class TipFacts:
    """What a case needs of a tip it holds: its day, the language it was written in, and its words, to compare with."""

    day: str
    language: str = ""
    said: tuple[str, ...] = field(default=(), repr=False)


# A tip this person may read; None for what is not hers or not there.
TipForCase = Callable[["Signed", bytes], Coroutine[Any, Any, TipFacts | None]]


async def nobody_tells(_signed: Signed, _tip: bytes) -> TipFacts | None:
    """Stands where a house has no tips."""
    return None
