"""One column of rows that is sealed to a compartment: finds what is sealed to an older key, and seals it again."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.vault.errors import VaultError
from portal.vault.rewraps import Turn
from portal.vault.sealing import HEADER

_log = logging.getLogger("porchlight.staff")

EVERY: Final = frozenset(
    {
        "interpreters.account",
        "referrals",
        "entries",
        "contacts",
        "supervisor_entries",
        "requests",
        "request_steps",
        "sheets",
        "figures",
        "figure_slips",
        "cases",
        "case_people",
        "case_names",
        "case_contacts",
        "case_notes",
        "consents",
        "report_decisions",
        "decision_words",
        "tips.words",
        "tips.names",
        "tips.desk",
        "tips.shelves",
        "tips.held_files",
    }
)
"""What is sealed to a compartment in this house. No old key is erased where one of these did not say what it holds."""

# What one row becomes: values of its columns. Raises VaultError when it does not open or is not one of ours.
Again = Callable[[Any, Turn], Mapping[str, object]]  # Any: a row of the database


@dataclass(frozen=True)
class Source:
    """`name` as in `EVERY`; `key` is the primary key of a table, `sealed` its column that begins with a Seal.

    To which compartment says the column itself, by `info["sealed"]`.
    """

    name: str
    key: Column[bytes]
    sealed: Column[Any]
    again: Again

    @property
    def compartment(self) -> str:
        """The compartment it is sealed to."""
        return str(self.sealed.info["sealed"])

    @property
    def table(self) -> Table:
        """The table it stands in."""
        return self.sealed.table

    async def count(self, connection: AsyncConnection) -> int:
        """How many rows are sealed to the compartment, whatever the version."""
        return await connection.scalar(self._counted(func.length(self.sealed) > 0)) or 0

    async def older(self, connection: AsyncConnection, version: int) -> int:
        """How many rows are sealed to a version before this one."""
        return await connection.scalar(self._counted(self._is_older(version))) or 0

    async def next(self, connection: AsyncConnection, version: int, after: bytes, limit: int) -> list[bytes]:
        """The next rows that are, behind a key, in the order of the keys."""
        wanted = select(self.key).where(self.key > after, self._is_older(version))
        return list(await connection.scalars(wanted.order_by(self.key).limit(limit)))

    async def seal_again(self, connection: AsyncConnection, keys: Collection[bytes], turn: Turn) -> int:
        """Seal these rows to `turn.version`, in a transaction nobody else writes beside; how many it could not.

        A row that went, or was sealed again by somebody else, since it was found is left as it is.
        """
        rows = await connection.execute(
            select(self.table).where(self.key.in_(keys), self._is_older(turn.version)).order_by(self.key)
        )
        stay = 0
        for row in rows.all():
            try:
                values = self.again(row, turn)
            except VaultError as error:
                _log.error("not_sealed_again source=%s error=%s", self.name, type(error).__name__)
                stay += 1
                continue
            one = self.key == row._mapping[self.key.name]
            await connection.execute(update(self.table).where(one).values(**values))
        return stay

    def _counted(self, *which: ColumnElement[bool]) -> Any:  # Any: a statement that gives a number
        return select(func.count()).select_from(self.table).where(*which)

    def _is_older(self, version: int) -> ColumnElement[bool]:
        is_older = named_version(self.sealed) < literal(version.to_bytes(2, "big"), LargeBinary)
        return (func.length(self.sealed) > 0) & is_older


def named_version(sealed: Column[Any]) -> ColumnElement[bytes]:
    """The version a Seal names, as its two bytes behind the header. What is empty was never sealed."""
    return func.substr(sealed, len(HEADER) + 1, 2, type_=LargeBinary)


def of_compartment(sources: Mapping[str, Source], compartment: str) -> Sequence[Source]:
    """The sources of one compartment, in the order of their names."""
    return [sources[name] for name in sorted(sources) if sources[name].compartment == compartment]
