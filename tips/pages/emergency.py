"""Finds the one emergency number a tip page may show."""

from starlette.requests import Request


def emergency_of(_request: Request) -> str | None:
    """None: the page then leads to the list of numbers."""
    return None
