"""Holds the retiring of a pepper: what names it is said and moved, then no mark of it counts; receipts still open."""

from __future__ import annotations

from typing import Final

import pytest
from sqlalchemy import delete, func, insert, select, update

from portal.clock import StillClock
from portal.desk_settings import house_settings, said
from portal.opening import FactsForged
from portal.peppers.retiring import RETIRED, Retiring
from portal.services import Services
from portal.staff.accounts import Accounts
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import audit
from portal.store.database import metadata
from portal.vault.marks import mark
from tests.portal.paper.lost import old_keys, recover, started_again, typed
from tests.support.key_house import KeyHouse
from tests.support.rooms import NOON
from tests.tips.conftest import make_tip_house, open_again
from tests.tips.test_filing import file_with_receipt
from tips.pepper_command import PLACES, said as printed
from tips.staying.holds import HoldList
from tips.staying.tables import tip_holds
from tips.tables import tip_keys

pytestmark = pytest.mark.anyio

# Marks that name no older pepper, or need none: decision 0048 says why of each.
NONE_TO_MOVE: Final = {
    "audit_lines": "behind the head outside the database a line needs no pepper any more",
    "staff_invitations": "good for a day, and under the newest alone",
    "staff_resets": "good for two days, and under the newest alone",
}


@pytest.fixture
async def keys(services: Services, clock: StillClock) -> KeyHouse:
    """A house with something in every place that names a pepper."""
    keys = KeyHouse(await make_tip_house(services, clock))
    await keys.fills()
    return keys


def retiring(services: Services) -> Retiring:
    """As at the terminal: with nothing that the running house remembers."""
    folder = KeysFolder(services.settings.keys_dir, services.settings.data_dir)
    return Retiring(services.database, folder, PLACES)


async def recovered(keys: KeyHouse) -> None:
    """A second pepper, from two sheets."""
    first, second, _ = typed(keys.house.sheets)
    await recover(keys.services, old_keys(keys.services, first, second))


async def test_what_names_an_old_pepper_is_said_and_moved_and_then_no_mark_of_it_counts(
    keys: KeyHouse, clock: StillClock
) -> None:
    _, receipt = await file_with_receipt(keys.house)
    await keys.brings_in("Bo", "tips")
    await keys.services.staff.accounts.ready()
    async with keys.services.database.write() as connection:
        await keys.services.desk_settings.set(connection, {"notice.en": "Ours"})
        await HoldList(keys.services).add(connection, keys.tips[0], "held")
    old = keys.services.staff.folder.peppers()[1]
    await recovered(keys)

    async with started_again(keys.services) as house:
        again = KeyHouse(open_again(house, clock, keys.house.robin, keys.house))
        again.tips = keys.tips
        before = await retiring(house).naming()
        assert before.waiting == ["Bo", "Robin"]
        assert {"the settings of the house", "keys of tips (words)", "holds of tips", "contact_records"} <= set(
            before.older
        )
        assert await retiring(house).move() > 5
        left = await retiring(house).naming()
        assert set(left.older) == {"staff_people"} | (left.sealed & set(before.older))

        # Robin signs in: her row moves, and what is sealed follows the change of the keys that a recovery makes due.
        robin = await again.robin()
        assert await again.keeper.work(robin) == 0
        left = await retiring(house).retire(NOON)
        assert (left.older, left.waiting) == ({"staff_people": 1}, ["Bo"])
        assert sorted(house.staff.folder.peppers()) == [1, 2], "retired while Bo stands under it"
        await again.signs_in("bo")

        left = await retiring(house).retire(NOON)
        assert (left.older, left.nobodys) == ({}, {})
        assert sorted(house.staff.folder.peppers()) == [2]
        assert sorted(house.staff.folder.every_pepper()) == [1, 2]
        assert "1 receipts" in " ".join(printed(left, 0, retires=True))
        async with house.database.read() as connection:
            assert await connection.scalar(select(func.count()).where(audit.c.act == RETIRED)) == 1

    async with started_again(keys.services) as house:
        again = KeyHouse(open_again(house, clock, keys.house.robin, keys.house))
        again.tips, again.card, again.entry = keys.tips, keys.card, keys.entry
        again.contact, again.case = keys.contact, keys.case
        assert await again.opens_everything(await again.robin())
        assert (await again.house.doors.tip_for_receipt(receipt)) is not None, "a number that is found no more"
        async with house.database.write() as connection:
            assert (await house.desk_settings.read(connection))["notice.en"] == "Ours"
            assert (await HoldList(house).read(connection)).is_whole
            # Whoever stole the old pepper and writes rows is believed no more.
            row = {"name": "notice.en", "value": "His"}
            await connection.execute(delete(house_settings))
            made = mark(old, "house settings", "notice.en", "His")
            await connection.execute(insert(house_settings).values(**row, mark=made))
            stolen = (await connection.execute(select(house_settings))).one()
            assert mark(old, *said(stolen)) == made, "not as the house makes it"
            with pytest.raises(FactsForged):
                await house.desk_settings.read(connection)


async def test_a_row_that_is_not_ours_is_not_made_one_by_moving(keys: KeyHouse) -> None:
    async with keys.services.database.write() as connection:
        await HoldList(keys.services).add(connection, keys.tips[0], "held")
        await connection.execute(update(tip_holds).where(tip_holds.c.n == 1).values(word="free"))
        await keys.services.desk_settings.set(connection, {"notice.en": "Ours"})
        await connection.execute(update(house_settings).values(value="His"))
    await recovered(keys)

    work = retiring(keys.services)
    await work.move()

    naming = await work.naming()
    assert (naming.nobodys["holds of tips"], naming.nobodys["the settings of the house"]) == (1, 1)
    async with keys.services.database.read() as connection:
        assert not (await HoldList(keys.services).read(connection)).is_whole


async def test_who_was_sent_away_keeps_no_old_pepper_and_comes_in_no_more(keys: KeyHouse) -> None:
    bo = await keys.brings_in("Bo")
    async with keys.services.database.write() as connection:
        await keys.services.staff.accounts.change(connection, bo, is_active=False)
    await recovered(keys)

    await retiring(keys.services).move()

    assert (await retiring(keys.services).naming()).waiting == ["Robin"]
    accounts = Accounts(keys.services.database, keys.services.staff.folder)
    assert await accounts.lock_by_name("bo") is None
    row = await accounts.person(bo)
    assert row is not None
    assert (row.alias, row.is_active) == ("Bo", False)


def test_every_mark_without_a_number_is_known_to_who_retires_a_pepper() -> None:
    """A table with a number is counted by it; one with a mark alone has to say what its mark is made of."""
    bare = {table.name for table in metadata.sorted_tables if "mark" in table.c and "pepper" not in table.c}
    assert bare - {place.table.name for place in PLACES} == set(NONE_TO_MOVE)
    tails = {place.name for place in PLACES if place.table is tip_keys}
    assert len(tails) == 4
