"""Says of every row by one digest what stands in it, whichever database it was read from."""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.store.columns import is_small_on_a_server

AT_ONCE: Final = 500
_FOUR_BYTES: Final = 2**31


class CannotStand(Exception):
    """A row that the server has no place for. The text is a sentence for the person at the terminal."""


@dataclass
class Digests:
    """The digests of a table's rows, and of the table as a whole, whatever order its rows came in."""

    rows: set[bytes] = field(default_factory=set)
    many: int = 0

    def add(self, digest: bytes) -> None:
        """One more row."""
        self.rows.add(digest)
        self.many += 1

    @property
    def whole(self) -> str:
        """The table: equal for equal rows and for nothing else."""
        taken = hashlib.sha256(self.many.to_bytes(8, "big"))
        for each in sorted(self.rows):
            taken.update(each)
        return taken.hexdigest()


async def stream(connection: AsyncConnection, table: Table) -> AsyncIterator[tuple[bytes, list[Any]]]:
    """Each row as its digest and its values, in the order of the table's columns; never a whole table in memory."""
    async with connection.stream(select(table), execution_options={"yield_per": AT_ONCE}) as found:
        async for row in found:
            values = list(row)
            yield digest_of(values), values


async def digests_of(
    connection: AsyncConnection, table: Table, told: Callable[[], None], *, fits: bool = False
) -> Digests:
    """The digests of a table; `told` hears of each row. `fits`: raise CannotStand for what a server cannot hold."""
    digests, checks = Digests(), _checks(table) if fits else ()
    async for digest, values in stream(connection, table):
        for at, check in checks:
            check(table, at, values[at])
        digests.add(digest)
        told()
    return digests


def digest_of(values: Sequence[Any]) -> bytes:
    """32 bytes; a number, a text, bytes, true and nothing are different things, however they look."""
    return hashlib.sha256(msgspec.msgpack.encode(values)).digest()


def _checks(table: Table) -> Iterable[tuple[int, Callable[[Table, int, Any], None]]]:
    """Which columns are to be looked at, and by what: a file takes any number and any sign, a server does not."""
    found: list[tuple[int, Callable[[Table, int, Any], None]]] = []
    for at, column in enumerate(table.columns):
        if is_small_on_a_server(column):
            found.append((at, _has_place))
        elif column.type.python_type is str:
            found.append((at, _has_no_nul))
    return found


def _has_place(table: Table, at: int, value: Any) -> None:
    if isinstance(value, int) and not -_FOUR_BYTES <= value < _FOUR_BYTES:
        raise CannotStand(
            f"A number in {table.name}.{_name(table, at)} is larger than its column on a server: nothing was moved."
        )


def _has_no_nul(table: Table, at: int, value: Any) -> None:
    if isinstance(value, str) and "\0" in value:
        raise CannotStand(
            f"A text in {table.name}.{_name(table, at)} holds the sign NUL, which a server cannot keep: write it anew "
            "at the desk. Nothing was moved."
        )


def _name(table: Table, at: int) -> str:
    return str(list(table.columns)[at].name)
