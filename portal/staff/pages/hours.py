"""The page with the hours of the chat: a week for each language, and the zone they are meant in."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.doors import EVERY_LANGUAGE, Doors, zones
from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong
from portal.staff.guard import desk_page, posted
from portal.staff.household.hours_form import WEEK, read_week, write_week
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

HOURS: Final = "/desk/hours"
LANGUAGE: Final = "language"


class HoursPages:
    """The week, language by language."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.OPEN_DOORS
        return [
            Route(HOURS, desk_page(self.show, right), methods=["GET"]),
            Route(f"{HOURS}/{{note}}", desk_page(self.show, right), methods=["GET"]),
            Route(f"{HOURS}/zone", desk_page(self.zone, right), methods=["POST"]),
            Route(f"{HOURS}/week", desk_page(self.week, right), methods=["POST"]),
        ]

    async def show(self, request: Request, signed: Signed) -> Response:
        """The zone, and a week for every language and for the rest."""
        doors = await self._acts.doorkeeping.doors()
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(
            request,
            signed,
            "desk/hours.html",
            doors=doors,
            zones=sorted(zones()),
            weeks={tag: _typed(doors, note, tag) for tag in (EVERY_LANGUAGE, *LANGUAGES)},
            days=WEEK,
            note=note,
        )

    async def zone(self, request: Request, signed: Signed) -> Response:
        """Write the zone."""
        zone = posted(request).get("zone", "")
        if zone not in zones():
            return await self._back(Note(wrongs={"zone": "desk.wrong.zone"}))
        await self._acts.doorkeeping.set_zone(signed, zone)
        return await self._back(Note(about="zone"))

    async def week(self, request: Request, signed: Signed) -> Response:
        """Write the week of one language."""
        form = posted(request)
        language = form.get(LANGUAGE, EVERY_LANGUAGE)
        if language != EVERY_LANGUAGE and language not in LANGUAGES:
            return see_other(HOURS)
        try:
            spans = read_week(form)
        except FormWrong as wrong:
            typed = {name: form.get(name, "")[:200] for name in WEEK} | {LANGUAGE: language}
            return await self._back(Note(wrongs=wrong.wrongs, typed=typed))
        await self._acts.doorkeeping.set_hours(signed, language, spans)
        return await self._back(Note(about="week"))

    async def _back(self, note: Note) -> Response:
        return see_other(await leave_note(self._acts.services.passes, HOURS, note))


def _typed(doors: Doors, note: Note, language: str) -> dict[str, str]:
    """What stands in the fields of one language: what was typed wrongly, else what is kept."""
    if note.wrongs and note.typed.get(LANGUAGE) == language:
        return {name: note.typed.get(name, "") for name in WEEK}
    return write_week(doors.hours.get(language, ()))
