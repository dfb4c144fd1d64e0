"""The list over two thousand tips: one seal a shelf, none of a tip, and no statement that walks through all of them.

`python -m bench inbox` has the milliseconds, over a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.tips.filled import fill
from portal.vault import shelves, tips as vault
from tests.tips.conftest import TipHouse
from tests.tips.test_shelves_model import nobody_goes
from tips import shelf_rows, store
from tips.shelf import CLOSED, EVERYTHING, MOST_TIPS, PAGE, Choice
from tips.staying import rows as clocks
from tips.tip import Status

pytestmark = pytest.mark.anyio

MANY = 2_000


async def test_a_page_and_a_search_open_a_seal_a_shelf_and_none_of_a_tip(
    house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(house, [house.services.database], MANY)
    assert await house.puts_up() == MANY // MOST_TIPS
    opened = {"tips": 0, "shelves": 0}
    of_tip, of_shelf = vault.open_words_key, shelves.open_shelf_key

    def count_tip(*told: Any) -> bytes:
        opened["tips"] += 1
        return of_tip(*told)

    def count_shelf(*told: Any) -> bytes:
        opened["shelves"] += 1
        return of_shelf(*told)

    monkeypatch.setattr(vault, "open_words_key", count_tip)
    monkeypatch.setattr(shelves, "open_shelf_key", count_shelf)
    page = await house.listing.page(house.robin, CLOSED, 3)
    assert (len(page.rows), page.total, page.waiting) == (PAGE, MANY * 95 // 100, 0)
    assert opened == {"tips": 0, "shelves": MANY // MOST_TIPS}
    found = await house.search.find(house.robin, EVERYTHING, ("nothinglikeit",), nobody_goes)
    assert found.total == 0
    # Open ones stand beside open ones: its cards, and its words.
    assert opened == {"tips": 0, "shelves": MANY // MOST_TIPS + 2}
    opened["shelves"] = 0
    assert (await house.listing.page(house.robin, Choice(status=Status.CLOSED, days="today"))).total == 0
    async with house.services.database.read() as connection:
        with_new = await shelf_rows.shelves_with(connection, [Status.NEW])
    assert (await house.listing.page(house.robin, Choice(status=Status.NEW))).total > 0
    assert opened == {"tips": 0, "shelves": MANY // MOST_TIPS + len(with_new)}


READS: dict[str, Callable[[AsyncConnection], Awaitable[Any]]] = {
    "newest loose": lambda each: store.newest_loose(each, 10),
    "newest loose that are open": lambda each: store.newest_loose(each, 10, EVERYTHING.statuses),
    "newest loose that are closed": lambda each: store.newest_loose(each, 10, CLOSED.statuses),
    "how many loose are open": lambda each: shelf_rows.count_loose_of(each, EVERYTHING.statuses),
    "which of a page go soon": lambda each: clocks.going(each, [b"t" * 16]),
    "some of the loose": lambda each: store.read_loose(each, [b"t" * 16], EVERYTHING.statuses),
    "loose of days gone by": lambda each: shelf_rows.loose_before(each, "2026-03-04", limit=10),
    "how many are loose": lambda each: shelf_rows.count_loose(each, "2026-03-04"),
    "old copies": shelf_rows.stale,
    "those of a shelf": lambda each: shelf_rows.places(each, [b"t" * 16], [b"s" * 16]),
    "how many stand where": shelf_rows.count_standing,
    "shelves with something open": lambda each: shelf_rows.shelves_with(each, EVERYTHING.statuses),
}


@pytest.mark.parametrize("name", READS)
async def test_no_statement_of_the_list_walks_through_all_tips(house: TipHouse, name: str) -> None:
    asked: list[tuple[str, Any]] = []
    async with house.services.database.read() as connection:

        def note(_line: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool) -> None:
            asked.append((statement, given))

        event.listen(connection.sync_connection, "before_cursor_execute", note)
        await READS[name](connection)
        event.remove(connection.sync_connection, "before_cursor_execute", note)
        plans = [
            str(row[-1])
            for statement, given in asked
            for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN tips") and "INDEX" not in plan] == []
    if name.startswith(("newest loose", "how many loose", "which of a page", "some of")):
        assert not [plan for plan in plans if "tips_by_status" in plan], "every tip of a status would be looked through"
