"""Holds closing many with one act: changed ones stay, twice is once, two at once share, a kill leaves whole batches."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.ids import random_id
from portal.staff.tables import audit
from portal.store.database import DatabaseAway
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file, file_with_receipt
from tips.crowd import together as under_test
from tips.crowd.together import Closing, Drawn, Outcome, Together, closing_of
from tips.tip import Kind, Status
from tips.work.openings import Openings
from tips.work.reasons import Reason

pytestmark = pytest.mark.anyio


@pytest.fixture
def together(house: TipHouse) -> Together:
    return Together(house.services, house.doors, house.book)


async def filed(house: TipHouse, count: int) -> list[bytes]:
    return [(await file(house, wants_number=False)).filing.tip for _ in range(count)]


async def statuses(house: TipHouse, tips: list[bytes]) -> list[Status]:
    for tip in tips:
        await Openings(house.services).state(house.robin, tip, Reason.CHECK)  # a colleague may have closed it
    return [(await house.review.open(house.robin, tip)).status for tip in tips]


async def lines(house: TipHouse) -> list[str]:
    """The audit lines of acts on many."""
    async with house.services.database.read() as connection:
        acts = await connection.scalars(select(audit.c.act).where(audit.c.act.like("tip.heap%")).order_by(audit.c.n))
    return list(acts)


async def closes(house: TipHouse, together: Together, tips: list[bytes]) -> tuple[Closing, Outcome]:
    act = random_id()
    outcome = await together.close(house.robin, act, await together.drawn(tips))
    assert outcome.first is not None
    return Closing(act, outcome.first), outcome


async def test_many_are_closed_with_one_line_and_an_entry_each_and_opened_again_with_one(
    house: TipHouse, together: Together
) -> None:
    tips = await filed(house, 6)
    await house.review.set_status(house.robin, tips[2], Status.BEING_READ)
    house.clock.advance(timedelta(seconds=1))
    closing, outcome = await closes(house, together, tips)
    assert outcome == Outcome(6, 0, 0, tips[0])
    assert await statuses(house, tips) == [Status.CLOSED] * 6
    for tip in tips:
        read = await house.review.open(house.robin, tip)
        assert [entry.alias for entry in read.entries if entry.act == "heap_closed"] == ["Robin"]
        assert closing_of(read.status, read.entries) == closing
    house.clock.advance(timedelta(days=3))
    again = await together.open_again(house.robin, closing)
    assert (again.moved, again.left) == (6, 0)
    assert (await statuses(house, tips))[1:4] == [Status.NEW, Status.BEING_READ, Status.NEW]
    assert await lines(house) == ["tip.heap_closed:6", "tip.heap_undone:6"]


async def test_a_tip_to_which_she_wrote_since_the_page_was_drawn_is_not_closed(
    house: TipHouse, together: Together
) -> None:
    filing, receipt = await file_with_receipt(house)
    tips = [filing.tip, *await filed(house, 2)]
    drawn = await together.drawn(tips)
    visit = await house.doors.tip_for_receipt(receipt)
    assert visit is not None
    await house.follow_up.add(visit, "It was the blue door, not the red one.", random_id())
    outcome = await together.close(house.robin, random_id(), drawn)
    assert (outcome.moved, outcome.left) == (2, 1)
    assert await statuses(house, tips) == [Status.NEW, Status.CLOSED, Status.CLOSED]


async def test_whoever_sent_it_reads_that_it_is_closed_and_her_words_open_it(
    house: TipHouse, together: Together
) -> None:
    filing, receipt = await file_with_receipt(house)
    closing, _ = await closes(house, together, [filing.tip, *await filed(house, 2)])
    visit = await house.doors.tip_for_receipt(receipt)
    assert visit is not None
    thread = await house.follow_up.read(visit)
    assert thread.status is Status.CLOSED
    assert [part.kind for part in thread.closed] == [Kind.TOLD]
    await house.follow_up.add(visit, "Please read this.", random_id())
    assert await statuses(house, [filing.tip]) == [Status.NEW]
    again = await together.open_again(house.robin, closing)
    assert (again.moved, again.left) == (2, 1)


async def test_pressed_twice_is_done_once(house: TipHouse, together: Together) -> None:
    tips, act = await filed(house, 4), random_id()
    drawn = await together.drawn(tips)
    first = await together.close(house.robin, act, drawn)
    assert await together.close(house.robin, act, drawn) == first == Outcome(4, 0, 0, tips[0])
    closing = Closing(act, tips[0])
    assert (await together.open_again(house.robin, closing)).moved == 4
    assert (await together.open_again(house.robin, closing)).moved == 0
    assert await lines(house) == ["tip.heap_closed:4", "tip.heap_undone:4"]


async def test_two_people_at_once_close_each_tip_once(house: TipHouse, together: Together) -> None:
    tips = await filed(house, 30)
    drawn = await together.drawn(tips)
    colleague = replace(house.robin, staff_id=b"c" * 16, alias="Kim")
    acts = [random_id(), random_id()]
    outcomes = await asyncio.gather(
        together.close(house.robin, acts[0], drawn), together.close(colleague, acts[1], list(reversed(drawn)))
    )
    assert sum(outcome.moved for outcome in outcomes) == 30
    assert await statuses(house, tips) == [Status.CLOSED] * 30
    for tip in tips[:3]:
        entries = (await house.review.open(house.robin, tip)).entries
        assert len([entry for entry in entries if entry.act == "heap_closed"]) == 1


async def test_what_a_colleague_decided_since_is_not_undone(house: TipHouse, together: Together) -> None:
    tips = await filed(house, 3)
    closing, _ = await closes(house, together, tips)
    for status in (Status.BEING_READ, Status.CLOSED):
        house.clock.advance(timedelta(seconds=1))
        await house.review.set_status(house.robin, tips[1], status)
    again = await together.open_again(house.robin, closing)
    assert (again.moved, again.left) == (2, 1)
    assert await statuses(house, tips) == [Status.NEW, Status.CLOSED, Status.NEW]


async def test_cut_off_between_two_batches_it_goes_on_where_it_was(
    house: TipHouse, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "BATCH", 2)
    tips, act, batches = await filed(house, 5), random_id(), 0
    drawn, close_batch = await together.drawn(tips), Together._close_batch

    async def cut(self: Together, *told: object) -> object:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise DatabaseAway("cut off")
        return await close_batch(self, *told)  # type: ignore[arg-type]

    monkeypatch.setattr(Together, "_close_batch", cut)
    with pytest.raises(DatabaseAway):
        await together.close(house.robin, act, drawn)
    assert await statuses(house, tips) == [Status.CLOSED] * 2 + [Status.NEW] * 3
    assert await together.close(house.robin, act, drawn) == Outcome(5, 0, 0, tips[0])
    assert (await together.open_again(house.robin, Closing(act, tips[0]))).moved == 5
    assert await lines(house) == ["tip.heap_closed:2", "tip.heap_closed:2", "tip.heap_closed:1"] + [
        f"tip.heap_undone:{n}" for n in (2, 2, 1)
    ]


async def test_a_batch_that_breaks_leaves_nothing_of_itself(
    house: TipHouse, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = await filed(house, 4)
    drawn = await together.drawn(tips)

    async def breaks(*_told: object) -> None:
        raise DatabaseAway("cut off")

    monkeypatch.setattr(Together, "_line", breaks)
    with pytest.raises(DatabaseAway):
        await together.close(house.robin, random_id(), drawn)
    assert await statuses(house, tips) == [Status.NEW] * 4
    assert await together.drawn(tips) == drawn


async def test_without_the_key_nothing_is_closed(house: TipHouse, together: Together) -> None:
    tips = await filed(house, 2)
    outcome = await together.close(house.without_keys, random_id(), await together.drawn(tips))
    assert (outcome.moved, outcome.left) == (0, 2)
    assert await together.drawn([*tips, random_id()]) == [
        Drawn(each.tip, each.mark) for each in await together.drawn(tips)
    ]
    assert (await house.review.open(house.robin, tips[0])).status is Status.NEW
    assert FORM.words
