"""Which languages somebody reads: changed on her own page by herself, or on the page about her by an administrator."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.staff.acts import Acts
from portal.staff.forms import FormWrong, read_languages
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

ME: Final = "/desk/me"
STAFF: Final = "/desk/staff"


class LanguagePages:
    """One form in two places."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses it is posted to."""
        of_another = desk_page(self.hers, Right.MANAGE_STAFF)
        return [
            Route(f"{ME}/languages", desk_page(self.mine), methods=["POST"]),
            Route(f"{STAFF}/{{person}}/languages", of_another, methods=["POST"]),
        ]

    async def mine(self, request: Request, signed: Signed) -> Response:
        """Her own."""
        return await self._set(request, signed, signed.staff_id, ME)

    async def hers(self, request: Request, signed: Signed) -> Response:
        """A colleague's."""
        try:
            person = from_text(request.path_params["person"], 16)
        except ValueError:
            raise NotThere("nobody") from None
        return await self._set(request, signed, person, f"{STAFF}/{to_text(person)}")

    async def _set(self, request: Request, signed: Signed, staff_id: bytes, where: str) -> Response:
        try:
            await self._acts.speaking.reads(signed, staff_id, read_languages(posted(request)))
            note = Note(about="languages")
        except FormWrong as wrong:
            note = Note(wrongs=wrong.wrongs)
        return see_other(await leave_note(self._acts.services.passes, where, note))
