"""The desk's page of the labels a house offers on every tip."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other
from tips.work.house_labels import HouseLabels, ListTooLong
from tips.work.labels import LONGEST, MOST_OF_THE_HOUSE

LABELS: Final = "/desk/tips/labels"
_MOST_TYPED: Final = 4 * LONGEST * MOST_OF_THE_HOUSE


class LabelPages:
    """The page, and its one press."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._labels = HouseLabels(services)

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        right = Right.KEEP_LABELS
        return [
            Route(LABELS, desk_page(self.page, right), methods=["GET"]),
            Route(LABELS, desk_page(self.keep, right), methods=["POST"]),
            Route(f"{LABELS}/{{note}}", desk_page(self.page, right), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """The list, to be written anew."""
        note = await read_note(self._services.passes, request.path_params)
        typed = note.typed.get("labels", "\n".join(await self._labels.all()))
        template = "desk/tip_labels.html"
        return draw(request, signed, template, note=note, typed=typed, letters=LONGEST, labels=MOST_OF_THE_HOUSE)

    async def keep(self, request: Request, signed: Signed) -> Response:
        """Keep what was typed, or say why not and keep it on the page."""
        typed = posted(request).get("labels", "")[:_MOST_TYPED]
        try:
            await self._labels.keep(signed, typed)
        except ListTooLong as long:
            note = Note(phrase=long.phrase, typed={"labels": typed})
        else:
            note = Note(about="kept")
        return see_other(await leave_note(self._services.passes, LABELS, note))
