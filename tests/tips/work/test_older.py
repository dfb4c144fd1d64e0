"""Holds the list to showing what is urgent while older tips wait for a shelf, and to saying what nobody looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.html import Document
from tests.tips.work.conftest import WorkDesk, WorkHouse
from tips import inbox, older
from tips.shelf import CLOSED, EVERYTHING
from tips.tip import Child, Status, Urgency

pytestmark = pytest.mark.anyio

FEW = 3


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are opened by a page itself."""
    monkeypatch.setattr(inbox, "MOST_LOOSE", FEW)
    monkeypatch.setattr(older, "LOOKED_AT_ONCE", 2)


async def many(work: WorkHouse) -> tuple[set[bytes], set[bytes]]:
    """Urgent tips of days gone by, and what came after them."""
    work.tips.clock.advance(timedelta(days=-6))  # her session is of today
    urgent = {
        (await work.filed("now", urgency=Urgency.NOW)).tip,
        (await work.filed("young", child=Child.YES)).tip,
    }
    other = set()
    for n in range(6):
        work.tips.clock.advance(timedelta(days=1))
        other.add((await work.filed(f"van {n}")).tip)
    return urgent, other


async def test_an_older_urgent_tip_shows_once_it_is_found_and_is_opened_by_the_readers_own_keys(
    work: WorkHouse,
) -> None:
    urgent, _ = await many(work)
    listing, robin = work.tips.listing, work.tips.robin
    before = await listing.page(robin, EVERYTHING)
    assert (before.total, before.waiting, before.unlooked) == (FEW, 5, 8)
    assert not urgent & {row.id for row in before.rows}
    await listing.older.look(robin)
    after = await listing.page(robin, EVERYTHING)
    assert {row.id for row in after.rows[:2]} == urgent
    assert (after.total, after.waiting, after.unlooked) == (FEW + 2, 3, 0)
    assert after.by_rank[:2] == (1, 1)
    assert not (await listing.page(work.tips.without_keys, EVERYTHING)).rows


async def test_what_was_found_is_no_more_than_ids_and_goes_when_no_list_leaves_any_out(
    work: WorkHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    urgent, _ = await many(work)
    watch = work.tips.listing.older
    await watch.look(work.tips.robin)
    assert watch.urgent == urgent
    watch._lending.is_ready = True
    monkeypatch.setattr(inbox, "MOST_LOOSE", 100)
    await work.tips.listing.page(work.tips.robin, EVERYTHING)
    assert watch.urgent == frozenset()


async def test_what_was_closed_answered_or_erased_since_is_shown_as_it_is(work: WorkHouse) -> None:
    urgent, _ = await many(work)
    one, other = sorted(urgent)
    await work.tips.listing.older.look(work.tips.robin)
    await work.tips.review.set_status(work.tips.robin, one, Status.CLOSED)
    await work.tips.retention.erase(other)
    page = await work.tips.listing.page(work.tips.robin, EVERYTHING)
    assert not urgent & {row.id for row in page.rows}
    closed = await work.tips.listing.page(work.tips.robin, CLOSED)
    assert [row.id for row in closed.rows] == [one]
    assert closed.unlooked is None


async def test_closed_tips_take_no_place_of_open_ones(work: WorkHouse) -> None:
    first = (await work.filed("old and open")).tip
    for n in range(FEW + 2):
        work.tips.clock.advance(timedelta(days=1))
        await work.tips.review.set_status(work.tips.robin, (await work.filed(f"van {n}")).tip, Status.CLOSED)
    page = await work.tips.listing.page(work.tips.robin, EVERYTHING)
    assert ([row.id for row in page.rows], page.waiting) == ([first], 0)


async def test_a_tip_on_a_shelf_is_not_shown_twice(work: WorkHouse) -> None:
    urgent, other = await many(work)
    work.tips.clock.advance(timedelta(days=1))
    await work.tips.listing.older.look(work.tips.robin)
    assert await work.tips.puts_up() >= 1
    page = await work.tips.listing.page(work.tips.robin, EVERYTHING)
    assert sorted(row.id for row in page.rows) == sorted(urgent | other)
    assert page.waiting == 0


async def test_whoever_signed_out_lends_no_keys_any_more(work: WorkHouse) -> None:
    urgent, _ = await many(work)
    robin = work.tips.robin
    await work.tips.services.staff.sessions.end(robin.staff_id, robin.session)
    await work.tips.listing.older.look(robin)
    assert not urgent & work.tips.listing.older.urgent


async def test_more_than_are_remembered_end_a_round_and_are_said(
    work: WorkHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await many(work)
    monkeypatch.setattr(older, "MOST_URGENT", 1)
    await work.tips.listing.older.look(work.tips.robin)
    page = await work.tips.listing.page(work.tips.robin, EVERYTHING)
    assert page.unlooked is not None
    assert page.unlooked > 0


async def test_the_page_says_how_many_are_still_to_be_looked_through(desk: WorkDesk) -> None:
    await many(desk.work)
    words = Document((await desk.opens("/desk/tips")).text).words
    assert "5 older tips are not sorted in yet." in words
    assert "8 are still to be looked through for what is urgent." in words
