"""Finds the emergency numbers a tip page may show: the one of the house, and those of the place a reporter chose."""

from starlette.requests import Request

from portal.numbers import Region, numbers, one_number
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
