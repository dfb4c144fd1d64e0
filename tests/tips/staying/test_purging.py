"""Holds the purge: from the last act of either side, warned of first, once, by whichever process comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.errors import NotThere
from portal.ids import random_id
from portal.staff.tables import audit
from tests.tips.staying.conftest import Weeks
from tests.tips.test_filing import FORM, file, file_with_receipt
from tests.tips.test_on_disk import on_disk, sealed_bytes
from tips.staying.purging import Purge
from tips.tables import tip_keys, tip_tombstones, tips
from tips.tip import Kind, Status

pytestmark = pytest.mark.anyio

YEAR = 53  # weeks, rounded up, of the 365 days a tip stays
WARNING = 6


@pytest.mark.asvs("14.2.7")
async def test_a_tip_that_was_answered_goes_a_year_after_the_last_act_and_was_warned_of(weeks: Weeks) -> None:
    filing, receipt = await weeks.answered()
    assert await weeks.until(lambda: weeks.is_warned(filing.tip)) in (YEAR - WARNING, YEAR - WARNING + 1)
    _, thread = await weeks.comes_back(receipt)
    assert thread.goes_from is not None
    left = (thread.goes_from - weeks.house.clock.now().date()).days
    assert 35 <= left <= 42
    assert await weeks.until(lambda: weeks.is_gone(filing.tip)) == WARNING
    assert weeks.house.clock.now().date() >= thread.goes_from


async def test_the_words_go_and_the_number_opens_an_empty_thread_she_can_write_in_and_be_answered_in(
    weeks: Weeks,
) -> None:
    filing, receipt = await weeks.answered()
    old = await sealed_bytes(weeks.house, filing.tip)
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    left = on_disk(weeks.house)
    assert not any(piece in left for piece in old if piece != old[3])  # its find id stays: it is the number's name
    visit, thread = await weeks.comes_back(receipt)
    assert (thread.is_empty, thread.closed, thread.open, thread.standing.given) == (True, (), (), {})
    assert visit.tip != filing.tip
    assert visit.keys != filing.visit.keys
    await weeks.house.follow_up.add(visit, "It is there again.", random_id())
    read = await weeks.house.review.open(weeks.house.robin, visit.tip)
    assert [(words.kind, words.text) for words in read.words] == [(Kind.ADDED, "It is there again.")]
    weeks.house.clock.advance(timedelta(minutes=1))
    await weeks.house.review.reply(weeks.house.robin, visit.tip, "Thank you.", random_id())
    _, thread = await weeks.comes_back(receipt)
    assert ([words.text for words in thread.open], thread.is_empty) == (["Thank you."], False)
    with pytest.raises(NotThere):
        await weeks.house.follow_up.read(filing.visit)


async def test_a_number_can_be_emptied_again_and_ends_when_its_own_days_are_over(weeks: Weeks) -> None:
    filing, receipt = await weeks.answered()
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    visit, _ = await weeks.comes_back(receipt)
    await weeks.house.follow_up.add(visit, "Again.", random_id())
    await weeks.house.review.reply(weeks.house.robin, visit.tip, "Thank you.", random_id())
    await weeks.until(lambda: weeks.is_gone(visit.tip))
    second, thread = await weeks.comes_back(receipt)
    assert thread.is_empty
    assert second.tip not in (visit.tip, filing.tip)
    assert await weeks.until(lambda: weeks.is_warned(second.tip)) >= YEAR - WARNING - 1
    await weeks.until(lambda: weeks.is_gone(second.tip))
    assert await weeks.house.doors.tip_for_receipt(receipt) is None


async def test_a_tip_nobody_answered_never_goes_by_the_clock(weeks: Weeks) -> None:
    new = (await file(weeks.house)).filing.tip
    taken = (await file(weeks.house)).filing.tip
    await weeks.house.review.set_status(weeks.house.robin, taken, Status.BEING_READ)
    await weeks.go_by(2 * YEAR + 20)
    assert await weeks.is_there(new)
    assert await weeks.is_there(taken)
    await weeks.house.review.set_status(weeks.house.robin, new, Status.CLOSED)
    await weeks.go_by(YEAR - WARNING - 1)
    assert not await weeks.is_warned(new)


@pytest.mark.parametrize(
    "act", ["writes", "keeps", *(pytest.param(act, marks=pytest.mark.long) for act in ("answers", "closes"))]
)
async def test_whatever_either_side_does_restarts_the_clock_even_in_the_last_week(weeks: Weeks, act: str) -> None:
    filing, _ = await weeks.answered()
    house = weeks.house
    await weeks.until(lambda: weeks.is_warned(filing.tip))
    await weeks.go_by(WARNING - 1)
    house.clock.advance(timedelta(days=6))
    match act:
        case "writes":
            await house.follow_up.add(filing.visit, "Still there.", random_id())
        case "keeps":
            await house.follow_up.keep(filing.visit)
        case "answers":
            await house.review.reply(house.robin, filing.tip, "We are here.", random_id())
        case "closes":
            await house.review.set_status(house.robin, filing.tip, Status.CLOSED)
    assert not await weeks.is_warned(filing.tip)
    await weeks.go_by(YEAR - WARNING - 1)
    assert await weeks.is_there(filing.tip)


async def test_without_a_number_all_of_it_goes(weeks: Weeks) -> None:
    filing = (await file(weeks.house, wants_number=False)).filing
    await weeks.house.review.set_status(weeks.house.robin, filing.tip, Status.CLOSED)
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    assert sum([await weeks.count(status) for status in Status]) == 0


async def test_after_a_long_stand_still_the_whole_warning_is_given_first(weeks: Weeks) -> None:
    filing, _ = await weeks.answered()
    await weeks.go_by(1)
    weeks.house.clock.advance(timedelta(days=800))
    await weeks.purge.round()
    assert await weeks.is_warned(filing.tip)
    assert await weeks.until(lambda: weeks.is_gone(filing.tip)) == WARNING


async def test_a_second_round_of_the_week_does_nothing_and_none_runs_beside_another(weeks: Weeks) -> None:
    filing, _ = await weeks.answered()
    await weeks.until(lambda: weeks.is_warned(filing.tip))
    assert (await weeks.purge.round()).warned == 0
    await weeks.house.services.embers.put_new(b"tips:round", b"1", timedelta(minutes=1))
    weeks.house.clock.advance(timedelta(days=70))
    assert not (await Purge(weeks.house.services, weeks.house.retention).round()).is_done
    assert await weeks.is_there(filing.tip)


async def test_a_key_put_in_place_of_the_receipts_gets_nothing_sealed_to_it(weeks: Weeks) -> None:
    """Whoever writes rows could else read what is written to a number after its words are gone."""
    (filing, number), (other, its) = await weeks.answered(), await weeks.answered()
    async with weeks.house.services.database.write() as connection:
        of_other = select(tip_keys.c.channel).where(tip_keys.c.tip == other.tip).scalar_subquery()
        await connection.execute(update(tip_keys).where(tip_keys.c.tip == filing.tip).values(channel=of_other))
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    assert await weeks.house.doors.tip_for_receipt(number) is None
    assert (await weeks.comes_back(its))[1].is_empty


async def test_a_purge_leaves_a_tombstone_and_a_line_without_a_name(weeks: Weeks) -> None:
    filing, _ = await weeks.answered()
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    async with weeks.house.services.database.read() as connection:
        lines = (await connection.execute(select(audit).where(audit.c.act == "tip.purged"))).all()
        stones = (await connection.execute(select(tip_tombstones))).all()
    assert [(line.staff, line.subject) for line in lines] == [(bytes(16), filing.tip)]
    assert [stone.tip for stone in stones] == [filing.tip]


async def test_more_than_one_round_holds_is_gone_on_with_and_nothing_else_goes(
    weeks: Weeks, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tips.staying import purging

    for name in ("LOOKS_AT_ONCE", "GO_AT_ONCE", "GO_IN_A_ROUND", "LOOKS_IN_A_ROUND"):
        monkeypatch.setattr(purging, name, 1)
    going = [(await weeks.answered())[0].tip for _ in range(2)]
    stays, its_number = await file_with_receipt(weeks.house)
    rounds = 0
    while any([await weeks.is_there(tip) for tip in going]):
        rounds += 1
        assert rounds < 300
        if (await weeks.purge.round()).is_done:
            weeks.house.clock.advance(timedelta(days=7))
    _, thread = await weeks.comes_back(its_number)
    assert [words.text for words in thread.closed] == [FORM.words]
    assert await weeks.is_there(stays.tip)


async def test_the_disk_says_the_week_of_the_next_look_and_nothing_finer(weeks: Weeks) -> None:
    """Filed, answered and kept at other hours of other days of one week, they look alike before its round and after."""
    visits = [(await weeks.answered())[0].visit]
    weeks.house.clock.advance(timedelta(hours=31))
    visits += [(await weeks.answered())[0].visit]
    assert await stands(weeks) == {("", "")}
    weeks.house.clock.advance(timedelta(days=5))
    await weeks.purge.round()
    (looked,) = await stands(weeks)
    assert (len(looked[0]), looked[1]) == (10, "warn")
    await weeks.house.follow_up.keep(visits[0])
    weeks.house.clock.advance(timedelta(hours=31))
    await weeks.house.follow_up.add(visits[1], "More.", random_id())
    assert await stands(weeks) == {("", "")}


async def stands(weeks: Weeks) -> set[tuple[str, str]]:
    async with weeks.house.services.database.read() as connection:
        return {(row.look, row.step) for row in await connection.execute(select(tips.c.look, tips.c.step))}
