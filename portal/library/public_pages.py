"""Draws the pages to read: the list, one page, the shelf of links, and what the press is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import Language
from portal.errors import NotThere
from portal.library.markdown import drawn, links_out
from portal.library.shipped import shipped
from portal.library.stock import Reading
from portal.library.text import PAGES, SHELF, Section
from portal.numbers import numbers
from portal.web.page import language_of, site_of

if TYPE_CHECKING:
    from portal.services import Services

LIST: Final = "/{lang}/read"
PAGE: Final = f"{LIST}/{{name}}"


class LibraryPages:
    """What everybody may read. The words are the staff's own, else what ships (stock.py)."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pages = services.pages

    def routes(self) -> list[Route]:
        """The addresses of these pages, the fixed ones first."""
        return [
            Route(LIST, self.list, methods=["GET"]),
            Route(f"{LIST}/shelf", self.shelf, methods=["GET"]),
            Route(f"{LIST}/media", self.media, methods=["GET"]),
            Route(PAGE, self.page, methods=["GET"]),
        ]

    async def list(self, request: Request) -> Response:
        """`/{lang}/read`: every page, with a line on each."""
        stock, tag = await self._services.library.known(), language_of(request).tag
        return self._pages.render(
            request,
            "library/list.html",
            know=stock.of((Section.KNOW,), tag),
            house=stock.of((Section.HOUSE,), tag),
            has_figures=self._services.settings.public_figures == "on" and await self._services.figures.is_out(),
        )

    async def page(self, request: Request) -> Response:
        """`/{lang}/read/{name}`: one page; in its original, and saying so, where this language has none."""
        language = language_of(request)
        reading = (await self._services.library.known()).read(request.path_params["name"], language.tag)
        if reading is None or reading.text.section not in PAGES:
            raise NotThere
        # What our laws are is data of the place; the page of our policies names them.
        here = site_of(request).region if reading.name == "values" else ""
        laws = [rule.law.get(language.tag, rule.law["en"]) for rule in shipped().rules_for(here)]
        return self._pages.render(
            request,
            "library/page.html",
            reading=reading,
            body=drawn(reading.text.body),
            links_out=links_out(reading.text.body),
            checked=_day(language, reading),
            laws=laws,
        )

    async def shelf(self, request: Request) -> Response:
        """`/{lang}/read/shelf`: papers, sites, laws, courses, in five parts; none of other countries."""
        stock, tag = await self._services.library.known(), language_of(request).tag
        here = site_of(request).region
        parts = [(section, [each for each in stock.of((section,), tag) if _is_for(each, here)]) for section in SHELF]
        return self._pages.render(request, "library/shelf.html", parts=parts, tongue_of=_tongue)

    async def media(self, request: Request) -> Response:
        """`/{lang}/read/media`: how the press reaches the house, and what it was told, the newest first."""
        stock, language = await self._services.library.known(), language_of(request)
        releases = [(each, _day(language, each)) for each in stock.of((Section.RELEASES,), language.tag)]
        return self._pages.render(request, "library/media.html", releases=releases)


def _is_for(reading: Reading, here: str) -> bool:
    """A house in Lisbon shows no law of Canada; one whose place nobody knows shows all, each under its country."""
    region = numbers().region(here)
    return not reading.text.place or region is None or region.country == reading.text.place


def _day(language: Language, reading: Reading) -> str:
    return formats.day(language, date.fromisoformat(reading.text.checked)) if reading.text.checked else ""


def _tongue(reading: Reading) -> str:
    """What the thing itself is written in, behind the link."""
    return next((entry.tongue for entry in shipped().entries if entry.id == reading.name), reading.language.tag)
