"""Finds the emergency numbers a tip page may show: the one of the house, and those of the place a reporter chose."""

from starlette.requests import Request

from portal.numbers import Line, Region, numbers, one_number
from portal.web.page import site_of


def emergency_of(request: Request) -> str | None:
    """The number of the house's own region; None where there is more than one, and the page leads to the list."""
    return one_number(numbers().region(site_of(request).region))


def places_of(request: Request, chosen: str) -> tuple[Region, ...]:
    """The place that was chosen, or else the house's own; every place where neither is known: never nothing."""
    known = numbers()
    here = known.region(chosen) or known.region(site_of(request).region)
    if here is not None and (here.emergency or here.id != here.country):
        return (here,)
    # A whole country whose number depends on the place, or a place we know nothing of: all there are.
    every = tuple(region for country in known.countries for region in known.regions_of(country.id))
    return tuple(region for region in every if region.emergency or region.id != region.country)


def partner_lines(request: Request, chosen: str) -> tuple[Line, ...]:
    """Who helps in the country of the place that was chosen, where it is another one than the house's own."""
    known = numbers()
    there, here = known.region(chosen), known.region(site_of(request).region)
    if there is None or not there.country or (here is not None and here.country == there.country):
        return ()
    return (*there.lines, *known.country(there.country).lines) if here is not None else ()
