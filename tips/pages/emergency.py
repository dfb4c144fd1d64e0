"""Finds the one emergency number a tip page may show."""

from starlette.requests import Request

from portal.numbers import numbers, one_number
from portal.web.page import site_of


def emergency_of(request: Request) -> str | None:
    """The number of the house's own region; None where there is more than one, and the page leads to the list."""
    return one_number(numbers().region(site_of(request).region))
