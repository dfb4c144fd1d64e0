"""Rows of people, of the house and of its facts, written by somebody else: none of them is believed."""

from __future__ import annotations

import pytest

from portal.opening import FactsForged, Opening
from portal.staff.accounts import RowForged
from portal.staff.keys.keys_folder import KeysFolderWrong
from portal.staff.keys.ledger import BookBroken
from portal.staff.keys.setup import AlreadySetUp, CodeWrong, SetUp, setup_code
from portal.staff.unlock import WrongPassphrase
from portal.vault.errors import VaultError
from tests.portal.vault.broken_house import (
    ANA,
    BO_NAME,
    BO_WORDS,
    Home,
    sign_in,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE staff_people SET role = 'administrator' WHERE id = ?",
        "UPDATE staff_people SET is_active = 1, generation = 1 WHERE id = ?",
        "UPDATE staff_people SET open_public = randomblob(32) WHERE id = ?",
        "UPDATE staff_people SET sign_public = randomblob(32) WHERE id = ?",
        "UPDATE staff_people SET parameters = x'01000000080101' WHERE id = ?",
        "UPDATE staff_people SET verifier = randomblob(32) WHERE id = ?",
        "UPDATE staff_people SET mark = (SELECT mark FROM staff_people ORDER BY alias LIMIT 1) WHERE id = ?",
    ],
)
async def test_a_changed_row_of_a_person_is_refused(home: Home, change: str) -> None:
    home.write(change, values=(home.bo.person.id,))
    with pytest.raises(RowForged):
        await home.services.staff.accounts.person(home.bo.person.id)
    with pytest.raises(RowForged):
        await sign_in(home, BO_NAME, BO_WORDS)


async def test_anothers_bundle_does_not_open(home: Home) -> None:
    home.write(
        "UPDATE staff_people SET bundle = (SELECT bundle FROM staff_people WHERE id = ?) WHERE alias = 'Ana'",
        values=(home.bo.person.id,),
    )
    with pytest.raises(VaultError):
        await sign_in(home, ANA.name, ANA.passphrase)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE site_facts SET phone_line = '555-0199'",
        "UPDATE site_facts SET name = 'Another line'",
        "UPDATE site_facts SET receipt_salt = randomblob(16)",
        "UPDATE site_facts SET is_open = 1",
        "UPDATE site_facts SET mark = randomblob(32), phone_line = '555-0199'",
        "UPDATE site_facts SET mark = x'', phone_line = '555-0199'",
        "UPDATE site_facts SET mark = (SELECT mark FROM staff_people LIMIT 1), phone_line = '555-0199'",
    ],
)
async def test_no_page_shows_a_phone_number_the_writer_put_there(
    home: Home, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    services = home.services
    before = await services.opening.facts()
    assert before.phone_line == ANA.phone_line
    home.write(change)
    services.opening.forget()
    assert await services.opening.facts() == before
    restarted = await Opening(services.database, services.staff.folder, "555-0142").facts()
    assert (restarted.phone_line, restarted.name, restarted.is_open) == ("555-0142", "", False)
    assert restarted.is_set_up
    assert "site_facts_refused" in caplog.text
    async with services.database.write() as connection:
        with pytest.raises(FactsForged):
            await services.opening.change(connection, is_open=True)


async def test_a_person_written_by_the_writer_cannot_sign_in(home: Home) -> None:
    home.write(
        "INSERT INTO staff_people SELECT x'000102030405060708090a0b0c0d0e0f', randomblob(32), 'Eve', 'administrator',"
        " languages, tongue, 1, 1, open_public, sign_public, salt, parameters, pepper, verifier, bundle, mark,"
        " training, second FROM staff_people WHERE id = ?",
        values=(home.bo.person.id,),
    )
    with pytest.raises(RowForged):
        await home.services.staff.accounts.person(bytes(range(16)))
    with pytest.raises(WrongPassphrase):
        await sign_in(home, "eve", BO_WORDS)


async def test_an_emptied_database_is_not_a_house_to_set_up_again(home: Home) -> None:
    home.write(
        "DELETE FROM key_statements", "DELETE FROM staff_people", "DELETE FROM key_grants", "DELETE FROM site_facts"
    )
    services = home.services
    assert setup_code(services.settings) is None
    with pytest.raises((CodeWrong, AlreadySetUp, KeysFolderWrong)):
        await SetUp(services).set_up("AAAA-AAAA-AAAA-AAAA", ANA)
    with pytest.raises(BookBroken):
        await home.restarted().current()
