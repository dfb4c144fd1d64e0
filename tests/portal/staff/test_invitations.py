"""Holds an invitation to one use, one day and the role it was made for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.clock import StillClock
from portal.services import Services
from portal.staff.acts import Acts
from portal.staff.invitations import InvitationOver
from portal.staff.sessions.devices import Devices
from portal.staff.sessions.session import Sessions
from portal.staff.tables import invitations
from portal.store.valkey import ValkeyAway
from tests.portal.staff.walker import PASSPHRASE, Walker, invite, join

pytestmark = pytest.mark.anyio


async def accepts(new: Walker, code: str, name: str = "bo") -> bool:
    await new.post(
        "/desk/welcome", {"code": code, "name": name, "passphrase": PASSPHRASE, "again": PASSPHRASE}, token=None
    )
    return bool(new.cookie)


async def test_a_code_brings_one_person_in_and_shows_the_digits_of_her_keys(ada: Walker) -> None:
    code = await invite(ada, alias="Bo")
    bo = ada.fresh()

    assert await accepts(bo, code)
    assert bo.sees("You cannot read anything yet.")
    assert len(bo.slip()) == 6


async def test_a_code_works_once(ada: Walker) -> None:
    code = await invite(ada, alias="Bo")
    assert await accepts(ada.fresh(), code)
    second = ada.fresh()

    assert not await accepts(second, code, name="other")
    assert second.sees("That code does not work, or no longer.")


@pytest.mark.parametrize("cut", ["sessions.begin", "devices.add"])
async def test_where_a_store_is_away_once_the_account_is_made_she_is_led_to_sign_in(
    ada: Walker, services: Services, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """Told to send it again she would read that her code works no longer."""

    async def away(*_: object) -> None:
        raise ValkeyAway

    code, bo = await invite(ada, alias="Bo"), ada.fresh()
    with monkeypatch.context() as hurt:
        hurt.setattr(Sessions if cut == "sessions.begin" else Devices, cut.partition(".")[2], away)
        assert not await accepts(bo, code)
    assert bo.address == "/desk/signin"
    assert await bo.signs_in("bo", PASSPHRASE)


async def test_of_two_who_use_a_code_at_once_one_comes_in(ada: Walker, services: Services) -> None:
    code = await invite(ada, alias="Bo")
    acts = Acts(services)

    both = await asyncio.gather(
        acts.invitations.accept(code, "one", PASSPHRASE),
        acts.invitations.accept(code, "two", PASSPHRASE),
        return_exceptions=True,
    )

    assert [type(each) for each in both if isinstance(each, BaseException)] == [InvitationOver]
    assert len(await services.staff.accounts.everyone()) == 2


async def test_a_code_is_good_for_a_day(ada: Walker, clock: StillClock, services: Services) -> None:
    code = await invite(ada, alias="Bo")
    clock.advance(timedelta(hours=24))

    assert not await accepts(ada.fresh(), code)
    await Acts(services).invitations.remove_ended()
    assert await Acts(services).invitations.waiting() == []


async def test_a_code_that_was_taken_back_brings_nobody_in(ada: Walker) -> None:
    code = await invite(ada, alias="Bo")
    await ada.open("/desk/staff")
    invitation = ada.page.split('name="invitation" value="')[1].split('"')[0]
    await ada.post("/desk/staff/uninvite", {"invitation": invitation})

    assert not await accepts(ada.fresh(), code)


async def test_a_taken_name_or_a_weak_passphrase_does_not_use_the_code_up(ada: Walker) -> None:
    code = await invite(ada, alias="Bo")
    bo = ada.fresh()

    assert not await accepts(bo, code, name="ADA")
    assert bo.sees("Choose another sign-in name.")
    assert await accepts(bo, code)


async def test_the_code_is_read_as_it_is_heard(ada: Walker) -> None:
    code = await invite(ada, alias="Bo")

    assert await accepts(ada.fresh(), f"  {code.lower().replace('-', ' ').replace('1', 'l').replace('0', 'o')} ")


async def test_who_writes_the_database_cannot_better_the_role_of_an_invitation(ada: Walker, services: Services) -> None:
    code = await invite(ada, alias="Bo")
    async with services.database.write() as connection:
        await connection.execute(update(invitations).values(role="administrator"))

    assert not await accepts(ada.fresh(), code)


async def test_no_row_holds_the_code_or_the_sign_in_name(ada: Walker, services: Services) -> None:
    code = await invite(ada, alias="Bo")
    await join(ada, alias="Verylongalias")
    await accepts(ada.fresh(), code, name="her-own-real-name")
    await services.database.checkpoint()

    stored = services.settings.database_path.read_bytes()
    assert b"her-own-real-name" not in stored
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored
    assert PASSPHRASE.encode() not in stored


@pytest.mark.asvs("6.2.7")
async def test_a_password_manager_finds_its_fields(ada: Walker) -> None:
    stranger = ada.fresh()
    await stranger.open("/desk/welcome")
    assert stranger.page.count('type="password"') == stranger.page.count('autocomplete="new-password"') == 2
    assert 'autocomplete="username"' in stranger.page
    await stranger.open("/desk/signin")
    assert 'type="password" value="" autocomplete="current-password"' in stranger.page
    assert 'autocomplete="one-time-code"' in stranger.page
