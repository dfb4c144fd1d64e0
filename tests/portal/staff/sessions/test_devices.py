"""Strangers who know a name, or flood the sign-in, keep nobody out of a browser she has signed in from."""

from __future__ import annotations

import asyncio
import threading

import pytest

from portal.services import Services
from portal.staff.sessions.devices import DEVICE, LASTS, Devices
from portal.vault.errors import PoolFull
from portal.vault.passwords import Parameters, Pool
from tests.portal.staff.sessions.test_lock import token
from tests.portal.staff.walker import PASSPHRASE, Walker, join, set_up, walker

pytestmark = pytest.mark.anyio

WRONG = "some long passphrase here"


@pytest.fixture
async def ada(services: Services) -> Walker:
    return await set_up(walker(services))


async def test_a_stranger_who_tries_a_name_slows_it_everywhere_but_where_it_signed_in(ada: Walker) -> None:
    await ada.post("/desk/signout")
    stranger = ada.fresh()
    for _ in range(11):
        await stranger.signs_in("ada", WRONG)
    assert not await ada.fresh().signs_in("ada"), "a browser that is new waits"
    assert await ada.signs_in("ada")


async def test_her_own_wrong_tries_have_a_pace_there_too(ada: Walker) -> None:
    await ada.post("/desk/signout")
    for _ in range(10):
        await ada.signs_in("ada", WRONG)
    assert not await ada.signs_in("ada")
    assert await ada.fresh().signs_in("ada"), "and take nothing from the name"


async def test_two_who_share_a_browser_are_both_known_there_and_each_by_her_own_name(
    ada: Walker, services: Services
) -> None:
    await join(ada, alias="Bo")
    await ada.post("/desk/signout")
    assert await ada.signs_in("Bo")
    devices = Devices(services.staff.accounts)
    ours = {name: await devices.known(ada.device, name) for name in ("ADA ", "bo")}
    assert None not in ours.values()
    assert len(set(ours.values())) == 2
    assert await devices.known(ada.device, "cy") is None
    assert await ada.signs_in("Bo")
    assert ada.device.count(".") == 1, "one token for each, however often"


@pytest.mark.parametrize("forged", ["", ".", "x", "A" * 67, "A" * 67 + "." + "B" * 67, "\u00e9" * 67])
async def test_nobody_makes_a_token_or_moves_one_to_another_name(ada: Walker, services: Services, forged: str) -> None:
    devices = Devices(services.staff.accounts)
    assert await devices.known(forged, "ada") is None
    assert await devices.known(ada.device[:-1] + ("A" if ada.device[-1] != "A" else "E"), "ada") is None
    assert await devices.known(ada.device, "adam") is None
    assert await devices.known(ada.device, "ada") is not None


@pytest.mark.asvs("3.3.1")
async def test_the_token_is_for_this_host_alone_for_no_script_and_survives_a_sign_out(ada: Walker) -> None:
    answer = await ada.client.post(
        "/desk/signin",
        data={"name": "ada", "passphrase": PASSPHRASE},
        headers={"origin": ada.services.settings.desk_origin},
    )
    (written,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{DEVICE}=")]
    parts = {part.strip() for part in written.split(";")}
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict", f"Max-Age={int(LASTS.total_seconds())}"} <= parts
    await ada.post("/desk/signout", follow=False)
    assert DEVICE not in str(ada.headers.get_list("set-cookie"))
    assert "cookies" not in ada.headers["clear-site-data"]


async def test_while_strangers_fill_the_sign_in_a_known_browser_and_a_locked_desk_open(ada: Walker) -> None:
    pools = ada.services.pools
    gate = threading.Event()

    def held(_parameters: Parameters, secret: bytes, _salt: bytes) -> bytes:
        assert gate.wait(30)
        return secret

    before, crowded = pools.staff, Pool("crowded", 1, 0, held)
    pools.__dict__["staff"] = crowded
    stranger = asyncio.create_task(crowded.run(Parameters(19 * 1024, 2, 1), b"stranger", bytes(16)))
    try:
        await asyncio.sleep(0)
        assert not await ada.fresh().signs_in("ada")
        with pytest.raises(PoolFull):
            await crowded.run(Parameters(19 * 1024, 2, 1), b"one more", bytes(16))
        await ada.post("/desk/lock")
        assert ada.address == "/desk/locked"
        await ada.post("/desk/unlock", {"passphrase": PASSPHRASE}, token=await token(ada))
        assert ada.address == "/desk"
        await ada.post("/desk/signout")
        assert await ada.signs_in("ada")
    finally:
        gate.set()
        await stranger
        pools.__dict__["staff"] = before
        await crowded.close()
