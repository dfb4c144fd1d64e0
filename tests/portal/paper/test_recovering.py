"""Holds a recovery to what it promises: new root, sheets and pepper, nothing lost, the old sheets worth nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from portal.paper.holders import Holders
from portal.paper.recovering import KeysMissing, LetIn, NotThisHouse
from portal.services import Services
from portal.staff.passphrase import PassphraseWeak
from portal.staff.tables import grants
from portal.vault.compartments import COMPARTMENTS, open_granted
from portal.vault.errors import SheetUnreadable
from portal.vault.keyfiles import open_peppers
from portal.vault.recovery import new_recovery, recovery_keys
from portal.vault.sealing import open_seal_with, seal_to
from portal.vault.statement import RECOVERY
from tests.portal.paper.lost import CAL, NAMES, PASSPHRASE, old_keys, recover, started_again, typed
from tests.portal.staff.walker import PASSPHRASE as PASSPHRASE_BEFORE, Walker, give, join, set_up, walker

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, the three sheets before her."""
    return await set_up(walker(services))


async def sealed_word(services: Services) -> bytes:
    """Something for the tips compartment, sealed before the loss."""
    version, public = (await services.staff.ledger.current()).compartment("tips")
    return seal_to(public, version, b"before the loss", "word")


async def test_after_it_the_old_sheets_open_nothing_new_and_any_two_new_ones_do(
    ada: Walker, services: Services
) -> None:
    one, _, three = (" ".join(sheet) for sheet in ada.slips())
    old = old_keys(services, one, three)

    new, done = await recover(services, old)

    folder = services.staff.folder
    async with started_again(services) as house:
        ledger = await house.staff.ledger.current()
        assert ledger.root == new.root.root_public == folder.root_public()
        assert ledger.recovery == new.root.open_public
        first, second, third = typed(new.sheets.sheets)
        assert old_keys(house, third, first) == old_keys(house, second, third) == new.root
        assert open_peppers(folder.recovery_box(), new.root.open_private) == folder.peppers()
        assert sorted(folder.peppers()) == [1, 2] == [1, done.pepper]
        async with house.database.read() as connection:
            rows = await connection.execute(select(grants).where(grants.c.holder == RECOVERY))
            sealed = {row.statement: row.seal for row in rows}
        assert set(open_granted(ledger, RECOVERY, new.root.open_private, sealed).keys) == set(COMPARTMENTS)
        assert open_granted(ledger, RECOVERY, old.open_private, sealed).keys == {}
    with pytest.raises(SheetUnreadable):
        old_keys(services, one, three)
    with pytest.raises(NotThisHouse):
        await recover(services, old)


async def test_everybody_signs_in_as_before_and_the_red_line_is_back(ada: Walker, services: Services) -> None:
    sheets = [" ".join(sheet) for sheet in ada.slips()]
    await join(ada, alias="Bo")
    await give(ada, "Bo", "chat", "tips")

    await recover(services, old_keys(services, *sheets[:2]))

    async with started_again(services) as house:
        for name, opens in (("ada", set(COMPARTMENTS)), ("Bo", {"chat", "tips"})):
            person = walker(house)
            assert await person.signs_in(name)
            signed = await house.staff.who(person.cookie)
            assert {each for each in COMPARTMENTS if signed.compartment_keys(each)} == opens
        again = walker(house)
        assert await again.signs_in("ada")
        await again.open("/desk")
        assert again.sees("Not every recovery sheet is in the hands of its person yet.")
        assert [kept.name for kept in await Holders(house).kept()] == list(NAMES)
        # Her passphrase is the same, and what is kept of it is under the new pepper from here on.
        for name, pepper in (("ada", 2), ("bo", 2)):
            lock = await house.staff.accounts.lock_by_name(name)
            assert lock is not None
            assert lock.pepper == pepper, name
            assert await walker(house).signs_in(name, PASSPHRASE_BEFORE), name
        # What the old sheets and an old copy of the disk open is sealed to no more: her sign-in changed the keys.
        ledger = await house.staff.ledger.current()
        assert {ledger.compartment(name).version for name in COMPARTMENTS} == {2}
        assert {given.version for given in ledger.grants(RECOVERY) if given.compartment == "tips"} >= {2}
        # She still gives keys, and new accounts are made under the new pepper.
        await join(again, alias="Dee")
        await give(again, "Dee", "tips")
        lock = await house.staff.accounts.lock_by_name("dee")
        assert lock is not None
        assert lock.pepper == 2


async def test_whoever_is_let_in_reads_what_was_sealed_before_and_gives_it_on(ada: Walker, services: Services) -> None:
    """The last holder is gone: nobody signs in any more who could give a key."""
    word, sheets = await sealed_word(services), [" ".join(sheet) for sheet in ada.slips()]

    _, done = await recover(services, old_keys(services, *sheets[1:]), CAL)

    assert done.alias == "Cal"
    async with started_again(services) as house:
        cal = walker(house)
        cal.passphrase = PASSPHRASE
        assert await cal.signs_in("cal")
        signed = await house.staff.who(cal.cookie)
        assert open_seal_with(signed.compartment_keys("tips"), word, "word") == b"before the loss"
        await join(cal, alias="Dee")
        await give(cal, "Dee", "tips", granter_too=True)
        dee = walker(house)
        assert await dee.signs_in("Dee")
        assert (await house.staff.who(dee.cookie)).compartment_keys("tips")


async def test_a_known_person_is_let_in_with_new_keys_and_her_old_passphrase_is_over(
    ada: Walker, services: Services
) -> None:
    sheets = [" ".join(sheet) for sheet in ada.slips()]
    before = (await services.staff.accounts.everyone())[0]

    await recover(services, old_keys(services, *sheets[:2]), LetIn("Ada", PASSPHRASE))

    async with started_again(services) as house:
        (after,) = await house.staff.accounts.everyone()
        assert (after.id, after.alias) == (before.id, before.alias)
        assert (after.open_public, after.sign_public) != (before.open_public, before.sign_public)
        again = walker(house)
        assert not await again.signs_in("ada")
        again.passphrase = PASSPHRASE
        assert await again.signs_in("ada")
        assert (await house.staff.who(again.cookie)).compartment_keys("names")


async def test_it_can_be_done_again_with_the_new_sheets(ada: Walker, services: Services) -> None:
    sheets = [" ".join(sheet) for sheet in ada.slips()]
    first, _ = await recover(services, old_keys(services, *sheets[:2]))

    second, done = await recover(services, old_keys(services, *typed(first.sheets.sheets)[1:]), CAL)

    assert done.pepper == 3
    async with started_again(services) as house:
        assert (await house.staff.ledger.current()).root == second.root.root_public
        person = walker(house)
        assert await person.signs_in("ada")


async def test_what_is_refused_changes_nothing(ada: Walker, services: Services) -> None:
    sheets = [" ".join(sheet) for sheet in ada.slips()]
    old, folder = old_keys(services, *sheets[:2]), services.staff.folder
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}

    with pytest.raises(NotThisHouse):
        await recover(services, recovery_keys(new_recovery()))
    with pytest.raises(PassphraseWeak):
        await recover(services, old, LetIn("cal", "short"))
    async with services.database.write() as connection:
        await connection.execute(delete(grants).where(grants.c.holder == RECOVERY))
    with pytest.raises(KeysMissing):
        await recover(services, old)

    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before
    assert (await services.staff.ledger.current()).root == old.root_public
