"""Holds what is sealed again: everything there is, with every word still there, and the old key opens none of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.records.entries import Account
from portal.rotation import keeper as keeping
from portal.rotation.due import OLD_HALF_LASTS
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit, grants
from portal.vault.compartments import COMPARTMENTS
from portal.vault.statements import RECOVERY
from tests.support.key_house import KeyHouse, all_keys
from tests.support.thief import Thief
from tips.shelf import EVERYTHING
from tips.tables import tip_keys

pytestmark = pytest.mark.anyio


async def changed(keys: KeyHouse) -> Signed:
    """Bo is put out of everything he held, and Robin signs in: every key is another."""
    bo = await keys.brings_in("Bo", *COMPARTMENTS)
    for name in COMPARTMENTS:
        await keys.puts_out(bo, name)
    return await keys.robin()


def newest_of_each(keys: KeyHouse, signed: Signed) -> dict[str, set[int]]:
    return {name: {max(signed.compartment_keys(source.compartment))} for name, source in keys.services.sources.items()}


async def old_halves(keys: KeyHouse) -> list[tuple[str, int]]:
    found = await keys.keeper.halves.there(await keys.services.staff.ledger.current())
    return [(half.compartment, half.version) for half in found]


async def test_after_the_change_everything_opens_to_the_new_key_and_nothing_to_the_old_with_the_whole_database(
    keys: KeyHouse,
) -> None:
    await keys.fills()
    keys.house.clock.advance(timedelta(days=5))
    assert await keys.house.puts_up()
    old = all_keys(keys.house.robin)
    thief = Thief(keys.services.settings.data_dir, keys.services.settings.keys_dir, [], [])
    thief.privates = {name: dict(held) for name, held in old.items()}
    assert len(thief.opened_tips()) == 2 * len(keys.tips), "the search sees nothing"
    assert thief.opened_entries()["danger"]
    assert set(await keys.versions()) == set(keys.services.sources)
    assert {name for name, found in (await keys.versions()).items() if found != {1}} == set(), (
        "something stands nowhere"
    )

    robin = await changed(keys)
    assert await keys.keeper.work(robin) == 0

    assert await keys.versions() == newest_of_each(keys, robin)
    assert await keys.opens_everything(robin)
    assert len((await keys.house.listing.page(robin, EVERYTHING)).rows) == len(keys.tips)
    await keys.services.database.checkpoint()
    assert (thief.opened_tips(), thief.opened_entries()) == ([], {})

    # On their day the old halves go, the recovery pair's with them, and everything still opens to who comes then.
    assert set(await old_halves(keys)) == {(name, 1) for name in COMPARTMENTS}
    keys.house.clock.advance(OLD_HALF_LASTS)
    assert await keys.keeper.work(await keys.robin()) == 0
    assert await old_halves(keys) == []
    async with keys.services.database.read() as connection:
        left = await connection.scalar(select(grants.c.statement).where(grants.c.holder == RECOVERY).limit(1))
        said = list(await connection.scalars(select(audit.c.subject).where(audit.c.act == "keys.old_erased")))
    assert left is not None
    assert sorted(said) == sorted(f"{name} 1".encode() for name in COMPARTMENTS)
    fresh = await keys.robin()
    assert all(1 not in held for held in all_keys(fresh).values())
    assert not fresh.has_new_keys
    assert await keys.opens_everything(fresh)


async def test_an_old_half_stays_before_its_day_and_while_a_row_needs_it(keys: KeyHouse) -> None:
    await keys.fills(1)
    robin = await changed(keys)
    await keys.keeper.work(robin)
    keys.house.clock.advance(OLD_HALF_LASTS - timedelta(days=1))
    await keys.keeper.halves.erase()
    assert ("tips", 1) in await old_halves(keys)

    # One row that this house did not write: it cannot be sealed again, and nobody erases what might open it.
    forged = b"\x01\x01\x00\x01" + bytes(112)
    async with keys.services.database.write() as connection:
        await connection.execute(update(tip_keys).values(desk_copy=forged))
    keys.house.clock.advance(timedelta(days=1))
    assert await keys.keeper.work(await keys.robin()) == 1
    assert [half for half in await old_halves(keys) if half[0] == "tips"] == [("tips", 1)]
    assert ("records", 1) not in await old_halves(keys)


async def test_no_old_half_goes_where_a_room_did_not_say_what_it_seals(
    keys: KeyHouse, caplog: pytest.LogCaptureFixture
) -> None:
    robin = await changed(keys)
    del keys.services.sources["entries"]
    keys.house.clock.advance(OLD_HALF_LASTS)
    await keys.keeper.work(robin)

    assert ("tips", 1) in await old_halves(keys)
    assert "a_room_is_missing" in caplog.text


async def test_the_work_stops_with_her_session_and_somebody_else_goes_on(
    keys: KeyHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keys.fills(5)
    await keys.brings_in("Cy", "tips")
    robin = await changed(keys)
    cy, _ = await keys.signs_in("cy")
    monkeypatch.setattr(keeping, "ROWS_AT_ONCE", 2)
    put = keys.services.sources["tips.desk"].__class__.seal_again
    done = 0

    async def ends_after_one(*given: object) -> int:
        nonlocal done
        done += 1
        stay = await put(*given)  # type: ignore[arg-type]
        if done == 1:
            await keys.services.staff.sessions.end_all(robin.staff_id)
        return stay

    monkeypatch.setattr("portal.rotation.source.Source.seal_again", ends_after_one)
    await keys.keeper.work(robin)
    assert done == 1, "she left, and the work went on with her keys"
    assert sum(2 in found for found in (await keys.versions()).values()) == 1

    await keys.keeper.work(cy)
    found = await keys.versions()
    assert {name for name in found if found[name] == {2}} >= {"tips.words", "tips.desk", "tips.held_files"}
    assert found["tips.names"] == {1}, "she holds no key of the names"


async def test_an_entry_that_is_answered_meanwhile_keeps_its_answer(keys: KeyHouse) -> None:
    await keys.fills(1)
    told = Account(about="rude")
    waits = await keys.services.entries.write("held_off", told, keys.house.robin.staff_id, answer="waits")
    robin = await changed(keys)
    await keys.services.entries.answer(robin, waits, "yes")
    await keys.keeper.work(robin)

    row = await keys.services.entries.one(robin, waits)
    assert row is not None
    assert (row.answer, row.account is not None) == ("yes", True)
