"""The page for a supervisor's phone: who is in danger, who waits, what waits for her; no word of anybody."""

from typing import Final, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.aliases import Aliases
from chat.calls import Calls
from chat.company import Company
from chat.pages.pocket_talk import POCKET, PocketTalk
from chat.refusals import Refusal
from chat.relay import Relay
from portal.alerts.ladder import Kind
from portal.errors import Away, NotThere
from portal.ids import from_text, random_id
from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.store.valkey import ValkeyAway
from portal.web.forms import Form
from portal.web.page import see_other

GONE: Final = f"{POCKET}?gone=1"


class PocketPages:
    """One list, and what is pressed on it."""

    def __init__(self, services: Services, relay: Relay, talk: PocketTalk) -> None:
        self._services = services
        self._relay = relay
        self._calls = Calls(services.alerts, services.clock)
        self._company = Company(relay)
        self._talk = talk

    def routes(self) -> list[BaseRoute]:
        """The addresses of this page."""
        return [
            Route(POCKET, desk_page(self.page, Right.SEE_CALLS), methods=["GET"]),
            Route(f"{POCKET}/yes", desk_page(self.yes, Right.SEE_CALLS), methods=["POST"]),
            Route(f"{POCKET}/watch", desk_page(self.watch, Right.WATCH_CHATS), methods=["POST"]),
            *self._talk.routes(),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """How things stand, at the moment it was asked for. It does not ask again by itself: a phone that lies on a
        table would never lock.
        """
        called = Aliases(self._alias)
        try:
            calls = await self._calls.shown(signed, (), called)
            held = await self._company.watchable(signed, called, self._calls)
            waiting = (await self._relay.desk.counts(self._relay.now_ms())).waiting
        except ValkeyAway:
            calls, held, waiting = None, (), 0
        may_write = signed.may(Right.SUPERVISE_CASES)
        return draw(
            request,
            signed,
            "desk/pocket.html",
            calls=calls,
            held=sorted(held, key=lambda each: not (each.danger or each.help or each.unanswered)),
            waiting=waiting,
            cases=await self._waiting() if may_write else (0, 0),
            is_gone="gone" in request.query_params,
            named=lambda kind: kind if kind in get_args(Kind) else "other",
        )

    async def _waiting(self) -> tuple[int, int]:
        """Records and cases that wait for a supervisor's entry: now, and within the shift."""
        records, cases = await self._services.contacts.waiting(), await self._services.cases.waiting()
        return records[0] + cases[0], records[1] + cases[1]

    async def yes(self, request: Request, signed: Signed) -> Response:
        """She is on it."""
        await self._calls.says_yes(signed, _id(posted(request), "call"))
        return see_other(POCKET)

    async def watch(self, request: Request, signed: Signed) -> Response:
        """She reads along from here on, and the visitor is told in the same breath."""
        form = posted(request)
        conversation = _id(form, "conversation")
        try:
            await self._company.watch(signed, conversation, random_id())
        except Refusal:
            return see_other(GONE)
        return see_other(f"{POCKET}/talk/{form['conversation']}")

    async def _alias(self, staff_id: bytes) -> str:
        try:
            person = await self._services.staff.accounts.person(staff_id) if staff_id else None
        except Away:
            return ""
        return "" if person is None else person.alias


def _id(form: Form, name: str) -> bytes:
    try:
        return from_text(form.get(name, ""), 16)
    except ValueError:
        raise NotThere("no such row") from None


def routes(services: Services, relay: Relay) -> list[BaseRoute]:
    """The addresses of a supervisor's phone."""
    return PocketPages(services, relay, PocketTalk(services, relay)).routes()
