"""Keeps the rows on a PostgreSQL server, with the promises a file gives: one writer, one moment, bounded waits."""

import re
from time import monotonic
from typing import Any, Final

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from portal.settings import Secret
from portal.store.away import DatabaseAway
from portal.store.bounds import BUSY_SECONDS, READERS, WAIT_FOR_THE_PEN

# One lock for every writer of this database, whatever it writes: eight letters, "Porchlig".
THE_PEN: Final = int.from_bytes(b"Porchlig", "big")

CONNECT_SECONDS: Final = 5.0
STATEMENT_SECONDS: Final = 6
STANDS_STILL_SECONDS: Final = 10
REWRITE_SECONDS: Final = 60
SILENCE_SECONDS: Final = 3.0

# What asyncpg raises when it is asked directly; through SQLAlchemy the same comes as a DBAPIError.
REFUSALS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError)


class PostgresServer:
    """One process's way to the database at ``address``.

    Rooms look before they write (is this name taken, which line is the last, what does this row say now) and rely on
    nobody else writing meanwhile, in any process; on a file SQLite's own lock sees to that. Here every writing
    transaction begins with one advisory lock, and has the isolation level READ COMMITTED: each statement then sees what
    the writer before has committed, and from the lock to the commit nobody changes it. A higher level would see the
    moment before it waited for the lock; rows locked one by one would leave out the row that is not there yet; and
    SERIALIZABLE would ask for running an act twice, of which some reach beyond the database. The lock goes with the
    transaction, so with a killed process too.
    """

    def __init__(self, address: Secret) -> None:
        self._address = address
        self.readers = _engine(address, "REPEATABLE READ", READERS, is_readonly=True)
        self.writer = _engine(address, "READ COMMITTED", 1)
        self._deleted: dict[str, int] = {}
        self._silent_until = 0.0

    async def look(self) -> None:
        """After a silence nobody waits for the next: for a while all but one who asks again are told so at once.

        A server that hangs holds up each question for seconds, and a page asks several.
        """
        now = monotonic()
        if now < self._silent_until:
            raise DatabaseAway("silent")
        if self._silent_until:
            self._silent_until = now + SILENCE_SECONDS

    def was_silent(self) -> None:
        """A question got no answer in time."""
        self._silent_until = monotonic() + SILENCE_SECONDS

    def answered(self) -> None:
        """One did."""
        self._silent_until = 0.0

    async def begin_writing(self, connection: AsyncConnection) -> None:
        """Wait for the writers of every process, five seconds at most."""
        await take_the_pen(connection)

    async def try_disk(self, connection: AsyncConnection) -> None:
        """A page into the log that every commit goes through, and one file of a sort beside the tables.

        Neither is a row: nothing is left to be cleared. On a server that only follows another the first is refused.
        """
        await connection.execute(text("SELECT pg_logical_emit_message(true, 'porchlight', repeat('.', 8192))"))
        await connection.execute(text("SET LOCAL work_mem = '64kB'"))
        await connection.execute(text("SELECT n FROM generate_series(1, 20000) AS n ORDER BY n DESC OFFSET 19999"))

    async def empty(self, *tables: str, is_sweep: bool = False) -> bool:
        """Write the tables anew, without what was deleted from them; False when somebody still saw it or stood there.

        VACUUM alone gives a row's place free and leaves its bytes there until something else is written over them. FULL
        writes a new file and gives the old one back. It takes the table for itself: so only where nobody is at
        that moment (SKIP_LOCKED), and in a sweep only where something was deleted since the last time.
        """
        if not tables:
            return True
        try:
            line = await connect(self._address, statement_seconds=REWRITE_SECONDS)
            try:
                return all([await self._write_anew(line, table, is_sweep=is_sweep) for table in tables])
            finally:
                await line.close(timeout=CONNECT_SECONDS)
        except REFUSALS as error:
            raise DatabaseAway(type(error).__name__) from None

    async def close(self) -> None:
        """Give every connection back."""
        await self.readers.dispose()
        await self.writer.dispose()

    async def _write_anew(self, line: Any, table: str, *, is_sweep: bool) -> bool:  # Any: asyncpg's own connection
        deleted = await line.fetchval("SELECT n_tup_del FROM pg_stat_user_tables WHERE relname = $1", table)
        if is_sweep and table in self._deleted and self._deleted[table] == deleted:
            return True
        before = await line.fetchval("SELECT pg_relation_filenode($1::regclass)", table)
        # Its words come in the server's language; that it says how many, and the number, come in all of them.
        still_seen: list[int] = []
        line.add_log_listener(lambda _line, said: still_seen.extend(_first_number(said.detail)))
        await line.execute(f"VACUUM (FULL, VERBOSE, SKIP_LOCKED) {table}")
        is_new = before != await line.fetchval("SELECT pg_relation_filenode($1::regclass)", table)
        if not is_new or any(still_seen):
            return False
        self._deleted[table] = deleted
        return True


async def take_the_pen(connection: AsyncConnection) -> None:
    """Be the only one that writes, until this transaction ends."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:pen)"), {"pen": THE_PEN})


async def connect(address: Secret, *, statement_seconds: int) -> Any:  # Any: asyncpg's own
    """A new line to the server. Raises OSError, asyncpg's PostgresError and InterfaceError."""
    return await asyncpg.connect(
        dsn=address.reveal(),
        timeout=CONNECT_SECONDS,
        # Longer than the server's own bounds: first it is asked to give up, then it is given up.
        command_timeout=statement_seconds + 1,
        server_settings={
            "application_name": "porchlight",
            # Every commit is on the server's disk before it is acknowledged, whatever its own setting says.
            "synchronous_commit": "on",
            "statement_timeout": f"{statement_seconds}s",
            "lock_timeout": f"{BUSY_SECONDS}s",
            # A process that stands still in the middle of writing must not hold up the house.
            "idle_in_transaction_session_timeout": f"{STANDS_STILL_SECONDS}s",
            # Compiling a query costs more than any of ours takes.
            "jit": "off",
        },
    )


def _engine(address: Secret, isolation: str, connections: int, *, is_readonly: bool = False) -> AsyncEngine:
    async def call() -> Any:
        return await connect(address, statement_seconds=STATEMENT_SECONDS)

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=call,
        isolation_level=isolation,
        execution_options={"postgresql_readonly": is_readonly},
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_FOR_THE_PEN,
        # A statement's values would otherwise stand in an error's text, and from there in a log.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def _still_there(connection: Any, _record: Any, _proxy: Any) -> None:
        # A server that was restarted has closed its lines: they are opened anew, and nobody sees a page that says so.
        # What is asked here costs no round trip.
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


def _first_number(text: str | None) -> list[int]:
    found = re.search(r"\d+", text or "")
    return [int(found[0])] if found else []
