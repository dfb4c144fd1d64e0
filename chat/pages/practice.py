"""The desk's pages of practice: a link for whoever plays the visitor, the practice desk, and who may take chats."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.pages.desk import draw_desk
from chat.practising import CASES, Practising
from i18n.languages import LANGUAGES
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

PRACTICE: Final = "/desk/practice"


class PracticeDeskPages:
    """What an advocate, and whoever leads her, see of practice."""

    def __init__(self, services: Services, practising: Practising) -> None:
        self._services = services
        self._practising = practising

    def routes(self) -> list[BaseRoute]:
        """Their addresses on the desk's own origin."""
        takes, leads = Right.TAKE_CHATS, Right.SIGN_OFF_TRAINING
        return [
            Route(PRACTICE, desk_page(self.show, takes), methods=["GET"]),
            Route(f"{PRACTICE}/desk", desk_page(self.desk, takes), methods=["GET"]),
            Route(f"{PRACTICE}/link", desk_page(self.link, leads), methods=["POST"]),
            Route(f"{PRACTICE}/{{note}}", desk_page(self.show, takes), methods=["GET"]),
        ]

    async def show(self, request: Request, signed: Signed) -> Response:
        """What practice is, the cases, and for who leads it: the link, and who is signed off."""
        note = await read_note(self._services.passes, request.path_params)
        return draw(
            request,
            signed,
            "desk/practice.html",
            note=note,
            leads=signed.may(Right.SIGN_OFF_TRAINING),
            cases=CASES,
        )

    async def desk(self, request: Request, signed: Signed) -> Response:
        """The desk everybody works at, on the line of practice."""
        return await draw_desk(request, signed, line=f"desk/{self._practising.apart.name}", practises=True)

    async def link(self, request: Request, signed: Signed) -> Response:
        """Make a link for one practice chat; it is shown this once."""
        form = posted(request)
        case, language = form.get("case", ""), form.get("language", "")
        if case not in CASES or language not in LANGUAGES:
            return see_other(PRACTICE)
        address = await self._practising.link(case, language, tongue_of(request, signed))
        return await self._back(Note(about="link", lines=[address]))

    async def _back(self, note: Note) -> Response:
        return see_other(await leave_note(self._services.passes, PRACTICE, note))
