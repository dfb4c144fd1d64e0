"""What one shift leaves for the next: written, read and said to be read, on a page without script."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.refusals import NothingSaid, TooMuchSaid
from chat.shift_notes import AFTER, LONGEST, UNREAD, ShiftNotes, TooManyNotes
from portal.errors import NotThere
from portal.ids import from_text, random_id, to_text
from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

HANDOVER: Final = "/desk/handover"
HOUR_MS: Final = 3_600_000


class HandoverPages:
    """For whoever takes chats, with the key for them."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._notes = ShiftNotes(services)

    def routes(self) -> list[BaseRoute]:
        """The addresses of these pages."""
        right = Right.TAKE_CHATS
        return [
            Route(HANDOVER, desk_page(self.page, right), methods=["GET"]),
            Route(HANDOVER, desk_page(self.write, right), methods=["POST"]),
            Route(f"{HANDOVER}/read", desk_page(self.read, right), methods=["POST"]),
            Route(f"{HANDOVER}/{{note}}", desk_page(self.page, right), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What was left, the newest first, and a field for the next shift. Looking at it marks nothing as read."""
        now_ms = int(self._services.clock.now().timestamp() * 1000)
        note = await read_note(self._services.passes, request.path_params)
        return draw(
            request,
            signed,
            "desk/handover.html",
            left=[(to_text(each.id), each) for each in await self._notes.left(signed)],
            hours=_hours_from(now_ms),
            row=note.typed.get("row") or to_text(random_id()),
            longest=LONGEST,
            unread_days=UNREAD.days,
            after_hours=AFTER.days * 24,
            note=note,
        )

    async def write(self, request: Request, signed: Signed) -> Response:
        """Leave a note. Pressed twice it is left once."""
        form = posted(request)
        text, row = form.get("text", ""), _row(form)
        try:
            if len(text) > LONGEST:
                raise TooMuchSaid
            await self._notes.leave(signed, text, row)
        except (NothingSaid, TooMuchSaid, TooManyNotes) as wrong:
            note = Note(wrongs={"text": wrong.phrase}, typed={"text": text[:LONGEST], "row": to_text(row)})
        else:
            note = Note(about="left")
        return see_other(await leave_note(self._services.passes, HANDOVER, note))

    async def read(self, request: Request, signed: Signed) -> Response:
        """She has read it: a day later it is gone."""
        await self._notes.read(signed, _row(posted(request)))
        return see_other(HANDOVER)


def _row(form: Form) -> bytes:
    try:
        return from_text(form.get("row", ""), 16)
    except ValueError:
        raise NotThere("no such note") from None


def _hours_from(now_ms: int) -> Callable[[int], int]:
    """How many hours a moment is away, before or after now; begun ones count."""
    return lambda at_ms: -(-abs(at_ms - now_ms) // HOUR_MS)
