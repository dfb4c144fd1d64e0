"""Brings a PostgreSQL database to the shape this version expects, or says why its server cannot be used."""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from portal.settings import Secret
from portal.store.postgres import REFUSALS, STATEMENT_SECONDS, connect, take_the_pen
from portal.store.revisions import DatabaseNotReady, is_missing, run_migrations

# The oldest that is tried; those before it are no longer mended by their makers.
OLDEST: Final = 15
MIGRATION_SECONDS: Final = 600

HALF_DONE: Final = "house_move"
"""The table that says a move into this database is not done."""

_PRESENT: Final = "SELECT version_num FROM alembic_version"


async def bring_server(address: Secret, to: str | None = None) -> bool:
    """Look at the server, run what is missing. True when something was run. Raises ``DatabaseNotReady``."""
    try:
        line = await connect(address, statement_seconds=STATEMENT_SECONDS)
        try:
            await _check(line)
            if await line.fetchval("SELECT to_regclass($1)", HALF_DONE):
                raise DatabaseNotReady("A house is half moved into this database; `server.py move` goes on with it.")
            has_any = await line.fetchval("SELECT to_regclass('alembic_version')")
            present = await line.fetchval(_PRESENT) if has_any else None
        finally:
            await line.close()
        return is_missing(present, "on the server", to) and await _upgrade(address, to)
    except (*REFUSALS, DBAPIError, OSError, ValueError) as error:
        raise DatabaseNotReady(f"The database server cannot be used ({_told(error)}).") from None


async def _check(line: Any) -> None:  # Any: asyncpg's own connection
    major = line.get_server_version().major
    if major < OLDEST:
        raise DatabaseNotReady(f"The database server is PostgreSQL {major}; Porchlight needs {OLDEST} or newer.")
    if await line.fetchval("SHOW server_encoding") != "UTF8":
        raise DatabaseNotReady("The database cannot hold every script; make it with the encoding UTF8.")
    if await line.fetchval("SHOW fsync") != "on":
        raise DatabaseNotReady("The database server does not wait for its disk: turn fsync on, or words are lost.")
    if await line.fetchval("SELECT pg_is_in_recovery()"):
        raise DatabaseNotReady("The database server is a copy that only reads; name the one that writes.")


async def _upgrade(address: Secret, to: str | None) -> bool:
    async def call() -> Any:
        return await connect(address, statement_seconds=MIGRATION_SECONDS)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=call, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            # Two servers that start at once: the second waits here and finds the work done.
            await connection.execute(text(f"SET LOCAL lock_timeout = '{MIGRATION_SECONDS}s'"))
            await take_the_pen(connection)
            has_any = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
            if has_any and not is_missing(await connection.scalar(text(_PRESENT)), "on the server", to):
                return False
            await connection.run_sync(run_migrations, to)
        return True
    finally:
        await engine.dispose()


def _told(error: Exception) -> str:
    """What went wrong, in the driver's words; never what it was told, for a password is among that."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, OSError) or hasattr(error, "sqlstate") else kind
