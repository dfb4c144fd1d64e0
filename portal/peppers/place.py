"""One place where a pepper is named: which one a row names, and how the row is put under another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.vault.errors import VaultError
from portal.vault.marks import made_by, mark

NOBODYS: Final = 0
"""In a count: rows that no pepper of this house made. They are believed by nobody as they are."""

Peppers = Mapping[int, bytes]
Values = Mapping[str, object]
Parts = tuple[str, *tuple[bytes | str, ...]]
"""What a mark is made of: its purpose, then its parts."""

Said = Callable[[Any], Parts]  # Any: a row of the database


@dataclass(frozen=True)
class Named:
    """A row, the number of the pepper it names, and its values under the newest one."""

    row: Any  # Any: a row of the database
    number: int
    values: Values


Naming = Callable[[Sequence[Any], Peppers], Iterator[Named]]


@dataclass(frozen=True)
class Place:
    """`name` is what people read. `naming` goes along all rows of `table`, in the order of its primary key."""

    name: str
    table: Table
    naming: Naming

    async def count(self, connection: AsyncConnection, peppers: Peppers) -> dict[int, int]:
        """How many rows name which pepper."""
        found: dict[int, int] = {}
        for named in self.naming(await self._rows(connection), peppers):
            found[named.number] = found.get(named.number, 0) + 1
        return found

    async def move(self, connection: AsyncConnection, peppers: Peppers) -> int:
        """Put every row of ours under the newest pepper, in a transaction nobody else writes beside; how many it was.

        A row that is not ours stays as it is: it must not become one.
        """
        moved = 0
        for named in self.naming(await self._rows(connection), peppers):
            if named.number not in (NOBODYS, max(peppers)):
                one = [column == named.row._mapping[column.name] for column in self.table.primary_key.columns]
                await connection.execute(update(self.table).where(*one).values(**named.values))
                moved += 1
        return moved

    async def _rows(self, connection: AsyncConnection) -> Sequence[Any]:
        return (await connection.execute(select(self.table).order_by(*self.table.primary_key.columns))).all()


def marked(name: str, table: Table, said: Said) -> Place:
    """A table with a mark of its own in each row. Which pepper made it says the mark itself, not a number beside it."""

    def naming(rows: Sequence[Any], peppers: Peppers) -> Iterator[Named]:
        newest = max(peppers)
        for row in rows:
            parts = said(row)
            number = made_by(peppers, row.mark, *parts)
            if number is not None and getattr(row, "pepper", number) != number:
                number = None  # It is read by the number it names, and that is another.
            yield Named(row, number or NOBODYS, {"mark": mark(peppers[newest], *parts), **_numbered(table, newest)})

    return Place(name, table, naming)


def tailed(name: str, table: Table, column: str, said: Said) -> Place:
    """A table in which a column ends with its mark: of what `said` says of the row, and of what stands before it."""

    def naming(rows: Sequence[Any], peppers: Peppers) -> Iterator[Named]:
        for row in rows:
            value = row._mapping[column]
            if value:
                head, found = value[:-_MARK], value[-_MARK:]
                number = made_by(peppers, found, *said(row), head)
                yield Named(row, number or NOBODYS, {column: head + mark(peppers[max(peppers)], *said(row), head)})

    return Place(name, table, naming)


def boxed(
    name: str,
    table: Table,
    column: str,
    open_: Callable[[bytes, Any], bytes],
    seal: Callable[[bytes, Any, bytes], bytes],
) -> Place:
    """A table with a column that is sealed under the pepper the row numbers: `open_(pepper, row)` and its opposite."""

    def naming(rows: Sequence[Any], peppers: Peppers) -> Iterator[Named]:
        newest = max(peppers)
        for row in rows:
            try:
                opened = open_(peppers[row.pepper], row)
            except (KeyError, VaultError):
                yield Named(row, NOBODYS, {})
                continue
            yield Named(row, row.pepper, {column: seal(peppers[newest], row, opened), "pepper": newest})

    return Place(name, table, naming)


def chained(name: str, table: Table, said: Callable[[Any, bytes], Parts], first: bytes) -> Place:
    """A list in which each mark covers the one before it. With one row that is not ours all stay as they are."""

    def naming(rows: Sequence[Any], peppers: Peppers) -> Iterator[Named]:
        befores = [first, *(row.mark for row in rows)]
        made = [made_by(peppers, row.mark, *said(row, before)) for row, before in zip(rows, befores, strict=False)]
        oldest, anew = max(peppers), first
        for row, number in zip(rows, made, strict=True):
            # Each mark stands in the next one: behind the first that is made anew all are.
            oldest = min(oldest, number or oldest)
            anew = mark(peppers[max(peppers)], *said(row, anew))
            yield Named(row, NOBODYS if None in made else oldest, {"mark": anew})

    return Place(name, table, naming)


_MARK: Final = 32


def _numbered(table: Table, number: int) -> dict[str, int]:
    return {"pepper": number} if "pepper" in table.c else {}
