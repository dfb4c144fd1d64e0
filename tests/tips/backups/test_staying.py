"""What was erased or purged stays gone when an older backup is put back, on both engines; what is held stays held."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.ids import random_id
from portal.settings import Secret, Settings
from tests.tips.backups.shelf import Shelf, opens
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file_with_receipt
from tips import store
from tips.staying.clock import monday
from tips.staying.holding import Holding
from tips.staying.purging import Purge
from tips.tables import tip_keys, tips
from tips.tip import Status

pytestmark = pytest.mark.anyio


async def purges(house: TipHouse, *due: bytes) -> None:
    """Let these go now, as if they had been warned of."""
    house.clock.advance(timedelta(days=7))
    for tip in due:
        await house.review.set_status(house.robin, tip, Status.CLOSED)
    week = monday(house.clock.now().date()).isoformat()
    async with house.services.database.write() as connection:
        await connection.execute(update(tips).where(tips.c.id.in_(due)).values(look=week, step="go"))
    await Purge(house.services, house.retention).round()


async def places(there: TipHouse) -> set[bytes]:
    async with there.services.database.read() as connection:
        return set(await connection.scalars(select(tips.c.id)))


@pytest.mark.parametrize("engine", ["file", "server"])
async def test_erased_and_purged_they_stay_gone_when_the_backup_from_before_is_put_back(
    shelf: Shelf, bare: Settings, empty_rows: Secret, engine: str
) -> None:
    house = shelf.house
    (erased, his), (purged, its), (kept, hers) = [await file_with_receipt(house) for _ in range(3)]
    before = await shelf.take()
    await house.follow_up.erase(erased.visit)
    await purges(house, purged.tip)
    assert await places(house) > {kept.tip}
    await shelf.take()
    there = bare if engine == "file" else dataclasses.replace(bare, database_url=empty_rows)
    assert (await shelf.restore(there, before.house)).erased == 2
    async with shelf.at(there) as again:
        assert await places(again) == {kept.tip}
        assert [await opens(again, number) for number in (his, its, hers)] == [[], [], [FORM.words]]
        # The clock goes on: nothing that was put back goes without its warning.
        again.clock.advance(timedelta(days=900))
        await Purge(again.services, again.retention).round()
        assert await places(again) == {kept.tip}


async def test_an_empty_thread_comes_back_empty(shelf: Shelf, bare: Settings) -> None:
    purged, number = await file_with_receipt(shelf.house)
    await purges(shelf.house, purged.tip)
    taken = await shelf.take()
    assert (await shelf.restore(bare, taken.house)).erased == 0
    async with shelf.at(bare) as there:
        visit = await there.doors.tip_for_receipt(number)
        assert visit is not None
        assert (await there.follow_up.read(visit)).is_empty
        await there.follow_up.add(visit, "Again.", random_id())
        assert [words.text for words in (await there.review.open(there.robin, visit.tip)).words] == ["Again."]


@pytest.mark.parametrize("takes_newest_keys", [True, False])
async def test_a_held_tip_that_was_erased_comes_back_for_the_desk_alone(
    shelf: Shelf, bare: Settings, takes_newest_keys: bool
) -> None:
    house = shelf.house
    filing, number = await file_with_receipt(house)
    holding = Holding(house.services, house.doors, house.book, house.retention)
    await holding.hold(house.robin, filing.tip, "By order.", random_id())
    before = await shelf.take()
    await house.follow_up.erase(filing.visit)
    house.clock.advance(timedelta(days=1))
    newer = await shelf.take()
    if not takes_newest_keys:
        newer.keys.unlink()
    assert (await shelf.restore(bare, before.house)).erased == 0
    async with shelf.at(bare) as there:
        assert await opens(there, number) == []
        assert (await there.review.open(there.robin, filing.tip)).words[0].text == FORM.words
        async with there.services.database.read() as connection:
            keys = (await connection.execute(select(tip_keys))).one()
            assert (keys.find, keys.receipt_copy, keys.channel) == (None, None, None)
            assert await store.read_hers(connection, filing.tip) is None
        again = Holding(there.services, there.doors, there.book, there.retention)
        assert (await again.holds()).is_whole
        assert await again.end(there.robin, filing.tip, "It is over.", random_id())
        assert await places(there) == set()
