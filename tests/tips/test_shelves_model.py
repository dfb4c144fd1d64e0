"""Whatever is done to tips, in any order, by two desks at once: none is lost, shown twice, or shown as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, select

from portal.ids import random_id
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file
from tips import copying, shelf, shelf_rows
from tips.access import Visit
from tips.copying import ShelfKeys
from tips.folding import terms
from tips.form import TipForm
from tips.inbox import Listing
from tips.search import Search
from tips.shelf import CLOSED, EVERYTHING, Choice
from tips.shelving import Shelving
from tips.tables import tip_keys, tip_parts, tip_shelf_keys, tip_shelves, tips
from tips.tip import Child, Status, Urgency
from tips.workroom import Workroom

pytestmark = pytest.mark.anyio

FEW = 4

ACTS = ("file", "add", "reply", "read", "close", "erase", "day", "put up", "two desks", "beside", "cut")


@dataclass
class Known:
    """What the test knows of a tip: how it stands, and every word that was ever put into it."""

    visit: Visit
    status: Status = Status.NEW
    words: list[str] = field(default_factory=list)


class Model:
    """The house, and beside it what must be true of it."""

    def __init__(self, house: TipHouse) -> None:
        self.house = house
        self.known: dict[bytes, Known] = {}
        workroom = Workroom()
        listing = Listing(house.services, house.doors, workroom)
        self.other_desk = Shelving(house.services, house.doors, workroom)
        self.search = Search(house.services, house.doors, workroom, listing)
        self.count = 0

    def new_word(self) -> str:
        self.count += 1
        return f"word{self.count}x"

    def pick(self, number: int) -> tuple[bytes, Known] | None:
        names = sorted(self.known)
        return (names[number % len(names)], self.known[names[number % len(names)]]) if names else None

    async def does(self, act: str, number: int) -> None:
        """One act; what needs a tip does nothing where there is none."""
        match act:
            case "file":
                await self.files(number)
            case "day":
                self.house.clock.advance(timedelta(days=1))
            case "put up":
                await self.house.puts_up()
            case "two desks":
                await self.puts_up_with(lambda batch: self.other_desk.put_up(self.house.robin, batch))
            case "cut":
                await self.is_cut(number)
            case "beside":
                await self.puts_up_with(lambda _: self.changes(ACTS[1 + number % 5], number))
            case _:
                await self.changes(act, number)

    async def files(self, number: int) -> None:
        word = self.new_word()
        urgency, child = list(Urgency)[number % 4], list(Child)[number % 3]
        filing = (await file(self.house, TipForm(words=word, urgency=urgency, child=child))).filing
        self.known[filing.tip] = Known(filing.visit, words=[word])

    async def changes(self, act: str, number: int) -> bool:
        picked = self.pick(number)
        if picked is None:
            return False
        (tip, known), house = picked, self.house
        match act:
            case "add":
                known.words.append(self.new_word())
                await house.follow_up.add(known.visit, known.words[-1], random_id())
                known.status = Status.NEW
            case "reply":
                known.words.append(self.new_word())
                await house.review.reply(house.robin, tip, known.words[-1], random_id())
                known.status = Status.ANSWERED
            case "read" | "close":
                known.status = Status.BEING_READ if act == "read" else Status.CLOSED
                await house.review.set_status(house.robin, tip, known.status)
            case "erase":
                del self.known[tip]
                await house.retention.erase(tip)
        return True

    async def puts_up_with(self, beside: object) -> None:
        """Every batch that is due, while something else is done at the same time."""
        for batch in await self.house.shelving.due():
            other: Coroutine[object, object, object] = beside(batch)  # type: ignore[operator]
            await asyncio.gather(self.house.shelving.put_up(self.house.robin, batch), other)

    async def is_cut(self, number: int) -> None:
        """A batch is put up by a desk that is gone after so many steps of the loop."""
        for batch in (await self.house.shelving.due())[:1]:
            work = asyncio.create_task(self.other_desk.put_up(self.house.robin, batch))
            for _ in range(number * 3):
                await asyncio.sleep(0)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def holds(self) -> None:
        """The list is what it must be, each tip is found by each of its words, and no copy is out of reach."""
        house = self.house
        shown: dict[bytes, Status] = {}
        for choice in (EVERYTHING, CLOSED):
            page = await house.listing.page(house.robin, choice)
            assert len(page.rows) == page.total
            assert list(page.rows) == sorted(page.rows, key=shelf.place)
            assert all((row.status is Status.CLOSED) == (choice is CLOSED) for row in page.rows)
            shown |= {row.id: row.status for row in page.rows}
        assert shown == {tip: known.status for tip, known in self.known.items()}
        await self.copies_hold()

    async def copies_hold(self) -> None:
        keys = ShelfKeys(self.house.robin.compartment_keys("tips"), self.house.doors.live_peppers)
        async with self.house.services.database.read() as connection:
            named = {row.id: (row.shelf, row.loose) for row in await connection.execute(select(tips))}
            names = await shelf_rows.shelf_ids(connection)
            whole = {name: await shelf_rows.read_shelf(connection, name) for name in names}
        standing = []
        for name, sealed in whole.items():
            assert sealed is not None
            for copied in keys.whole(name, sealed) or []:
                tip = copied.standing.id
                assert named[tip][0] == name, "a copy that no erasing would find"
                if named[tip][1] == shelf_rows.STANDS:
                    standing.append(tip)
                    assert copied.standing.status is self.known[tip].status
                    assert set(copied.words.split()) == set(self.known[tip].words)
        assert sorted(standing) == sorted(tip for tip, (_, loose) in named.items() if loose == shelf_rows.STANDS)

    async def finds(self) -> None:
        """Each word finds the one tip it stands in; one of an erased tip finds nothing."""
        for word in [f"word{number}x" for number in range(1, self.count + 1)]:
            found: set[bytes] = set()
            for status in (None, Status.CLOSED):
                got = await self.search.find(self.house.robin, Choice(status=status), terms(word), nobody_goes)
                found |= set(got.tips)
            assert found == {tip for tip, known in self.known.items() if word in known.words}


async def nobody_goes() -> bool:
    return False


@pytest.fixture
def small_shelves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shelves of four, so that a dozen tips fill some."""
    for module in (shelf, copying):
        monkeypatch.setattr(module, "MOST_TIPS", FEW)
    monkeypatch.setattr(shelf, "CROWD", FEW // 2)


steps_of_a_day = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40)), min_size=8, max_size=16)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps_of_a_day)
async def test_no_sequence_of_acts_loses_doubles_or_shows_a_tip_as_it_was(
    house: TipHouse, small_shelves: None, steps: list[tuple[str, int]]
) -> None:
    await lives_through(house, steps)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps_of_a_day)
async def test_no_sequence_of_acts_does_it_however_many_are_tried(
    house: TipHouse, small_shelves: None, steps: list[tuple[str, int]]
) -> None:
    await lives_through(house, steps)


async def lives_through(house: TipHouse, steps: list[tuple[str, int]]) -> None:
    """Begin with five tips on shelves, and look after each step."""
    await empty(house)
    model = Model(house)
    for number in range(5):
        await model.files(number)
    for act, number in [("day", 0), ("put up", 0), *steps]:
        await model.does(act, number)
        await model.holds()
    await model.finds()


async def empty(house: TipHouse) -> None:
    async with house.services.database.write() as connection:
        for table in (tip_shelf_keys, tip_shelves, tip_parts, tip_keys, tips):
            await connection.execute(delete(table))
