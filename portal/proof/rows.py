"""Searches the rows of a database server over its line, and says that its files were not looked into."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from portal.proof.needles import Haystack
from portal.proof.places import Found, Searched
from portal.store.database import Database

_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"


async def search_rows(called: str, database: Database, haystack: Haystack, folders: Iterable[Path]) -> Searched:
    """Every row of every table that stands there, whoever made it. Raises `DatabaseAway`.

    What the server keeps besides, of rows that were deleted for example, is in its files: they count as not read unless
    its folder is one of `folders`, which are searched as files.
    """
    searched = Searched(called, kind="rows")
    async with database.read() as connection:
        for (table,) in (await connection.execute(text(_TABLES))).all():
            async for row in await connection.stream(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the server's word
                content = b"\0".join(_bytes(value) for value in row)
                searched.many += 1
                searched.size += len(content)
                searched.found += [Found(each, f"{called}, table {table}") for each in haystack.found_in(content)]
    if not any((folder / "PG_VERSION").exists() for folder in folders):
        searched.unread.append("the database server's own files (name its folder with --also, where you may read it)")
    return searched


def _bytes(value: Any) -> bytes:  # Any: a row of a table that may be anybody's
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
