"""Seals what stands in the rows of cases and marks each row whole: a row of anybody else's is not taken for ours."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.ids import random_id
from portal.records.case_tables import case_contacts, case_notes, case_people, cases
from portal.records.case_words import CaseBody, ContactLink, NoteBody, PersonBody, PersonNames
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

_log = logging.getLogger("porchlight.records")

B = TypeVar("B", CaseBody, PersonBody, PersonNames, ContactLink, NoteBody)
Body = CaseBody | PersonBody | PersonNames | ContactLink | NoteBody

# What each sealed column is bound to, besides its row and its day. These words are a format.
_KINDS: Final[Mapping[type, str]] = {
    CaseBody: "case",
    PersonBody: "case person",
    PersonNames: "case names",
    ContactLink: "case contact",
    NoteBody: "case note",
}
_OF_COLUMN: Final = {
    (cases.name, "sealed"): "case",
    (case_people.name, "sealed"): "case person",
    (case_people.name, "names"): "case names",
    (case_contacts.name, "sealed"): "case contact",
    (case_notes.name, "sealed"): "case note",
}
_PURPOSE: Final = "case row"
_FIND: Final = "case of contact"
_NOT_MARKED: Final = ("pepper", "mark")


class CaseRows:
    """Writes and reads rows of any of the tables of cases, inside the caller's transaction."""

    def __init__(self, staff: StaffRoom) -> None:
        self._staff = staff

    async def ready(self) -> None:
        """Before the first row of a request: the peppers are there. Raises KeysFolderWrong."""
        await self._staff.accounts.ready()

    async def seal(self, body: Body, row: bytes, day: str) -> bytes:
        """Seal one body to its compartment; whoever does this needs no key. Raises TooLong, ChainBroken."""
        to = "names" if isinstance(body, PersonNames) else "records"
        version, public = (await self._staff.ledger.current()).compartment(to)
        return seal_entry(public, version, row, _KINDS[type(body)], day, msgspec.json.encode(body))

    def open(self, signed: Signed, kind: type[B], row: Any, column: str = "sealed") -> B | None:
        """What one column of a row of ours holds; None for whoever's keys do not open it, or where it is empty."""
        sealed = row._mapping[column]
        if not sealed:
            return None
        keys = signed.compartment_keys("names" if kind is PersonNames else "records")
        try:
            return msgspec.json.decode(open_entry(keys, row.id, _KINDS[kind], row.day, sealed), type=kind)
        except (KeyMissing, SealBroken, ValueError):
            return None

    def raw(self, signed: Signed, row: Any, table: Table = cases) -> bytes | None:
        """The bytes that a whole row of a case holds sealed, for whoever reads less of them; None for a row that nobody
        here wrote. Raises VaultError.
        """
        keys, kind = signed.compartment_keys("records"), _OF_COLUMN[table.name, "sealed"]
        return open_entry(keys, row.id, kind, row.day, row.sealed) if self.is_ours(table, row) else None

    async def add(self, connection: AsyncConnection, table: Table, **values: Any) -> None:
        """One row more, marked."""
        await connection.execute(insert(table).values(**self.marked(table, values)))

    async def add_sealed(self, connection: AsyncConnection, table: Table, body: Body, day: str, **values: Any) -> bytes:
        """One row more with this body, under a name of its own; answers the name."""
        row = random_id()
        await self.add(connection, table, id=row, day=day, sealed=await self.seal(body, row, day), **values)
        return row

    async def change(self, connection: AsyncConnection, table: Table, row: Any, **values: Any) -> None:
        """The same row with other values, marked anew."""
        # What finds a contact was made by the pepper its row names, and only who seals it again can make it anew.
        number = row.pepper if table is case_contacts else None
        marked = self.marked(table, {**row._mapping, **values}, number)
        one = [column == row._mapping[column.name] for column in table.primary_key.columns]
        await connection.execute(update(table).where(*one).values(**marked))

    async def remove(self, connection: AsyncConnection, table: Table, row: Any) -> None:
        """One row less."""
        one = [column == row._mapping[column.name] for column in table.primary_key.columns]
        await connection.execute(delete(table).where(*one))

    async def all_of(self, connection: AsyncConnection, table: Table, case: bytes) -> list[Any]:
        """Every row of ours that hangs on this case, in the order of their days."""
        order = [table.c.day] if "day" in table.c else []
        asked = select(table).where(table.c.case_id == case).order_by(*order, *table.primary_key.columns)
        return self.ours(table, (await connection.execute(asked)).all())

    def ours(self, table: Table, rows: Iterable[Any]) -> list[Any]:
        """Those of the rows that this house wrote."""
        return [row for row in rows if self.is_ours(table, row)]

    def is_ours(self, table: Table, row: Any) -> bool:
        """Whether this house wrote this row. One that it did not is said in the log, by its table."""
        is_ours = is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, *said(table, row))
        if not is_ours:
            _log.error("case_row_refused table=%s", table.name)
        return is_ours

    def marked(self, table: Table, values: Mapping[str, Any], number: int | None = None) -> dict[str, Any]:
        """These values of a whole row, with its mark: by the newest pepper, where none is named."""
        number = number or self._staff.accounts.newest_pepper()
        made = mark(self._staff.accounts.pepper(number), _PURPOSE, *_parts(table, values))
        return {**values, "pepper": number, "mark": made}

    def find(self, kind: str, ref: bytes) -> bytes:
        """The mark by which a new row for a contact is found."""
        return mark(self._staff.accounts.pepper(self._staff.accounts.newest_pepper()), _FIND, kind, ref)

    def finds(self, kind: str, ref: bytes) -> list[bytes]:
        """Every mark under which a row for this contact may stand."""
        return [mark(pepper, _FIND, kind, ref) for pepper in self._staff.accounts.live_peppers()]

    def sources(self) -> list[Source]:
        """What of the cases is sealed to a compartment, for whoever seals it to a newer key."""
        return [
            Source(name, table.c.id, table.c[column], self._again(table, column))
            for name, table, column in (
                ("cases", cases, "sealed"),
                ("case_people", case_people, "sealed"),
                ("case_names", case_people, "names"),
                ("case_contacts", case_contacts, "sealed"),
                ("case_notes", case_notes, "sealed"),
            )
        ]

    def _again(self, table: Table, column: str) -> Any:  # Any: an `Again` of `portal.rotation.source`
        kind = _OF_COLUMN[table.name, column]

        def again(row: Any, turn: Turn) -> Mapping[str, object]:
            if not self.is_ours(table, row):
                raise SealBroken("this row was not written here")
            sealed = row._mapping[column]
            values = {**row._mapping, column: entry_again(sealed, turn, row.id, kind, row.day)}
            if table is case_contacts:
                # By the newest pepper too: an older one may be gone one day.
                link = msgspec.json.decode(open_entry(turn.privates, row.id, kind, row.day, sealed), type=ContactLink)
                values["find"] = mark(turn.pepper, _FIND, link.kind, link.ref)
            made = mark(turn.pepper, _PURPOSE, *_parts(table, values))
            changed = {name: values[name] for name in (column, *(["find"] if table is case_contacts else []))}
            return {**changed, "pepper": self._staff.accounts.newest_pepper(), "mark": made}

        return again


def said(table: Table, row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: a row of the database
    """What the mark of a row is made of: its purpose, then its parts."""
    return _PURPOSE, *_parts(table, row._mapping)


def _parts(table: Table, values: Mapping[str, Any]) -> list[bytes | str]:
    """All that a row says, its table first, as the mark covers it."""
    said = [values[column.name] for column in table.columns if column.name not in _NOT_MARKED]
    return [table.name, *(each.to_bytes(4, "big") if isinstance(each, int) else each for each in said)]
