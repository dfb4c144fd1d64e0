"""Holds what staff write about a tip: sealed under a key no receipt opens, added once, gone with its tip."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.ids import random_id
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from portal.vault import tip_desk
from portal.vault.errors import SealBroken
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file, file_with_receipt
from tips import store
from tips.shelf import EVERYTHING
from tips.tables import tip_keys, tip_parts, tips
from tips.tip import Status
from tips.work import book as books
from tips.work.book import BookFull
from tips.work.card import DeskCard

pytestmark = pytest.mark.anyio


async def notes(house: TipHouse, tip: bytes, text: str, *, part: bytes = b"", who: Signed | None = None) -> bool:
    """Write a note about a tip, with a label on the card."""
    signed = who or house.robin
    async with house.services.database.write() as connection:
        opened = await house.doors.tip_for_advocate(connection, signed, tip)
        assert opened is not None
        return await house.book.write(
            connection,
            signed,
            opened,
            "note",
            part=part or random_id(),
            text=text,
            card=lambda _: DeskCard(b"", ("a",)),
        )


async def test_a_note_is_read_at_the_desk_with_who_wrote_it(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    await notes(house, tip, "first")
    house.clock.advance(timedelta(minutes=1))
    await notes(house, tip, "second")
    read = await house.review.open(house.robin, tip)
    assert [(entry.act, entry.alias, entry.text) for entry in read.entries] == [
        ("note", "Robin", "first"),
        ("note", "Robin", "second"),
    ]
    assert (read.desk, read.unread) == (DeskCard(labels=("a",)), 0)


async def test_the_same_page_writes_once(house: TipHouse) -> None:
    tip, part = (await file(house)).filing.tip, random_id()
    assert await notes(house, tip, "once", part=part)
    assert not await notes(house, tip, "twice", part=part)
    assert [entry.text for entry in (await house.review.open(house.robin, tip)).entries] == ["once"]


async def test_no_key_of_a_receipt_opens_it(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await notes(house, filing.tip, "hers is the blue house")
    async with house.services.database.read() as connection:
        kept = await store.read_parts(connection, filing.tip)
    (sealed,) = [part for part in kept if part.kind == store.DESK]
    for key in (filing.words_key, filing.names_key):
        with pytest.raises(SealBroken):
            tip_desk.open_desk_entry(key, filing.tip, sealed.part, sealed.box)
    thread = await house.follow_up.read(filing.visit)
    assert "blue house" not in repr(thread)


async def test_a_tip_of_an_older_house_gets_its_key_at_the_first_act(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    async with house.services.database.write() as connection:
        await connection.execute(update(tip_keys).values(desk_copy=None))
    assert (await house.review.open(house.robin, tip)).entries == ()
    await notes(house, tip, "first")
    house.clock.advance(timedelta(seconds=1))
    await notes(house, tip, "second")
    assert [entry.text for entry in (await house.review.open(house.robin, tip)).entries] == ["first", "second"]


async def test_an_entry_a_writer_of_rows_put_there_is_counted_and_hides_nothing(house: TipHouse) -> None:
    tip, other = (await file(house)).filing.tip, (await file(house)).filing.tip
    await notes(house, tip, "true")
    await notes(house, other, "moved")
    async with house.services.database.write() as connection:
        await connection.execute(
            update(tip_parts).where(tip_parts.c.tip == other, tip_parts.c.kind == "desk").values(tip=tip)
        )
    read = await house.review.open(house.robin, tip)
    assert ([entry.text for entry in read.entries], read.unread) == (["true"], 1)


async def test_a_key_nobody_here_made_opens_no_tip(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    ledger = await house.services.staff.ledger.current()
    version, public = ledger.compartment("tips")
    forged = tip_desk.desk_copy(b"k" * 32, tip, tips_public=public, tips_version=version, pepper=b"p" * 32)
    async with house.services.database.write() as connection:
        await connection.execute(update(tip_keys).values(desk_copy=forged))
        assert await house.doors.tip_for_advocate(connection, house.robin, tip) is None


async def test_each_act_leaves_one_line_without_content(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    await notes(house, tip, "nothing of this")
    await house.review.set_status(house.robin, tip, Status.CLOSED)
    async with house.services.database.read() as connection:
        acts = list(await connection.scalars(select(audit.c.act).where(audit.c.subject == tip).order_by(audit.c.n)))
    assert acts == ["tip.note", "tip.closed"]


async def test_a_status_somebody_set_is_written_down_with_what_it_was(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    await house.review.set_status(house.robin, tip, Status.BEING_READ)
    (entry,) = (await house.review.open(house.robin, tip)).entries
    assert (entry.act, entry.said) == ("status", {"from": "new", "to": "reading"})


async def test_more_than_a_page_can_show_is_refused(house: TipHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    tip = (await file(house)).filing.tip
    monkeypatch.setattr(books, "MOST_ENTRIES", 2)
    await notes(house, tip, "one")
    await notes(house, tip, "two")
    with pytest.raises(BookFull):
        await notes(house, tip, "three")


async def test_the_list_and_a_shelf_show_the_card(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    await notes(house, tip, "seen")
    loose = (await house.listing.page(house.robin, EVERYTHING)).rows
    house.clock.advance(timedelta(days=1))
    assert await house.puts_up() == 1
    standing = (await house.listing.page(house.robin, EVERYTHING)).rows
    assert [row.desk.labels for row in (*loose, *standing)] == [("a",), ("a",)]
    await notes(house, tip, "again")
    async with house.services.database.read() as connection:
        assert await connection.scalar(select(tips.c.loose)) != 0


async def test_erasing_takes_it_along(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await notes(house, filing.tip, "gone with it")
    await house.follow_up.erase(filing.visit)
    async with house.services.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(tip_parts)) == 0
        assert await connection.scalar(select(func.count()).select_from(tip_keys)) == 0
