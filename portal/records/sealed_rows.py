"""Seals, marks and opens the rows of one table of which little stands in clear, in the way several rooms share."""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table

from portal.ids import random_id
from portal.rotation.source import Source
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

if TYPE_CHECKING:
    from portal.staff.desk import StaffRoom
    from portal.staff.sessions.session import Signed

_log = logging.getLogger("porchlight.records")


class SealedRows:
    """The rows of one table with the columns id, day, sealed, pepper and mark.

    `name` is what resealing calls them (portal/rotation/source.py), `kind` binds a seal to this table. `clear`: the
    columns besides, which stand in clear and may change; all of them are under the mark.
    """

    def __init__(self, staff: "StaffRoom", table: Table, *, name: str, kind: str, clear: Sequence[str] = ()) -> None:
        self._staff = staff
        self._table = table
        self._name: Final = name
        self._kind: Final = kind
        self._clear: Final = tuple(clear)
        self.compartment: Final = str(table.c.sealed.info["sealed"])

    async def made(self, words: bytes, day: str, row: bytes = b"", **clear: bytes | str) -> dict[str, Any]:
        """The values of a new row. Whoever makes it cannot read it again without the key. Raises TooLong."""
        await self._staff.accounts.ready()
        row = row or random_id()
        version, public = (await self._staff.ledger.current()).compartment(self.compartment)
        sealed = seal_entry(public, version, row, self._kind, day, words)
        return {"id": row, "day": day, **clear, "sealed": sealed, **self._mark(row, day, clear, sealed)}

    async def ready(self) -> None:
        """Read what marks are made with; before `opened`, `changed` and `is_ours`."""
        await self._staff.accounts.ready()

    def changed(self, row: Any, **clear: bytes | str) -> dict[str, Any]:  # Any: a row of the database
        """The values of a row whose clear columns change; what is sealed stays."""
        every = {name: getattr(row, name) for name in self._clear} | clear
        return {**clear, **self._mark(row.id, row.day, every, row.sealed)}

    def opened(self, signed: "Signed", row: Any) -> bytes | None:  # Any: as above
        """What is sealed in a row of ours, or None where her keys do not open it."""
        try:
            privates = signed.compartment_keys(self.compartment)
            return open_entry(privates, row.id, self._kind, row.day, row.sealed)
        except (KeyMissing, SealBroken):
            return None

    def is_ours(self, row: Any) -> bool:  # Any: as above
        """Whether this house wrote the row; said aloud where it did not."""
        parts = self._parts(row.id, row.day, {name: getattr(row, name) for name in self._clear}, row.sealed)
        if is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, self._kind, *parts):
            return True
        _log.error("sealed_row_refused kind=%s", self._name)
        return False

    def source(self) -> Source:
        """What of the table is sealed to a compartment, for whoever seals it to a newer key."""
        return Source(self._name, self._table.c.id, self._table.c.sealed, self._again)

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: as above
        if not self.is_ours(row):
            raise SealBroken("this row was not written here")
        sealed = entry_again(row.sealed, turn, row.id, self._kind, row.day)
        parts = self._parts(row.id, row.day, {name: getattr(row, name) for name in self._clear}, sealed)
        made = mark(turn.pepper, self._kind, *parts)
        return {"sealed": sealed, "pepper": self._staff.accounts.newest_pepper(), "mark": made}

    def _mark(self, row: bytes, day: str, clear: Mapping[str, bytes | str], sealed: bytes) -> dict[str, Any]:
        number = self._staff.accounts.newest_pepper()
        made = mark(self._staff.accounts.pepper(number), self._kind, *self._parts(row, day, clear, sealed))
        return {"pepper": number, "mark": made}

    def _parts(self, row: bytes, day: str, clear: Mapping[str, bytes | str], sealed: bytes) -> list[bytes | str]:
        return [row, day, *(clear[name] for name in self._clear), sealed]
