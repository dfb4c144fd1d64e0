"""Carries the rows of a house from its file onto a server: what is missing there, until both are the same.

A mark on the server, and the same one beside the file, says whose half-done move stands there. Killed anywhere, the
same command goes on: a row that is there already is not carried again. The house stands in the file until every table
was read back from the server and is the same; only then is the file put aside and the mark taken away.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Table, insert, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.moving.digests import AT_ONCE, Digests, digests_of, stream
from portal.settings import Secret
from portal.store.building import count_on
from portal.store.database import INDEX, Database, metadata
from portal.store.migrate import newest_revision
from portal.store.migrate_server import HALF_DONE

BATCH_BYTES: Final = 1024 * 1024
AWAY: Final = ".moved"
_MARK: Final = "move"
_REVISION: Final = text("SELECT version_num FROM alembic_version")


class NotMoved(Exception):
    """The move cannot begin or go on. The text is a sentence for the person at the terminal."""


class Telling(Protocol):
    """Whom the move tells how far it is."""

    def begins(self, step: str, rows: int) -> None:
        """A step of so many rows; 0: nobody knows yet."""

    def row(self) -> None:
        """One more row of it."""


@dataclass(frozen=True)
class Moved:
    """One table: how many rows it has in both, and its digest in the file and on the server."""

    table: str
    rows: int
    was: str
    now: str


class Move:
    """One move. Each act raises NotMoved, CannotStand, or DatabaseAway."""

    def __init__(self, file: Path, server: Secret, telling: Telling) -> None:
        # A kill behind the last check leaves the file put aside, and the mark.
        aside = file.with_name(file.name + AWAY)
        self._file, self._aside = file, aside
        self._source = Database(file if file.exists() else aside)
        self._target = Database(server)
        self._beside = file.with_name(f"{file.name}.{_MARK}")
        self._telling = telling

    async def run(self, make: Callable[[], Any]) -> list[Moved]:
        """Move everything; `make` makes the tables on an empty server. What was compared, table by table."""
        try:
            async with self._source.read() as rows:
                await rows.run_sync(_know_every_table)
                await self._claim(make)
                there = await self._digests("Looking at the file", self._source, fits=True)
                already = await self._digests("Looking at the server", self._target)
                for table in metadata.sorted_tables:
                    _refuse_others(table, already[table.name], there[table.name])
                self._telling.begins("Moving", sum(each.many for each in there.values()))
                for table in metadata.sorted_tables:
                    await self._carry(rows, table, already[table.name].rows)
            async with self._target.write() as server:
                await server.run_sync(count_on)
            now = await self._digests("Reading it back", self._target)
            moved = [Moved(name, each.many, each.whole, now[name].whole) for name, each in there.items()]
            if wrong := [each.table for each in moved if each.was != each.now or each.rows != now[each.table].many]:
                raise NotMoved(f"The server does not hold what the file holds, in {', '.join(wrong)}: nothing is done.")
            await self._finish()
            return moved
        except SQLAlchemyError as error:
            # Not its words: they can hold a value.
            raise NotMoved(f"The server did not take a row ({type(error).__name__}): nothing is done.") from None
        finally:
            await self._source.close()
            await self._target.close()

    async def _claim(self, make: Callable[[], Any]) -> None:
        """Mark an empty server as ours, or find our mark there."""
        ours = self._beside.read_text("ascii").strip() if self._beside.exists() else None
        async with self._target.read() as server:
            mark = await server.run_sync(_marked)
            is_empty = mark is None and await server.run_sync(_is_empty)
        if mark is not None and mark == ours:
            async with self._target.read() as server:
                if await server.scalar(_REVISION) != newest_revision():
                    raise NotMoved("This move was begun by another version: make the database anew and move again.")
            return
        if not is_empty:
            raise NotMoved(
                "The database in DATABASE_URL is not empty, and no half-done move of this house stands in it."
            )
        make()
        mark = ours or secrets.token_hex(16)
        if ours is None:
            _write(self._beside, mark)
        async with self._target.write() as server:
            await server.execute(text(f"CREATE TABLE {HALF_DONE} (mark text NOT NULL)"))
            await server.execute(text(f"INSERT INTO {HALF_DONE} VALUES (:mark)"), {"mark": mark})  # noqa: S608 - ours

    async def _digests(self, step: str, database: Database, *, fits: bool = False) -> dict[str, Digests]:
        self._telling.begins(step, 0)
        async with database.read() as connection:
            return {
                table.name: await digests_of(connection, table, self._telling.row, fits=fits)
                for table in metadata.sorted_tables
            }

    async def _carry(self, rows: AsyncConnection, table: Table, there: set[bytes]) -> None:
        names = [column.name for column in table.columns]
        batch: list[dict[str, Any]] = []
        size = 0
        async for digest, values in stream(rows, table):
            self._telling.row()
            if digest in there:
                continue
            batch.append(dict(zip(names, values, strict=True)))
            size += sum(len(value) for value in values if isinstance(value, bytes | str))
            if len(batch) >= AT_ONCE or size > BATCH_BYTES:
                await self._put(table, batch)
                batch, size = [], 0
        if batch:
            await self._put(table, batch)

    async def _put(self, table: Table, batch: list[dict[str, Any]]) -> None:
        async with self._target.write() as server:
            await server.execute(insert(table), batch)

    async def _finish(self) -> None:
        """The file first: killed between the two, the same command finds it put aside, and looks once more."""
        if self._file.exists():
            await self._source.checkpoint()
            await self._source.close()
            self._file.replace(self._aside)
            for end in ("-wal", "-shm"):
                self._file.with_name(self._file.name + end).unlink(missing_ok=True)
        async with self._target.write() as server:
            await server.execute(text(f"DROP TABLE {HALF_DONE}"))
        self._beside.unlink()


def _know_every_table(connection: Connection) -> None:
    there = {name for name in inspect(connection).get_table_names() if not name.startswith(INDEX)}
    unknown = there - set(metadata.tables) - {"alembic_version"}
    if unknown:
        raise NotMoved(f"This version does not know the tables {', '.join(sorted(unknown))}: update it first.")


def _marked(connection: Connection) -> str | None:
    if not inspect(connection).has_table(HALF_DONE):
        return None
    return connection.scalar(text(f"SELECT mark FROM {HALF_DONE}")) or ""  # noqa: S608 - a name of ours


def _is_empty(connection: Connection) -> bool:
    """No table at all, or only ours, and nothing in them: a move that was killed before it left its mark."""
    there = set(inspect(connection).get_table_names())
    if there - set(metadata.tables) - {"alembic_version"}:
        return False
    return not any(
        connection.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first()  # noqa: S608 - names of ours
        for name in there - {"alembic_version"}
    )


def _refuse_others(table: Table, there: Digests, ours: Digests) -> None:
    if there.rows - ours.rows:
        raise NotMoved(
            f"The house has worked since this move began ({table.name} differs): make the database anew and move again."
        )


def _write(path: Path, mark: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(mark + "\n")
        file.flush()
        os.fsync(file.fileno())
