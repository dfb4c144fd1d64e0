"""The desk's pages of quality: a quarter's counts, a sheet for sitting in, a record to look at, and oneself."""

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.ids import to_text
from portal.quality.afterwards import ANSWERS
from portal.quality.sheet import ASKED, VERSION, Kind, Sheet, read_marks, shown, tally
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

QUALITY: Final = "/desk/quality"
SIT_IN: Final = f"{QUALITY}/sitting"
REVIEW: Final = f"{QUALITY}/review"
CHECK: Final = "/desk/check"
COUNTED: Final[tuple[Kind, ...]] = ("sit_in", "review")


class QualityPages:
    """A supervisor's three pages, and one of an advocate's own."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.quality

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        may, own = Right.SEE_QUALITY, Right.TAKE_CHATS
        return [
            Route(QUALITY, desk_page(self.page, may), methods=["GET"]),
            Route(SIT_IN, desk_page(self.sit_in, may), methods=["GET"]),
            Route(SIT_IN, desk_page(self.keep_sit_in, may), methods=["POST"]),
            Route(REVIEW, desk_page(self.review, may), methods=["GET"]),
            Route(REVIEW, desk_page(self.keep_review, may), methods=["POST"]),
            Route(CHECK, desk_page(self.check, own), methods=["GET"]),
            Route(CHECK, desk_page(self.checked, own), methods=["POST"]),
            Route(f"{CHECK}/share", desk_page(self.share, own), methods=["POST"]),
            Route(f"{CHECK}/{{note}}", desk_page(self.check, own), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What was seen, found and answered in each quarter; small counts are not on it, nor anybody's name."""
        floor = self._services.now.small_count
        sheets, shared = await self._book.read(signed)
        answered = await self._services.afterwards.by_quarter()
        quarters = []
        for quarter in sorted({*sheets, *answered}, reverse=True):
            own = sheets.get(quarter, ())
            kinds = {kind: _counted(kind, own, floor) for kind in COUNTED}
            said = dict(zip(ANSWERS, answered.get(quarter, (0, 0, 0)), strict=True))
            quarters.append((quarter, kinds, shown(said, floor)))
        return draw(
            request, signed, "desk/quality.html", quarters=quarters, shared=shared, asked=ASKED, answers=ANSWERS
        )

    async def sit_in(self, request: Request, signed: Signed) -> Response:
        """The sheet for sitting in. Whoever sits in does it by watching, and the visitor is told."""
        return draw(request, signed, "desk/quality_sitting.html", asked=ASKED["sit_in"])

    async def keep_sit_in(self, request: Request, signed: Signed) -> Response:
        """Keep it."""
        return await self._keep(request, "sit_in")

    async def review(self, request: Request, signed: Signed) -> Response:
        """One finished record, drawn by lot among the newest; that it was opened is written down."""
        leaf = await self._services.contacts.read(signed)
        there = [row for row in leaf.rows if row.record is not None and row.record.is_whole]
        row = secrets.choice(there) if there else None
        if row is not None:
            await self._services.staff.journal.write("record.opened", signed.staff_id, row.id)
        return draw(
            request,
            signed,
            "desk/quality_review.html",
            asked=ASKED["review"],
            record=None if row is None else row.record,
            row="" if row is None else to_text(row.id),
        )

    async def keep_review(self, request: Request, signed: Signed) -> Response:
        """Keep what was found, without the record's name."""
        return await self._keep(request, "review")

    async def check(self, request: Request, signed: Signed) -> Response:
        """Half a minute about oneself; what was marked stands here for a minute and nowhere else."""
        note = await read_note(self._services.passes, request.path_params)
        return draw(request, signed, "desk/quality_check.html", asked=ASKED["check"], note=note)

    async def checked(self, request: Request, signed: Signed) -> Response:
        """Show her what she marked, with what may help. Nothing is kept."""
        note = Note(about="checked", typed=read_marks("check", posted(request)))
        return see_other(await leave_note(self._services.passes, CHECK, note))

    async def share(self, request: Request, signed: Signed) -> Response:
        """She wants a supervisor to read it, with her name."""
        marks = read_marks("check", posted(request))
        if marks:
            await self._book.keep(Sheet(version=VERSION, kind="check", marks=marks, by=signed.alias))
        return see_other(await leave_note(self._services.passes, CHECK, Note(about="shared")))

    async def _keep(self, request: Request, kind: Kind) -> Response:
        marks = read_marks(kind, posted(request))
        if marks:
            await self._book.keep(Sheet(version=VERSION, kind=kind, marks=marks))
        return see_other(QUALITY)


def _counted(kind: Kind, sheets: Sequence[Sheet], floor: int) -> Mapping[str, Mapping[str, int] | None]:
    """How often each thing was marked, without what is small."""
    counts = tally(kind, (sheet for sheet in sheets if sheet.kind == kind))
    return {name: shown(each, floor) for name, each in counts.items()}
