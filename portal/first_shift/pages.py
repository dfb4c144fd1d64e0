"""The pages of the guided first shift: the list of its steps, a record that goes nowhere, and a tip nobody sent."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.first_shift.steps import CHAT_STEPS, RECORD, STEPS, TIP
from portal.ids import to_text
from portal.records.contact import blank
from portal.records.form import TypedWrong, draw_form, note_of, read_typed
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

FIRST_SHIFT: Final = "/desk/first-shift"
DESK: Final = "/desk/practice/desk"
ONE_IN: Final = timedelta(seconds=30)
LONGEST_ANSWER: Final = 2000


class FirstShiftPages:
    """What somebody new does, step by step. Without script, but for the practice desk, which is the desk itself."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._walks = services.first_shifts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        takes = Right.TAKE_CHATS
        return [
            Route(FIRST_SHIFT, desk_page(self.page, takes), methods=["GET"]),
            Route(f"{FIRST_SHIFT}/visitor", desk_page(self.visitor, takes), methods=["POST"]),
            Route(f"{FIRST_SHIFT}/again", desk_page(self.again, takes), methods=["POST"]),
            Route(f"{FIRST_SHIFT}/away", desk_page(self.away, takes), methods=["POST"]),
            Route(f"{FIRST_SHIFT}/record", desk_page(self.record, takes), methods=["GET"]),
            Route(f"{FIRST_SHIFT}/record", desk_page(self.keep_record, takes), methods=["POST"]),
            Route(f"{FIRST_SHIFT}/record/{{note}}", desk_page(self.record, takes), methods=["GET"]),
            Route(f"{FIRST_SHIFT}/tip", desk_page(self.tip, takes), methods=["GET"]),
            Route(f"{FIRST_SHIFT}/tip", desk_page(self.answer_tip, takes), methods=["POST"]),
            Route(f"{FIRST_SHIFT}/tip/{{note}}", desk_page(self.tip, takes), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """The steps: what is done, what is next and where."""
        progress = await self._walks.of(signed.staff_id)
        return draw(
            request, signed, "desk/first_shift.html", progress=progress, steps=STEPS, at_the_desk=frozenset(CHAT_STEPS)
        )

    async def visitor(self, request: Request, signed: Signed) -> Response:
        """Send somebody the house plays into the practice queue, and lead to it. Pressed twice it is one."""
        if await self._services.embers.put_new(f"first-visitor:{to_text(signed.staff_id)}".encode(), b"1", ONE_IN):
            await self._services.send_sample(tongue_of(request, signed))
        return see_other(DESK)

    async def again(self, _request: Request, signed: Signed) -> Response:
        """From the beginning."""
        await self._walks.begin_again(signed.staff_id)
        return see_other(FIRST_SHIFT)

    async def away(self, request: Request, signed: Signed) -> Response:
        """The first page speaks of it no more, or does again."""
        is_away = posted(request).get("away", "") != "no"
        await self._walks.put_away(signed.staff_id, is_away=is_away)
        return see_other("/desk" if is_away else FIRST_SHIFT)

    async def record(self, request: Request, signed: Signed) -> Response:
        """The form of every record, with nothing in it."""
        note = await read_note(self._services.passes, request.path_params)
        listed = self._services.desk_settings.campaigns
        to = f"{FIRST_SHIFT}/record"
        return draw_form(request, signed, blank("chat"), note, to=to, campaigns=listed, practises=True)

    async def keep_record(self, request: Request, signed: Signed) -> Response:
        """Read as a record is; nothing of it is kept."""
        form, listed = posted(request), self._services.desk_settings.campaigns
        try:
            read_typed(form, listed)
        except TypedWrong as wrong:
            where = f"{FIRST_SHIFT}/record"
            return see_other(await leave_note(self._services.passes, where, note_of(form, listed, wrong.wrongs)))
        await self._walks.tick(signed.staff_id, RECORD)
        return see_other(FIRST_SHIFT)

    async def tip(self, request: Request, signed: Signed) -> Response:
        """A tip out of the catalogue: it stands in no list and in no store."""
        note = await read_note(self._services.passes, request.path_params)
        return draw(request, signed, "desk/first_tip.html", note=note)

    async def answer_tip(self, request: Request, signed: Signed) -> Response:
        """An answer that nobody gets."""
        answer = " ".join(posted(request).get("words", "").split())[:LONGEST_ANSWER]
        if not answer:
            where = f"{FIRST_SHIFT}/tip"
            return see_other(
                await leave_note(self._services.passes, where, Note(wrongs={"words": "first.tip.nothing"}))
            )
        await self._walks.tick(signed.staff_id, TIP)
        return see_other(FIRST_SHIFT)
