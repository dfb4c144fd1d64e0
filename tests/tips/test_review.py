"""Holds what staff see: rows only with the key, names only with theirs, and a line for every opening."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import NotThere
from portal.ids import random_id
from portal.staff.tables import audit
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file, file_with_receipt
from tips.form import TipForm
from tips.shelf import EVERYTHING
from tips.tip import Child, Status, Urgency

pytestmark = pytest.mark.anyio


async def lines(house: TipHouse) -> list[tuple[str, bytes, str]]:
    """The audit lines about tips: act, subject, day."""
    async with house.services.database.read() as connection:
        rows = await connection.execute(select(audit).where(audit.c.act.like("tip.%")).order_by(audit.c.n))
        return [(row.act, row.subject, row.day) for row in rows]


async def test_urgent_tips_come_first_then_new_ones_then_the_newest(house: TipHouse) -> None:
    quiet = (await file(house, TipForm(words="quiet"))).filing.tip
    house.clock.advance(timedelta(days=1))
    answered = (await file(house, TipForm(words="answered"))).filing.tip
    await house.review.reply(house.robin, answered, "Thank you.", random_id())
    later = (await file(house, TipForm(words="later"))).filing.tip
    child = (await file(house, TipForm(words="child", child=Child.YES))).filing.tip
    now = (await file(house, TipForm(words="now", urgency=Urgency.NOW))).filing.tip
    inbox = await house.listing.page(house.robin, EVERYTHING)
    assert [row.id for row in inbox.rows] == [now, child, later, quiet, answered]
    assert inbox.counts == {Status.NEW: 4, Status.BEING_READ: 0, Status.ANSWERED: 1, Status.CLOSED: 0}


async def test_looking_at_the_inbox_opens_nothing(house: TipHouse) -> None:
    await file(house)
    await house.listing.page(house.robin, EVERYTHING)
    assert await lines(house) == []


async def test_every_opening_leaves_a_line_without_content(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    await house.review.open(house.robin, tip)
    await house.review.open(house.robin, tip)
    assert await lines(house) == [("tip.opened", tip, "2026-03-04")] * 2


async def test_opening_moves_no_status(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await house.review.open(house.robin, filing.tip)
    assert (await house.follow_up.read(filing.visit)).status is Status.NEW


async def test_without_the_key_for_tips_only_counts_are_shown(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    inbox = await house.listing.page(house.without_keys, EVERYTHING)
    assert (inbox.rows, inbox.may_read, inbox.counts[Status.NEW]) == ((), False, 1)
    with pytest.raises(NotThere):
        await house.review.open(house.without_keys, tip)
    assert await lines(house) == []


async def test_without_the_key_nothing_can_be_answered_or_closed(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    with pytest.raises(NotThere):
        await house.review.reply(house.without_keys, filing.tip, "hello", random_id())
    with pytest.raises(NotThere):
        await house.review.set_status(house.without_keys, filing.tip, Status.CLOSED)
    thread = await house.follow_up.read(filing.visit)
    assert (thread.status, thread.open) == (Status.NEW, ())


async def test_names_need_their_own_key(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    assert (await house.review.open(house.robin, tip)).reach == FORM.reach
    read = await house.review.open(house.without_names, tip)
    assert read.reach is None
    assert read.words[0].text == FORM.words


async def test_nobody_left_a_way_is_told_from_nobody_may_see(house: TipHouse) -> None:
    tip = (await file(house, TipForm(words="w"))).filing.tip
    assert (await house.review.open(house.robin, tip)).reach == ""


async def test_a_tip_that_is_not_there_and_one_that_is_erased_are_one_answer(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await house.follow_up.erase(filing.visit)
    for tip in (filing.tip, random_id()):
        with pytest.raises(NotThere):
            await house.review.open(house.robin, tip)
    assert await lines(house) == []


async def test_a_reply_sent_twice_stands_once(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    part = random_id()
    for _ in range(2):
        await house.review.reply(house.robin, filing.tip, "Thank you.", part)
    assert len((await house.follow_up.read(filing.visit)).open) == 1
    assert [act for act, _, _ in await lines(house)] == ["tip.answered"]


async def test_a_closed_tip_stands_under_closed_and_can_be_taken_up_again(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    await house.review.set_status(house.robin, tip, Status.CLOSED)
    assert await house.shown() == []
    assert await house.shown(closed=True) == [tip]
    await house.review.set_status(house.robin, tip, Status.BEING_READ)
    assert [row.status for row in (await house.listing.page(house.robin, EVERYTHING)).rows] == [Status.BEING_READ]


@pytest.mark.parametrize("status", [Status.NEW, Status.ANSWERED])
async def test_staff_cannot_claim_what_was_not_done(house: TipHouse, status: Status) -> None:
    tip = (await file(house)).filing.tip
    with pytest.raises(NotThere):
        await house.review.set_status(house.robin, tip, status)


async def test_a_broken_seal_hides_one_row_and_no_other(house: TipHouse) -> None:
    from sqlalchemy import update

    from tips.tables import tips

    broken, whole = (await file(house)).filing.tip, (await file(house)).filing.tip
    async with house.services.database.write() as connection:
        await connection.execute(update(tips).where(tips.c.id == broken).values(card=b"\x01\x01" + b"x" * 60))
    assert await house.shown() == [whole]
