"""The supervisor's pages: which records wait for her entry, what a record says, and what she writes to it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.records.contact_shapes import Row
from portal.records.fields import FIELDS
from portal.records.form import tongue_names
from portal.records.supervising import VERDICTS, WEIGHED_LIMIT, EntryWrong, read_form
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

RECORDS: Final = "/desk/records"
READ: Final = "record.list_seen"
OPENED: Final = "record.opened"


class SupervisorPages:
    """The list, and one record."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._contacts = services.contacts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        may, one = Right.SUPERVISE_CASES, f"{RECORDS}/{{row}}"
        return [
            Route(RECORDS, desk_page(self.page, may), methods=["GET"]),
            Route(one, desk_page(self.one, may), methods=["GET"]),
            Route(one, desk_page(self.write, may), methods=["POST"]),
            Route(f"{one}/{{note}}", desk_page(self.one, may), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What waits for an entry, the most urgent first; then every record, the newest day first."""
        after = _place(request.query_params.get("after", ""))
        # Written down before anything is shown: with the database away nobody reads unseen.
        await self._services.staff.journal.once_a_day(READ, signed.staff_id)
        waiting = None if after else await self._contacts.read(signed, waiting=True)
        leaf = await self._contacts.read(signed, after=after)
        return draw(
            request,
            signed,
            "desk/records.html",
            cases_wait=0 if after else sum(await self._services.cases.waiting()),
            waiting=[] if waiting is None else _named(waiting.rows),
            more_wait=waiting is not None and waiting.ends is not None,
            rows=_named(leaf.rows),
            onward="" if leaf.ends is None else f"{RECORDS}?after={leaf.ends.day}.{to_text(leaf.ends.id)}",
            first=RECORDS if after else "",
            tongue_name=tongue_names(tongue_of(request, signed)),
        )

    async def one(self, request: Request, signed: Signed) -> Response:
        """One record whole, with the form for her entry where one is waited for."""
        row = _row(request)
        found = await self._contacts.one(signed, row)
        if found is None:
            raise NotThere("no such record")
        await self._services.staff.journal.write(OPENED, signed.staff_id, row)
        record, written = found
        return draw(
            request,
            signed,
            "desk/record_one.html",
            row=to_text(row),
            at=record,
            record=record.record,
            written=written,
            fields=FIELDS,
            verdicts=VERDICTS,
            weighed_limit=WEIGHED_LIMIT,
            tongue_name=tongue_names(tongue_of(request, signed)),
            note=await read_note(self._services.passes, request.path_params),
        )

    async def write(self, request: Request, signed: Signed) -> Response:
        """Her entry."""
        row, form = _row(request), posted(request)
        try:
            entry = read_form(form, signed.alias)
        except EntryWrong as wrong:
            names = ("verdict", "next", "harm_of_telling", "harm_of_silence")
            typed = {name: form.get(name, "")[: 2 * WEIGHED_LIMIT] for name in names}
            note = Note(wrongs=wrong.wrongs, typed=typed)
            return see_other(await leave_note(self._services.passes, f"{RECORDS}/{to_text(row)}", note))
        await self._contacts.write(signed, row, entry)
        return see_other(RECORDS)


def _named(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    return [(to_text(row.id), row) for row in rows]


def _row(request: Request) -> bytes:
    try:
        return from_text(request.path_params["row"], 16)
    except ValueError:
        raise NotThere("no such record") from None


def _place(written: str) -> tuple[str, bytes] | None:
    """The place an address names: a day, and the record behind which it goes on. Raises NotThere for what is none."""
    if not written:
        return None
    day, _, row = written.partition(".")
    try:
        return date.fromisoformat(day).isoformat(), from_text(row, 16)
    except ValueError:
        raise NotThere("no such page") from None
