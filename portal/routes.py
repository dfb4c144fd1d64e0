"""The portal's site map."""

from __future__ import annotations

from starlette.routing import Route

from portal.directory.public_pages import PlacePages
from portal.figures.public_pages import PublicFigures
from portal.library.public_pages import LibraryPages
from portal.pages import PublicPages
from portal.quality.after_pages import AfterPages
from portal.section import Section
from portal.services import Services


def section(services: Services) -> Section:
    """The public pages of the ground floor. Literal addresses stand before those that begin with a language."""
    pages = PublicPages(services)
    return Section(
        public=[
            Route("/", pages.choose, methods=["GET"]),
            Route("/leave", pages.leave, methods=["POST"]),
            Route("/leave", pages.leave_by_address, methods=["GET"]),
            Route("/{lang}", pages.add_slash, methods=["GET"]),
            Route("/{lang}/", pages.home, methods=["GET"]),
            Route("/{lang}/numbers", pages.numbers, methods=["GET"]),
            Route("/{lang}/languages", pages.languages, methods=["GET"]),
            Route("/{lang}/read/safety", pages.safety, methods=["GET"]),
            Route("/{lang}/read/leaving", pages.leaving, methods=["GET"]),
            Route("/{lang}/read/privacy", pages.privacy, methods=["GET"]),
            *PublicFigures(services).routes(),
            *PlacePages(services).routes(),
            Route("/{lang}/sorry/{code}", pages.sorry, methods=["GET"]),
            *AfterPages(services).routes(),
            # Last: the name of a page to read may be any word.
            *LibraryPages(services).routes(),
        ]
    )
