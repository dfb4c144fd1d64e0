"""The desk's page of interpreters: how they are reached, and for an administrator the cards themselves."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.spoken import SPOKEN
from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.interpreters.book import Full
from portal.interpreters.form import read_card
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

INTERPRETERS: Final = "/desk/interpreters"
_FIELDS: Final = ("provider", "phone", "hours")


class InterpreterPages:
    """What advocates read and open, and what an administrator keeps."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.interpreters

    def routes(self) -> list[Route]:
        """The addresses of these pages. Reading needs no key; a number opens only with the chat's."""
        keep, take = Right.KEEP_INTERPRETERS, Right.TAKE_CHATS
        return [
            Route(INTERPRETERS, desk_page(self.show, Right.SEE_INTERPRETERS), methods=["GET"]),
            Route(f"{INTERPRETERS}/open", desk_page(self.open, take), methods=["POST"]),
            Route(f"{INTERPRETERS}/add", desk_page(self.add, keep), methods=["POST"]),
            Route(f"{INTERPRETERS}/change", desk_page(self.change, keep), methods=["POST"]),
            Route(f"{INTERPRETERS}/remove", desk_page(self.remove, keep), methods=["POST"]),
            Route(f"{INTERPRETERS}/{{note}}", desk_page(self.show, Right.SEE_INTERPRETERS), methods=["GET"]),
        ]

    async def show(self, request: Request, signed: Signed) -> Response:
        """The cards; one number is on it for a minute after its opening was written down, and for her who opened it."""
        note = await read_note(self._services.passes, request.path_params)
        opened, account = "", None
        if note.about == "opened" and note.typed.get("by") == to_text(signed.staff_id) and signed.may(Right.TAKE_CHATS):
            opened = note.typed.get("row", "")
            account = await self._book.account(signed, from_text(opened, 16))
        may_open = signed.may(Right.TAKE_CHATS) and await self._services.is_on_duty(signed.staff_id)
        return draw(
            request,
            signed,
            "desk/interpreters.html",
            cards=[(to_text(each.id), each) for each in await self._book.all()],
            spoken=SPOKEN.values(),
            note=note,
            opened=opened,
            account=account,
            may_open=may_open,
        )

    async def open(self, request: Request, signed: Signed) -> Response:
        """Show a number to an advocate on duty; first it is written down that she opened it."""
        if not await self._services.is_on_duty(signed.staff_id):
            return see_other(INTERPRETERS)
        row = _row(request)
        if not await self._book.write_opening(signed, row):
            return see_other(INTERPRETERS)
        typed = {"row": to_text(row), "by": to_text(signed.staff_id)}
        return await self._back(Note(about="opened", typed=typed))

    async def add(self, request: Request, signed: Signed) -> Response:
        """Write a new card."""
        try:
            await self._book.add(signed, read_card(posted(request)))
        except (FormWrong, Full) as error:
            return await self._back(self._wrong(request, error))
        return await self._back(Note(about="added"))

    async def change(self, request: Request, signed: Signed) -> Response:
        """Write a card anew."""
        row = _row(request)
        drops = posted(request).get("drop") == "yes"
        try:
            await self._book.change(signed, row, read_card(posted(request)), drops_account=drops)
        except FormWrong as wrong:
            return await self._back(self._wrong(request, wrong))
        return await self._back(Note(about="changed"))

    async def remove(self, request: Request, signed: Signed) -> Response:
        """Take a card away."""
        await self._book.remove(signed, _row(request))
        return await self._back(Note(about="removed"))

    def _wrong(self, request: Request, error: FormWrong | Full) -> Note:
        """What to mend, with what was typed but the number: that is in no pass and on no page."""
        form = posted(request)
        wrongs = error.wrongs if isinstance(error, FormWrong) else {"provider": error.phrase}
        typed = {name: form.get(name, "")[:200] for name in (*_FIELDS, "row")}
        return Note(wrongs=wrongs, typed=typed, ticked={"languages": form.many("languages")[: len(SPOKEN)]})

    async def _back(self, note: Note) -> Response:
        return see_other(await leave_note(self._services.passes, INTERPRETERS, note))


def _row(request: Request) -> bytes:
    try:
        return from_text(posted(request).get("row", ""), 16)
    except ValueError:
        raise NotThere("no such card") from None
