"""Takes the time of what a desk and a reporter ask of the store of tips, and asks each database for its plans."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.figures import Figures
from portal.staff.trail.audit_chain import AuditChain
from portal.store.database import Database
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file
from tips import store
from tips.inbox import MOST_LOOSE
from tips.work.reasons import Reason

EXPLAIN: Final = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
# Each erasing on a server writes the table of the keys anew: a few tell enough.
ERASED: Final = 5


@dataclass(frozen=True)
class Measured:
    """One database: times of each thing that was asked, and the plans of what only reads, as it told them."""

    name: str
    figures: Sequence[Figures]
    plans: Mapping[str, str]


async def measure(name: str, house: TipHouse, database: Database, ids: Sequence[bytes], rounds: int) -> Measured:
    """All of it on one database; the house reads and writes there from here on."""
    # A chain of this database's own: it goes along with whatever is written there.
    database.beside = database.beside or AuditChain(house.services.staff.folder)
    house.services.database = database
    some, last = random.Random(4), iter(reversed(ids))
    reads: dict[str, Callable[[AsyncConnection], Awaitable[Any]]] = {
        "inbox: how many of each status": store.count_by_status,
        f"inbox: the newest {MOST_LOOSE} that stand on no shelf": lambda each: store.newest_loose(each, MOST_LOOSE),
        "open one: its row and its keys": lambda each: store.read_tip(each, some.choice(ids)),
        "open one: its parts": lambda each: store.read_parts(each, some.choice(ids)),
    }
    figures = [Figures(each, await _times(_reading(database, ask), rounds)) for each, ask in reads.items()]
    acts: dict[str, tuple[Callable[[], Awaitable[Any]], int]] = {
        "open one whole: unsealed, and its line in the audit": (
            # A closed one asks why, and most are closed after three years.
            lambda: house.review.open(house.robin, some.choice(ids), reason=Reason.CHECK),
            rounds,
        ),
        "file one: sealed, committed": (lambda: file(house, wants_number=False), rounds),
        "erase one: until its keys are in no file of theirs": (
            lambda: house.retention.erase(next(last)),
            min(ERASED, rounds),
        ),
    }
    for each, (act, times) in acts.items():
        figures.append(Figures(each, await _times(act, times, warm=0)))
    return Measured(name, figures, {each: await _plan(database, ask) for each, ask in reads.items()})


def _reading(database: Database, ask: Callable[[AsyncConnection], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    async def read() -> None:
        async with database.read() as connection:
            await ask(connection)

    return read


async def _times(act: Callable[[], Awaitable[Any]], rounds: int, warm: int = 5) -> list[float]:
    for _ in range(warm):
        await act()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await act()
        took.append((time.perf_counter() - began) * 1000)
    return took


async def _plan(database: Database, ask: Callable[[AsyncConnection], Awaitable[Any]]) -> str:
    """What the database says it would do for the very statement that the store asks."""
    async with database.read() as connection:
        asked: list[tuple[str, Any]] = []

        def note(_line: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool) -> None:
            asked.append((statement, given))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await ask(connection)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        told: list[Any] = []
        # Many rows are read a piece at a time: the first piece, and one that follows.
        for statement, given in [each for each in asked if each[0].startswith("SELECT")][:2]:
            told += await connection.exec_driver_sql(EXPLAIN[connection.dialect.name] + statement, given)
        # Which tip it was says nothing, and would be another one in each page.
        return re.sub(r"'\\x[0-9a-f]{32}'", "'...'", "\n".join(str(row[-1]) for row in told))
