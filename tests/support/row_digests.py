"""Says of every table of a database how many rows it has and what stands in them, by one digest.

python -m tests.support.row_digests FILE
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import portal.assembly  # noqa: F401 - tables are named as they are read
import tips.routes  # noqa: F401
from portal.moving.digests import digests_of
from portal.store.database import Database, metadata


async def digests(database: Database) -> dict[str, tuple[int, str]]:
    """Each table's rows and their digest."""
    async with database.read() as connection:
        found = {each.name: await digests_of(connection, each, lambda: None) for each in metadata.sorted_tables}
    return {str.__str__(name): (each.many, each.whole) for name, each in found.items()}


async def _of_file(path: Path) -> dict[str, tuple[int, str]]:
    database = Database(path)
    try:
        return await digests(database)
    finally:
        await database.close()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_of_file(Path(sys.argv[1])))))
