"""Reads what a disk holds of shelves: no word of a tip, and after an erasing nothing that any key opens."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.backup.take import tables_of
from portal.ids import random_id
from portal.vault.backups import Kind
from tests.support.disk_search import search
from tests.support.patience import PATIENCE_S
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file, file_with_receipt
from tests.tips.test_on_disk import on_disk
from tips import shelf_keeping, shelf_rows
from tips.copying import ShelfKeys
from tips.form import TipForm
from tips.shelf_keeping import ShelfKeeping
from tips.tables import tip_shelf_keys, tip_shelves, tips

pytestmark = pytest.mark.anyio

CANARIES = ("canarywords51", "canaryplace52", "canarywhen53", "canaryadded54", "canaryreply55")
FORM = TipForm(words=CANARIES[0], place=CANARIES[1], when=CANARIES[2], reach="canaryreach56")


async def shelves(house: TipHouse) -> dict[bytes, list[str]]:
    """What stands on each shelf, opened: its tips' folded words."""
    keys = ShelfKeys(house.robin.compartment_keys("tips"), house.doors.live_peppers)
    async with house.services.database.read() as connection:
        names = await shelf_rows.shelf_ids(connection)
        sealed = {name: await shelf_rows.read_shelf(connection, name) for name in names}
    return {name: [tip.words for tip in keys.whole(name, each) or []] for name, each in sealed.items() if each}


async def boxes(house: TipHouse) -> list[bytes]:
    """A piece from the middle of all that is stored of shelves."""
    async with house.services.database.read() as connection:
        rows = [*await connection.execute(select(tip_shelves.c.cards, tip_shelves.c.words))]
        rows += await connection.execute(select(tip_shelf_keys.c.copy))
    return [box[at : at + 24] for row in rows for box in row for at in (40, len(box) // 2)]


async def file_yesterday(house: TipHouse) -> None:
    """A tip of a day gone by, with her session as young as it is."""
    house.clock.advance(timedelta(days=-1))
    await file(house)
    house.clock.advance(timedelta(days=1))


async def test_no_word_is_readable_on_disk_after_tips_were_put_on_a_shelf(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house, FORM)
    await house.follow_up.add(filing.visit, CANARIES[3], random_id())
    await house.review.reply(house.robin, filing.tip, CANARIES[4], random_id())
    house.clock.advance(timedelta(days=1))
    assert await house.puts_up() == 1
    stands = [words for each in (await shelves(house)).values() for words in each]
    assert [set(words.split()) for words in stands] == [set(CANARIES)]
    folders = [house.services.settings.data_dir, house.services.settings.keys_dir]
    assert search([*CANARIES, FORM.reach, receipt.code], folders) == []


async def test_after_an_erasing_no_shelf_holds_the_tip_and_the_tips_beside_it_are_there(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, FORM)
    beside = [(await file(house, TipForm(words=f"beside {n}"))).filing.tip for n in range(3)]
    house.clock.advance(timedelta(days=1))
    await house.puts_up()
    kept = await boxes(house)
    assert all(piece in on_disk(house) for piece in kept)
    await house.follow_up.erase(filing.visit)
    left = on_disk(house)
    assert not any(piece in left for piece in kept)
    assert await shelves(house) == {}
    assert sorted(await house.shown()) == sorted(beside)
    house.clock.advance(timedelta(days=1))
    assert await house.puts_up() == 1
    assert CANARIES[0] not in str(await shelves(house))


async def test_a_tip_that_was_changed_after_it_was_put_up_is_erased_from_its_old_shelf_too(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, FORM)
    house.clock.advance(timedelta(days=1))
    await house.puts_up()
    await house.follow_up.add(filing.visit, CANARIES[3], random_id())
    assert CANARIES[0] in str(await shelves(house))
    kept = await boxes(house)
    await house.follow_up.erase(filing.visit)
    assert await shelves(house) == {}
    assert not any(piece in on_disk(house) for piece in kept)


async def test_a_shelf_is_sealed_to_the_version_its_tips_are_sealed_to_and_says_so(house: TipHouse) -> None:
    await file(house)
    house.clock.advance(timedelta(days=1))
    await house.puts_up()
    async with house.services.database.read() as connection:
        row = (await connection.execute(select(tip_shelf_keys))).one()
        day = await connection.scalar(select(tip_shelves.c.day))
    version, _ = (await house.services.staff.ledger.current()).compartment("tips")
    assert (row.version, row.copy[2:4], day) == (version, version.to_bytes(2, "big"), "2026-03-05")


async def test_a_house_that_was_restored_without_shelves_shows_every_tip(house: TipHouse) -> None:
    tip = (await file(house)).filing.tip
    house.clock.advance(timedelta(days=1))
    await house.puts_up()
    async with house.services.database.write() as connection:
        await connection.execute(tip_shelf_keys.delete())
        await connection.execute(tip_shelves.delete())
    assert await house.shown() == []
    async with house.services.database.write() as connection:
        await shelf_rows.mend(connection)
    assert await house.shown() == [tip]


def test_no_backup_takes_a_shelf_along() -> None:
    taken = {table.name for kind in Kind for table in tables_of(kind)}
    assert {tip_shelf_keys.name, tip_shelves.name} & taken == set()


async def test_a_shelf_that_does_not_open_hides_its_tips_and_no_others_and_stays(house: TipHouse) -> None:
    await file(house)
    house.clock.advance(timedelta(days=1))
    await house.puts_up()
    whole = (await file(house)).filing.tip
    async with house.services.database.write() as connection:
        await connection.execute(update(tip_shelves).values(cards=b"\x01\x01" + bytes(80)))
    assert await house.shown() == [whole]


async def test_a_desk_that_is_locked_or_signed_out_lends_its_keys_to_nothing(house: TipHouse) -> None:
    await file_yesterday(house)
    keeping = ShelfKeeping(house.services, house.shelving)
    await house.services.staff.sessions.lock(house.robin.session)
    await keeping.work(house.robin)
    assert await shelves(house) == {}


async def test_behind_the_pages_what_is_due_is_put_up_for_whoever_is_signed_in(house: TipHouse) -> None:
    await file_yesterday(house)
    await ShelfKeeping(house.services, house.shelving).work(house.robin)
    assert len(await shelves(house)) == 1
    async with house.services.database.read() as connection:
        assert list(await connection.scalars(select(tips.c.loose))) == [shelf_rows.STANDS]


async def test_the_keeper_begins_when_no_older_house_can_be_there_and_takes_one_offer_at_a_time(
    house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf_keeping, "BEGINS_AFTER_SECONDS", 0.2)
    monkeypatch.setattr(shelf_keeping, "PAUSE_SECONDS", 0.0)
    await file_yesterday(house)
    keeping = ShelfKeeping(house.services, house.shelving)
    keeping.offer(house.robin)
    work = asyncio.create_task(keeping.run())
    await asyncio.sleep(0.05)
    keeping.offer(house.robin)
    await asyncio.sleep(0.3)
    assert await shelves(house) == {}, "what was offered too early was kept"
    keeping.offer(house.robin)
    keeping.offer(house.without_keys)
    for _ in range(int(PATIENCE_S / 0.02)):
        if await shelves(house):
            break
        await asyncio.sleep(0.02)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    assert len(await shelves(house)) == 1
