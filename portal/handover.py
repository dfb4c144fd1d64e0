"""What one room of the house hands to another: the words of somebody who cannot wait for the chat any longer."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.errors import NotThere

if TYPE_CHECKING:
    from i18n.languages import Language
    from portal.staff.session import Signed


@dataclass(frozen=True, slots=True)
class WordsLeft:
    """Words said in a chat that nobody took, to be kept as a note. Empty `words`: those of an earlier press, if any.

    `once` names this leaving: a second press with it leaves nothing twice and leads to the same number. `safe` and
    `about` are choices of the waiting room, `region` what was typed there; each may be empty.
    """

    language: Language
    words: tuple[str, ...]
    once: str
    safe: str = ""
    about: str = ""
    region: str = ""

    def __repr__(self) -> str:
        return "WordsLeft(...)"


# Answers the address of the page with the number. Raises NotThere when there are no words and never were any.
LeaveNote = Callable[[WordsLeft], Coroutine[Any, Any, str]]


async def nobody_takes_notes(_left: WordsLeft) -> str:
    """Stands where a house has no room for notes."""
    raise NotThere


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
