"""Practice: a chat beside the chat in which somebody of the house plays the visitor, by one of six cases."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from starlette.websockets import WebSocket

from chat.apart import Apart, ApartDuty
from chat.conversation import DeskTalk
from chat.pages.apart import ApartPages
from chat.protocol import advocate
from chat.relay import Relay
from chat.sample_visitor import SampleVisitors
from chat.sockets.advocate import DeskLine
from chat.sockets.desk_acts import Act
from chat.sockets.gate import admit_to_desk, wire_of
from i18n.languages import DESK_TAGS, LANGUAGES
from portal.errors import PorchlightError
from portal.ids import from_text
from portal.services import Services
from portal.store.valkey import ValkeyAway

NAME: Final = "room"
LINK: Final = "practice-link"
LASTS: Final = timedelta(hours=1)
# Each has a title, who she is, what to say in its order, and what whoever leads looks for.
CASES: Final = ("farm", "near", "friend", "words", "prank", "papers")
LINES: Final = 4


class Practising:
    """Links, and the chat they lead to."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.apart = Apart(services, NAME)
        self.apart.relay = PracticeRelay(self.apart, services)
        self.visitors = SampleVisitors(self.apart)
        self.walks = services.first_shifts

    async def link(self, case: str, language: str, tongue: str) -> str:
        """The address at which somebody plays this case in this language: it opens one chat, within the hour.

        `tongue`: in which the case is told to her. Raises `ValkeyAway`.
        """
        carried = f"{case} {tongue}".encode()
        key = await self.apart.services.passes.issue(LINK, carried, lasts=LASTS)
        return f"{self._services.settings.public_origin}/{language}/talk/{NAME}/{key}"

    async def leave(self, token: str) -> None:
        """Quick exit of whoever plays: what this tab token opens of practice is over; others mean nothing here."""
        with suppress(ValueError, ValkeyAway):
            await self.apart.errands.finish(self.apart.relay.leave_by_token(from_text(token, 32)))


class PracticeRelay(Relay):
    """The acts of it; the first answer of a day is written down as a practice chat that was held."""

    def __init__(self, apart: Apart, services: Services) -> None:
        super().__init__(apart.services)
        self.journal = apart.relay.journal
        self._house = services

    async def advocate_says(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """The same, and that a visitor was answered."""
        seq = await super().advocate_says(talk, text, key, after)
        if talk.facts.has_spoken:
            await self._house.note_ready("practice", talk.staff_id)
        return seq


class PracticePages(ApartPages):
    """The page whoever plays begins on, with the case on it."""

    def __init__(self, practising: Practising) -> None:
        super().__init__(practising.apart, LINK, "chat/practice.html")
        self._phrase = practising.apart.services.pages.catalogue.phrase

    def words(self, carried: bytes) -> Mapping[str, Any]:
        """The mark of practice and the case, in the language of whoever made the link."""
        case, _, tag = carried.decode().partition(" ")
        tongue = LANGUAGES[tag if tag in DESK_TAGS else DESK_TAGS[0]]
        keys = ("title", "who", *(f"say{number}" for number in range(1, LINES + 1)))
        told = {name: self._phrase(tongue, f"practice.case.{case}.{name}") for name in keys}
        lines = [told[name] for name in keys if name.startswith("say")]
        mark = {
            name: self._phrase(tongue, f"practice.{name}")
            for name in ("mark", "visitor", "plays", "script", "no_script")
        }
        return {"practice": mark, "case": told, "case_lines": lines, "tongue": tongue}


STEP_OF: Final[Mapping[type, str]] = {
    advocate.Say: "answer",
    advocate.Ask: "card",
    advocate.Note: "note",
    advocate.TakeDown: "note",
    advocate.Close: "end",
}
"""What ticks which step of a first shift (portal/first_shift), once it was done."""


class PracticeLine(DeskLine):
    """A desk's line on which there is nobody but who plays, and on which a first shift is walked."""

    duty_type = ApartDuty
    practising: Practising

    async def _says_ready(self, is_ready: bool) -> None:
        await super()._says_ready(is_ready)
        if is_ready:
            await self._ticks("ready")

    async def _turns(self, frame: advocate.TurnShift) -> None:
        await super()._turns(frame)
        if frame.state == "ready":
            await self._ticks("ready")

    async def _takes(self, frame: advocate.Take) -> None:
        await super()._takes(frame)
        await self._ticks("take")

    async def _acts_in(self, act: Act) -> None:
        await super()._acts_in(act)
        if type(act) in STEP_OF:
            await self._ticks(STEP_OF[type(act)])
        if isinstance(act, advocate.Say | advocate.Ask):
            with suppress(ValkeyAway):
                await self.practising.visitors.heard(self._talks.held(from_text(act.conversation, 16)).talk)

    async def _ticks(self, step: str) -> None:
        # Whether it could be written down is no matter of the chat's.
        with suppress(PorchlightError):
            await self.practising.walks.tick(self._signed.staff_id, step)


async def serve_practice(websocket: WebSocket, practising: Practising) -> None:
    """One desk's line of practice, from handshake to end."""
    apart = practising.apart
    if await admit_to_desk(websocket, apart.services):
        line = PracticeLine(websocket, apart.relay, apart.errands, apart.services, apart.desks)
        line.practising = practising
        wire_of(websocket).carry_on(line.run)
