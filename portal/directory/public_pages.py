"""The public list of places that help, where the operator has switched it on: without script, and keeping nothing."""

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import Language
from portal.directory.book import Listed
from portal.directory.card import hours_in, own_name, tongues_in
from portal.directory.finding import Wanted
from portal.directory.kinds import NEEDS, regions, tongues
from portal.directory.phones import country_of, shown
from portal.errors import NotThere
from portal.numbers import numbers
from portal.pages import not_open
from portal.web.forms import KIB, read_form
from portal.web.page import language_of, see_other, site_of

if TYPE_CHECKING:
    from portal.services import Services

PLACES: Final = "/{lang}/read/places"
KIND: Final = "places"
SHOWN: Final = 12
"""Places on one page: what a slow line carries. Who sees more chooses more."""

_LIMIT: Final = 4 * KIB


class Chosen(msgspec.Struct, frozen=True):
    """What was chosen, codes alone; it waits a minute under a pass and stands in no address."""

    region: str = ""
    need: str = ""
    language: str = ""


class PlacePages:
    """What may stand in public, and nothing of an entry that may not."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of the list; where it is switched off they are not there."""
        return [
            Route(PLACES, self.page, methods=["GET"]),
            Route(PLACES, self.choose, methods=["POST"]),
            Route(f"{PLACES}/{{chosen}}", self.page, methods=["GET"]),
        ]

    async def page(self, request: Request) -> Response:
        """The three choices; what they find, once somebody chose."""
        self._must_be_on()
        if not site_of(request).is_open:
            return not_open(self._services.pages, request)
        language = language_of(request)
        chosen = await self._chosen(request.path_params.get("chosen", ""))
        here = numbers().region(site_of(request).region)
        wanted = Wanted(public=True) if chosen is None else Wanted(public=True, **msgspec.structs.asdict(chosen))
        leaf = None if chosen is None else await self._services.directory.find(wanted)
        country = country_of(site_of(request).region)
        return self._services.pages.render(
            request,
            "portal/places.html",
            chosen=chosen or Chosen(),
            places=None if leaf is None else [_said(each, language, country) for each in leaf.rows[:SHOWN]],
            more=leaf is not None and (leaf.more or len(leaf.rows) > SHOWN),
            offered=[each.id for each in numbers().regions if here is None or each.country == here.country],
            needs=NEEDS,
            tongues=tongues(),
            named=own_name,
        )

    async def choose(self, request: Request) -> Response:
        """What was chosen waits under a pass; a code that is none of ours counts for nothing."""
        self._must_be_on()
        form = await read_form(request, limit=_LIMIT)
        offered = {"region": regions(), "need": NEEDS, "language": tongues()}
        chosen = Chosen(**{name: code for name, codes in offered.items() if (code := form.get(name, "")) in codes})
        token = await self._services.passes.issue(KIND, msgspec.json.encode(chosen))
        return see_other(f"/{language_of(request).tag}/read/places/{token}#found")

    def _must_be_on(self) -> None:
        if self._services.settings.public_directory != "on":
            raise NotThere("no such page in this house")

    async def _chosen(self, token: str) -> Chosen | None:
        carried = await self._services.passes.open(token, KIND) if token else None
        return None if carried is None else msgspec.json.decode(carried, type=Chosen)


class Place(msgspec.Struct, frozen=True):
    """One place as the page says it; every word of it may stand in public."""

    name: str
    organisation: str
    about: str
    about_tag: str
    phones: tuple[tuple[str, str], ...]
    hours: tuple[str, ...]
    is_always: bool
    interprets: bool
    languages: str
    cost: str
    address: str
    website: str
    checked: str
    is_stale: bool


def _said(at: Listed, language: Language, country: str) -> Place:
    service = at.service
    about, tag = service.about_in(language.tag)
    day = formats.day(language, date.fromisoformat(at.reviewed)) if at.reviewed else ""
    return Place(
        name=service.name,
        organisation=at.organisation.name,
        about=about,
        about_tag=tag,
        phones=tuple((each.kind, shown(each.number, country)) for each in service.phones if each.kind != "fax"),
        hours=tuple(hours_in(language, service.hours)),
        is_always=service.is_always,
        interprets=service.interprets,
        languages=tongues_in(service.languages),
        cost=service.cost,
        address=service.address if service.shows_address else "",
        website=service.website,
        checked=day,
        is_stale=at.is_stale,
    )
