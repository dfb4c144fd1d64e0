"""Names the ways a card goes to a person: what the rooms of chats and notes do for the directory."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from i18n.languages import Language
from portal.errors import NotThere
from portal.staff.sessions.session import Signed


@dataclass(frozen=True, slots=True)
class Held:
    """One conversation that somebody holds now: its id, the language of its page, the name it is called by or none.

    `record`: the name of the record that will be made of it. `region`: which one she named, or empty.
    """

    id: bytes
    language: Language
    name: str
    record: bytes = b""
    region: str = ""

    def __repr__(self) -> str:
        return "Held(...)"


async def _holds_none(_signed: Signed) -> Sequence[Held]:
    return ()


async def _says_nothing(_signed: Signed, _id: bytes, _text: str, _part: bytes) -> None:
    raise NotThere


async def _replies_nothing(_signed: Signed, _id: bytes, _text: str, _language: Language, _part: bytes) -> None:
    raise NotThere


@dataclass
class Carriers:
    """Where a room is missing nobody is held, and nothing goes out.

    `held`: the conversations this person holds. `say`: put words into one of them, as hers. `reply`: leave them as a
    reply to a note. Both go under the page's own id of the sending, so that sent twice they stand once. Both raise
    NotThere for what is not hers.
    """

    held: Callable[[Signed], Coroutine[Any, Any, Sequence[Held]]] = _holds_none
    say: Callable[[Signed, bytes, str, bytes], Coroutine[Any, Any, None]] = _says_nothing
    reply: Callable[[Signed, bytes, str, Language, bytes], Coroutine[Any, Any, None]] = _replies_nothing
