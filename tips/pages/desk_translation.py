"""The desk's click that has one part of a tip translated; the answer stands on one page, under a pass of a minute."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.crowd import step_aside
from portal.errors import NotThere
from portal.ids import to_text
from portal.services import Services
from portal.staff.drawing import tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other
from tips.pages.named import tip_of
from tips.review import ReadTip
from tips.translating import Translating

ABOUT: Final = "machine"


class TranslationPages:
    """Nothing of it is kept: whoever opens the tip again sees the original alone, and asks again."""

    def __init__(self, services: Services, translating: Translating) -> None:
        self._services = services
        self._translating = translating

    def routes(self) -> list[Route]:
        """The one address."""
        return [Route("/desk/tips/{id}/machine", desk_page(self.ask, Right.READ_TIPS), methods=["POST"])]

    async def shown(self, request: Request, signed: Signed, read: ReadTip) -> dict[str, Any]:
        """What the page of a tip needs for the click: the parts that can be translated, and into what."""
        target = tongue_of(request, signed)
        return {"offers": await self._translating.offers(read, target), "target": target}

    async def ask(self, request: Request, signed: Signed) -> Response:
        """Have one part translated into the language the desk speaks to her."""
        tip_id, form = tip_of(request), posted(request)
        place, source = form.get("place", ""), form.get("source", "")
        if not (place.isascii() and place.isdecimal() and len(place) < 6) or source not in LANGUAGES:
            raise NotThere("no such part")
        step_aside(request)
        made = await self._translating.translate(signed, tip_id, int(place), source, tongue_of(request, signed))
        note = Note(about=ABOUT, typed={"place": place, "source": source}, lines=[made.text, *sorted(made.flags)])
        where = await leave_note(self._services.passes, f"/desk/tips/{to_text(tip_id)}/after", note)
        return see_other(f"{where}#part-{place}")
