"""The record of a conversation as a page of the desk: for whoever held it, from its end until it is erased."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.conversation import DeskTalk
from chat.errands import Errands
from chat.recording import HerOwnWords, Recording
from chat.refusals import Refusal
from chat.relay import Relay
from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.records.contacts import AnsweredAlready
from portal.records.form import KEPT, TypedWrong, draw_form, note_of, place_named, read_typed
from portal.services import Services
from portal.staff.guard import desk_page, posted
from portal.staff.note import leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

RECORD = "/desk/chats/record"


class RecordPages:
    """One form, and what is posted from it: the whole of it, or as far as it got."""

    def __init__(self, services: Services, relay: Relay, errands: Errands) -> None:
        self._services = services
        self._relay = relay
        self._errands = errands
        self._recording = Recording(relay)

    def routes(self) -> list[BaseRoute]:
        """The addresses of this page."""
        write, one = Right.WRITE_RECORDS, f"{RECORD}/{{conversation}}"
        return [
            Route(one, desk_page(self.page, write), methods=["GET"]),
            Route(one, desk_page(self.keep, write), methods=["POST"]),
            Route(f"{one}/{{note}}", desk_page(self.page, write), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """The form, with what is known by itself."""
        talk = await self._talk(request, signed)
        catalogue = self._services.pages.catalogue
        offering = self._recording.offered(talk, lambda typed: place_named(typed, catalogue))
        try:
            record = await offering
        except Refusal:
            raise NotThere("no record to write") from None
        note = await read_note(self._services.passes, request.path_params)
        campaigns = self._services.desk_settings.campaigns
        return draw_form(request, signed, record, note, to=_address(request), campaigns=campaigns)

    async def keep(self, request: Request, signed: Signed) -> Response:
        """Into the book; or, of a form that is not finished, kept beside the talk."""
        form, talk = posted(request), await self._talk(request, signed)
        try:
            typed = read_typed(form, self._services.desk_settings.campaigns)
            if form.get("draft"):
                await self._errands.finish(self._recording.draft(talk, typed.said, typed.line))
                return see_other(KEPT)
            row = await self._errands.finish(self._recording.save(talk, typed.said, typed.line))
        except TypedWrong as wrong:
            return await self._again(request, form, wrong.wrongs)
        except HerOwnWords:
            return await self._again(request, form, {"line": "records.wrong.verbatim"})
        except AnsweredAlready:
            return await self._again(request, form, {"answered": "records.wrong.answered"})
        except Refusal:
            raise NotThere("no record to write") from None
        return see_other(f"{KEPT}?row={to_text(row)}")

    async def _again(self, request: Request, form: Form, wrongs: dict[str, str]) -> Response:
        note = note_of(form, self._services.desk_settings.campaigns, wrongs)
        return see_other(await leave_note(self._services.passes, _address(request), note))

    async def _talk(self, request: Request, signed: Signed) -> DeskTalk:
        """The conversation, for whoever held it last. Raises NotThere for all others alike; Away while its ember is."""
        try:
            name = from_text(request.path_params["conversation"], 16)
            return await self._relay.access.conversation_for_advocate(signed, name)
        except (ValueError, Refusal):
            raise NotThere("no such conversation") from None


def _address(request: Request) -> str:
    return f"{RECORD}/{request.path_params['conversation']}"


def routes(services: Services, relay: Relay, errands: Errands) -> list[BaseRoute]:
    """The addresses of the record of a conversation."""
    return RecordPages(services, relay, errands).routes()
