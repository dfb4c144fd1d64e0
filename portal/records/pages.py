"""The desk's page of what was written down: for whoever holds the records, opened with her own keys."""

from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.records.entries import Place
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

ENTRIES: Final = "/desk/entries"
HOUR_MS: Final = 60 * 60 * 1000


class EntryPages:
    """One page of entries."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        read = Right.READ_ENTRIES
        return [
            Route(ENTRIES, desk_page(self.page, read), methods=["GET"]),
            Route(f"{ENTRIES}/answer", desk_page(self.answer, read), methods=["POST"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What was written down, the newest day first; `after` in the address: what follows another page of it."""
        after = _place(request.query_params.get("after", ""))
        await self._services.staff.journal.once_a_day("entry.seen", signed.staff_id)
        leaf = await self._services.entries.read(signed, after)
        rows = [(to_text(row.id), row) for row in leaf.rows]
        onward = "" if leaf.ends is None else _address(leaf.ends)
        first = "" if after is None else ENTRIES
        return draw(request, signed, "desk/entries.html", rows=rows, hour_ms=HOUR_MS, onward=onward, first=first)

    async def answer(self, request: Request, signed: Signed) -> Response:
        """Her yes or no to what waits for one. A no lets the conversation in first: that is what it is for."""
        form = posted(request)
        try:
            row = await self._services.entries.one(signed, from_text(form.get("row", ""), 16))
        except ValueError:
            raise NotThere("no such row") from None
        if row is None or row.account is None or row.answer != "waits" or form.get("answer") not in ("yes", "no"):
            return see_other(ENTRIES)
        if form.get("answer") == "no" and row.account.ref:
            await self._services.let_in(row.account.ref)
        await self._services.entries.answer(signed, row.id, "no" if form.get("answer") == "no" else "yes")
        return see_other(ENTRIES)


def _address(place: Place) -> str:
    return f"{ENTRIES}?after={'w' if place.waits else 'd'}{place.day}.{to_text(place.id)}"


def _place(written: str) -> Place | None:
    """The place an address names. Raises NotThere for what is none."""
    if not written:
        return None
    day, _, row = written[1:].partition(".")
    try:
        return Place(written[0] == "w", date.fromisoformat(day).isoformat(), from_text(row, 16))
    except ValueError:
        raise NotThere("no such page") from None
