"""The desk's pages of figures: a report between two days, its saved shapes and its file, and waits and load by hour."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.errors import NotThere
from portal.figures.book import Shown
from portal.figures.chat_release import ENOUGH
from portal.figures.csv_file import report_file
from portal.figures.funder import SECTIONS, Report, report
from portal.figures.periods import quarter_of
from portal.figures.shape import TABLES
from portal.figures.shapes import NAME_LIMIT, Shape, Shapes
from portal.figures.slips import STEPS_S
from portal.ids import from_text, to_text
from portal.records.form import tongue_names
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.headers import FILE_POLICY
from portal.web.page import see_other
from portal.web.sanitise import strip_markup, tidy_text

if TYPE_CHECKING:
    from portal.services import Services

FIGURES: Final = "/desk/figures"
TAKEN: Final = "figures.taken"
KIND: Final = "figures-file"
COUNTED_AFTER_DAYS: Final = 120
"""The first day of a quarter is as old when it is counted, with two weeks for a holder of the records to be here."""


class FigurePages:
    """Reads what is published and nothing else: no key opens anything here."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.figures
        self._shapes = Shapes(services.database, services.staff.accounts)

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        see, board = Right.SEE_FIGURES, Right.SEE_BOARD
        return [
            Route(FIGURES, desk_page(self.page, see), methods=["GET"]),
            Route(f"{FIGURES}/take", desk_page(self.take, see), methods=["POST"]),
            Route(f"{FIGURES}/file/{{key}}", desk_page(self.file, see), methods=["GET"]),
            Route(f"{FIGURES}/load", desk_page(self.load, board), methods=["GET"]),
            Route(f"{FIGURES}/keep", desk_page(self.keep, see), methods=["POST"]),
            Route(f"{FIGURES}/drop", desk_page(self.drop, see), methods=["POST"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """A report. `from`, `to` and `part` in the address; the last year of closed quarters where they name none."""
        shape, shown = await self._asked(request), await self._book.shown()
        made = report(shown, shape.begins, shape.ends, shape.sections)
        return draw(
            request,
            signed,
            "desk/figures.html",
            shape=shape,
            report=made,
            rules=self._rules(made, shown),
            gone_after=self._gone_after(),
            sections=SECTIONS,
            tables={table.name: table for table in TABLES},
            shapes=[(to_text(row), name, _address(each)) for row, name, each in await self._shapes.all()],
            step_words=_step_words,
            is_tongue=LANGUAGES.__contains__,
            tongue_name=tongue_names(tongue_of(request, signed)),
            name_limit=NAME_LIMIT,
        )

    async def take(self, request: Request, signed: Signed) -> Response:
        """A way to the file of a report, for a minute and for this person; a line of the audit says who took it.

        What is in it was published, so it asks for no passphrase.
        """
        form = posted(request)
        shape = _read(form.get("from", ""), form.get("to", ""), form.many("part"))
        if shape is None:
            raise NotThere("no such days")
        await self._services.staff.journal.write(TAKEN, signed.staff_id)
        taking = msgspec.msgpack.encode((signed.staff_id, shape))
        return see_other(f"{FIGURES}/file/{await self._services.passes.issue(KIND, taking)}")

    async def file(self, request: Request, signed: Signed) -> Response:
        """The published figures that lie between the two days, with their rules, as a file."""
        taking = await self._services.passes.open(request.path_params["key"], KIND)
        staff, shape = (b"", None) if taking is None else msgspec.msgpack.decode(taking, type=tuple[bytes, Shape])
        if shape is None or staff != signed.staff_id:
            raise NotThere("no such pass")
        shown = await self._book.shown()
        made = report(shown, shape.begins, shape.ends, shape.sections)
        language, catalogue = LANGUAGES[tongue_of(request, signed)], self._services.pages.catalogue
        rules = self._rules(made, shown).items()
        words = report_file(
            made,
            shown,
            [(name, catalogue.phrase(language, f"figures.rule.{name}", **values)) for name, values in rules],
        )
        headers = {"content-disposition": 'attachment; filename="figures.csv"', "cache-control": "no-store"}
        headers["content-security-policy"] = FILE_POLICY
        return Response(words.encode(), 200, headers, media_type="text/csv; charset=utf-8")

    async def load(self, request: Request, signed: Signed) -> Response:
        """Of the newest closed quarter: what waits were, and in which hours of the week people came and were missed."""
        newest = next((each for each in await self._book.shown() if not each.is_year), None)
        return draw(
            request,
            signed,
            "desk/figures_load.html",
            newest=newest,
            chat={} if newest is None else newest.release.chat,
            step_words=_step_words,
        )

    async def keep(self, request: Request, signed: Signed) -> Response:
        """Give a shape a name."""
        form = posted(request)
        name = " ".join(tidy_text(strip_markup(form.get("name", ""))).split())[:NAME_LIMIT]
        shape = _read(form.get("from", ""), form.get("to", ""), form.many("part"))
        if shape is None:
            raise NotThere("no such days")
        if name:
            await self._shapes.keep(name, shape)
        return see_other(_address(shape))

    async def drop(self, request: Request, signed: Signed) -> Response:
        """Take a name away."""
        try:
            await self._shapes.drop(from_text(posted(request).get("row", ""), 16))
        except ValueError:
            raise NotThere("no such shape") from None
        return see_other(FIGURES)

    def _gone_after(self) -> int:
        """After how many days what is counted may be deleted, where that is before its quarter is counted; else 0."""
        now = self._services.now
        least = min(now.record_days, now.case_days, now.referral_days)
        return least if least < COUNTED_AFTER_DAYS else 0

    def _rules(self, made: Report, shown: Sequence[Shown]) -> dict[str, dict[str, object]]:
        """The rules that say how its parts are counted, by their names: what stands in the places of each."""
        floor = max((each.release.floor for each in shown), default=self._services.settings.small_count)
        places: dict[str, dict[str, object]] = {
            "left": {"minutes": self._services.now.choice_minutes},
            "waits": {"least": ENOUGH * floor},
            "tables": {"floor": floor},
        }
        named = [each.name for each in made.sums]
        named += ["waits"] if made.waits else []
        named += ["asked"] if made.asked.spans else []
        named += ["tables", "met"] if made.tables else []
        return {name: places.get(name, {}) for name in (*named, "late", "finer")}

    async def _asked(self, request: Request) -> Shape:
        query = request.query_params
        shape = _read(query.get("from", ""), query.get("to", ""), query.getlist("part"))
        if shape is not None:
            return shape
        newest = await self._book.newest() or quarter_of(self._book.today)
        return Shape(begins=date(newest.year - (newest.number < 4), newest.next.begins.month, 1), ends=newest.ends)


def _read(begins: str, ends: str, parts: list[str]) -> Shape | None:
    try:
        first, last = date.fromisoformat(begins), date.fromisoformat(ends)
    except ValueError:
        return None
    known = tuple(part for part in SECTIONS if part in parts) or SECTIONS
    return Shape(begins=min(first, last), ends=max(first, last), sections=known)


def _address(shape: Shape) -> str:
    asked = [("from", shape.begins.isoformat()), ("to", shape.ends.isoformat())]
    if shape.sections != SECTIONS:
        asked += [("part", part) for part in shape.sections]
    return f"{FIGURES}?{urlencode(asked)}"


def _step_words(step: int) -> tuple[str, int]:
    """A step of waits as the end of a phrase key and its number: under so many seconds or minutes, or longer than."""
    if step >= len(STEPS_S):
        return "over", STEPS_S[-1] // 60
    return ("seconds", STEPS_S[step]) if STEPS_S[step] < 120 else ("minutes", STEPS_S[step] // 60)
