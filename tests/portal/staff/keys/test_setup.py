"""Holds set-up to happening once, by the code, and to leaving a whole house behind."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from typing import Any

import pytest

from portal.services import Services
from portal.staff.keys.setup import setup_code
from portal.staff.pages import setup
from portal.staff.sessions.devices import Devices
from portal.staff.signin import SignIn
from portal.store.asked import Command
from portal.store.asking import ValkeyAway
from portal.store.database import DatabaseAway
from portal.vault.keyfiles import open_peppers
from portal.vault.statement import RECOVERY
from tests.portal.staff.walker import PASSPHRASE, set_up, walker
from tests.support.one_slot import OneSlot
from tests.support.thief import recovery_of

pytestmark = pytest.mark.anyio

LEFT_OUT = 2


class GoneAfterSetUp(OneSlot):
    """An ember store that is not there for a while from the moment on in which the house is made."""

    def __init__(self, services: Services) -> None:
        super().__init__(services.ember_client.asker)
        self._code = services.settings.data_dir / "setup-code"
        self.left_out = 0

    async def ask(self, command: Command, *, tells: bool = False) -> Any:
        if not self._code.exists() and self.left_out < LEFT_OUT:
            self.left_out += 1
            raise ValkeyAway("TimeoutError")
        return await self._asker.ask(command, tells=tells)

    async def ask_whole(self, commands: Sequence[Command]) -> list[Any]:
        return await self._asker.ask_whole(commands)  # all of an ember store is under one tag


async def test_a_new_house_is_set_up_by_its_code_and_its_first_person_is_signed_in(services: Services) -> None:
    ada = walker(services)

    await set_up(ada)

    assert ada.address.startswith("/desk/sheet/")
    assert ada.status == 203
    assert ada.sees("Any two of these three papers open every tip. One alone opens nothing.")
    assert [len(sheet) for sheet in ada.slips()] == [16, 16, 16]
    signed = await services.staff.who(ada.cookie)
    assert signed.alias == "Ada"
    assert {name for name in ("chat", "tips", "records", "names") if signed.compartment_keys(name)} == {
        "chat",
        "tips",
        "records",
        "names",
    }


async def test_a_store_that_is_away_after_the_house_is_made_takes_no_sheet_along(services: Services) -> None:
    ada = walker(services)
    services.ember_client.asker = gone = GoneAfterSetUp(services)

    await set_up(ada, house="A house of its own")

    assert gone.left_out == LEFT_OUT
    assert [len(sheet) for sheet in ada.slips()] == [16, 16, 16]
    assert (await services.staff.who(ada.cookie)).alias == "Ada"


async def test_a_store_that_is_back_later_than_the_other_takes_no_sheet_along(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first wait has used the minute up; the second one is given a little of its own."""
    monkeypatch.setattr(setup, "WAITS_S", 0.0)
    lets_in, tries = SignIn.let_in, iter([ValkeyAway, DatabaseAway])

    async def late(*given: Any) -> Any:
        for away in tries:
            raise away("back in a moment")
        return await lets_in(*given)

    monkeypatch.setattr(SignIn, "let_in", late)
    ada = walker(services)
    await set_up(ada)
    assert [len(sheet) for sheet in ada.slips()] == [16, 16, 16]


async def test_no_sheet_is_lost_for_the_cookie_of_a_device(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(Devices, "add", away)
    ada = walker(services)
    await set_up(ada)
    assert [len(sheet) for sheet in ada.slips()] == [16, 16, 16]


async def test_any_two_sheets_open_the_recovery_box_and_every_compartment_is_granted_to_them(
    services: Services,
) -> None:
    ada = await set_up(walker(services))
    box = services.staff.folder.recovery_box()

    first, second, third = (" ".join(sheet) for sheet in ada.slips())
    keys = recovery_of(box, first, second)
    ledger = await services.staff.ledger.current()
    folder = services.staff.folder

    assert keys.root_public == folder.root_public()
    assert {recovery_of(box, *two).root_public for two in ((third, first), (second, third))} == {keys.root_public}
    assert open_peppers((folder.path / "recovery.box").read_bytes(), keys.open_private) == folder.peppers()
    assert {grant.compartment for grant in ledger.grants(RECOVERY)} == {"chat", "tips", "records", "names"}
    assert ledger.recovery == keys.open_public


async def test_the_keys_folder_is_closed_to_everybody_else(services: Services) -> None:
    await set_up(walker(services))

    folder = services.staff.folder.path
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert modes["pepper"] == modes["root.pub"] == 0o400
    assert modes["head"] == modes["recovery.box"] == 0o600
    assert "unfinished" not in modes


async def test_the_code_is_gone_after_use_and_set_up_never_happens_again(services: Services) -> None:
    code = setup_code(services.settings)
    assert code is not None
    assert stat.S_IMODE((services.settings.data_dir / "setup-code").stat().st_mode) == 0o600
    await set_up(walker(services))

    assert not (services.settings.data_dir / "setup-code").exists()
    assert setup_code(services.settings) is None
    second = walker(services)
    assert await second.open("/desk/setup") == 404
    await set_up(second, code=code, name="eve")
    assert second.cookie == ""
    assert [person.alias for person in await services.staff.accounts.everyone()] == ["Ada"]


async def test_two_first_starts_tell_the_same_code(services: Services) -> None:
    assert setup_code(services.settings) == setup_code(services.settings)


@pytest.mark.asvs("6.3.2")
async def test_a_wrong_code_sets_nothing_up_and_is_soon_slowed_down(services: Services) -> None:
    eve = walker(services)
    code = setup_code(services.settings)
    for _ in range(5):
        await set_up(eve, code="AAAAA-AAAAA-AAAAA-AAAAA")
        assert eve.sees("That is not the set-up code.")

    await set_up(eve, code=code or "")

    assert eve.sees("That is not the set-up code.")
    assert not (await services.opening.facts()).is_set_up


async def test_what_was_typed_is_kept_when_something_is_to_be_mended_but_never_the_passphrase(
    services: Services,
) -> None:
    ada = await set_up(walker(services), passphrase="too short", again="too short", phone="call us", region="")

    assert ada.sees("Use at least 15 characters.")
    assert ada.sees("3 things to fix")
    assert 'value="Lantern Line"' in ada.page
    assert "too short" not in ada.page
    assert PASSPHRASE not in ada.page


@pytest.mark.asvs("6.3.2")
async def test_before_set_up_every_page_of_the_desk_leads_to_it(services: Services) -> None:
    visitor = walker(services)

    for path in ("/", "/desk", "/desk/signin", "/desk/staff"):
        await visitor.open(path)
        assert visitor.address == "/desk/setup"
