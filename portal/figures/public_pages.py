"""The public page of figures: a year or a quarter as tables with bars beside them, and all of it as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import Language
from portal.errors import NotThere
from portal.figures.book import Shown
from portal.figures.csv_file import csv_of
from portal.figures.drawing import Picture, Row, picture, rows_in_words
from portal.figures.periods import Quarter, quarters_of, read_quarter
from portal.figures.shape import PUBLIC_TOTALS, TABLES
from portal.web.page import language_of, site_of

if TYPE_CHECKING:
    from portal.services import Services

FIGURES: Final = "/{lang}/read/figures"
FILE: Final = "counts.csv"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One table as the page shows it: a phrase key for its heading, its rows, its picture."""

    heading: str
    rows: tuple[Row, ...]
    picture: Picture


class PublicFigures:
    """The page and the file. Both are of what was published, so anybody may have either."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of both."""
        return [
            Route(FIGURES, self.page, methods=["GET"]),
            Route(f"{FIGURES}/{FILE}", self.file, methods=["GET"]),
            Route(f"{FIGURES}/{{span}}", self.page, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """One span: the newest, or the one in the address. Raises NotThere, also before the first quarter is closed."""
        language = language_of(request)
        shown = await self._shown(request)
        wanted = request.path_params.get("span")
        here = next((each for each in shown if wanted in (None, each.span)), None)
        if here is None:
            raise NotThere("no such span")
        return self._services.pages.render(
            request,
            "portal/figures.html",
            here=here,
            days=self._days(language, here),
            made=formats.day(language, date.fromisoformat(here.day)),
            tables=self._tables(language, here),
            spans=[(each.span, self._days(language, each)) for each in shown if each is not here],
            totals=PUBLIC_TOTALS,
            file=FILE,
        )

    async def file(self, request: Request) -> Response:
        """Everything that was published. Raises NotThere."""
        language_of(request)
        shown = await self._shown(request)
        if not shown:
            raise NotThere("no quarter is closed yet")
        words = csv_of(shown)
        headers = {"content-disposition": f'attachment; filename="{FILE}"', "cache-control": "no-store"}
        return Response(words.encode(), 200, headers, media_type="text/csv; charset=utf-8")

    async def _shown(self, request: Request) -> list[Shown]:
        if self._services.settings.public_figures != "on":
            raise NotThere("the house shows no figures")
        return list(await self._services.figures.shown()) if site_of(request).is_open else []

    def _days(self, language: Language, shown: Shown) -> str:
        first, last = _quarters(shown)[0].begins, _quarters(shown)[-1].ends
        return self._services.pages.catalogue.phrase(
            language, "counts.span", first=formats.day(language, first), last=formats.day(language, last)
        )

    def _tables(self, language: Language, shown: Shown) -> list[Drawn]:
        catalogue, drawn = self._services.pages.catalogue, []
        for shape in TABLES:
            table = shown.release.tables.get(shape.name)
            if shape.is_public and table is not None and (table.rows or table.rest):
                rows = rows_in_words(catalogue, language, shape.name, table)
                drawn.append(Drawn(f"counts.{shape.name}", tuple(rows), picture(rows)))
        return drawn


def _quarters(shown: Shown) -> tuple[Quarter, ...]:
    return quarters_of(int(shown.span)) if shown.is_year else (read_quarter(shown.span),)
