"""Reads the ids that stand in addresses and hidden fields of the tip room's pages."""

from starlette.requests import Request

from portal.errors import NotThere
from portal.ids import ID_SIZE, from_text, random_id


def id_named(text: str) -> bytes:
    """The id a page wrote. Raises NotThere for a text that can be none: the same answer as for one of no tip."""
    try:
        return from_text(text, ID_SIZE)
    except ValueError:
        raise NotThere("no such tip") from None


def tip_of(request: Request) -> bytes:
    """The id in the address. Raises NotThere."""
    return id_named(request.path_params["id"])


def part_of(typed: str) -> bytes:
    """The id a page gave to what it sends, so that sent twice is kept once; a fresh one where none can be read."""
    try:
        return from_text(typed, ID_SIZE)
    except ValueError:
        return random_id()
