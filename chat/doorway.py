"""Keeps what she typed when the chat does not begin: the page she is led to holds it, under a pass."""

from collections.abc import Mapping
from typing import Final

import msgspec

from i18n.languages import Language
from portal.services import Services

# Kinds of passes: a pass of one is none of the other.
CLOSED: Final = "talk-closed"
START: Final = "talk-start"


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """What the page holds: her words, the start token it stands on, and a phrase that says what became of a press.

    `before` is the pass of the page she pressed on. That page stays, for an answer may be lost on its way to her; an
    exit takes it along, and so does the next press. `note`: the token of the note the talk begins from.
    """

    words: str = ""
    start: str = ""
    say: str = ""
    before: str = ""
    note: str = ""

    def __repr__(self) -> str:
        return "Carried(...)"


_PASS_LENGTH: Final = 43


def pass_before(posted: Mapping[str, object]) -> str:
    """The pass of the page a form was pressed on; empty where it had none."""
    return str(posted.get("before") or "")[:_PASS_LENGTH]


def note_behind(posted: Mapping[str, object]) -> str:
    """The token of the note that page stood on; empty where it stood on none."""
    return str(posted.get("note") or "")[:_PASS_LENGTH]


_carried: Final = msgspec.msgpack.Decoder(Carried)


class Doorway:
    """Hands out addresses of the two pages before a talk that hold words. Raises `ValkeyAway` when no store answers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._passes = services.passes

    async def from_note(self, language: Language, note: str) -> str:
        """Where a talk begins that comes from a note: the page everybody begins on, or the one that says why not."""
        carried, available = Carried(note=note), await self._services.availability(language.tag)
        return await (self.to_closed if available.state == "closed" else self.to_start)(language, carried)

    async def to_closed(self, language: Language, carried: Carried) -> str:
        """The page that says why no chat begins, with hours, phone, and her words in a note."""
        return f"/{language.tag}/talk/closed/{await self._carry(CLOSED, carried)}"

    async def to_start(self, language: Language, carried: Carried) -> str:
        """The page before a talk, with words that are said as soon as it begins."""
        return f"/{language.tag}/talk/start/{await self._carry(START, carried)}"

    async def read(self, key: str, kind: str) -> Carried | None:
        """What a pass carries; None once its minute is over."""
        opened = await self._passes.open(key, kind)
        return None if opened is None else _carried.decode(opened)

    async def leave(self, token: str) -> None:
        """Quick exit: the words this token opens, if it opens any, are gone; so is the note its page stood on."""
        for kind in (CLOSED, START):
            held = await self.read(token, kind)
            if held is not None and held.note:
                await self._services.between.forget(held.note)
        await self._drop(token)

    async def passed(self, token: str) -> None:
        """Her words have gone on from the page of this pass, into a talk or a note: no page before holds them."""
        await self._leave_before(token)
        await self._drop(token)

    async def _carry(self, kind: str, carried: Carried) -> str:
        key = await self._passes.issue(kind, msgspec.msgpack.encode(carried))
        await self._leave_before(carried.before)
        return key

    async def _leave_before(self, token: str) -> None:
        for kind in (CLOSED, START):
            held = await self.read(token, kind)
            if held is not None and held.before:
                await self._drop(held.before)

    async def _drop(self, token: str) -> None:
        for kind in (CLOSED, START):
            await self._passes.spend(token, kind)
