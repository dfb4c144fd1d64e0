"""Holds the desk's door to one answer for everybody it does not know, and to sessions that really end."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from portal.clock import StillClock
from portal.ids import from_text
from portal.services import Services
from portal.staff.sessions.lasting import KEPT
from portal.staff.sessions.session import ENDED_CHANNEL, SignInNeeded
from portal.store.channels import Gap
from tests.portal.staff.walker import PASSPHRASE, Walker, join, person_page, set_up, walker

pytestmark = pytest.mark.anyio


async def test_name_and_passphrase_open_the_desk(ada: Walker) -> None:
    again = ada.fresh()

    assert await again.signs_in("  ADA ")
    assert again.address == "/desk"
    assert again.sees("Hello, Ada")


@pytest.mark.asvs("6.3.8")
async def test_an_unknown_name_and_a_wrong_passphrase_get_one_and_the_same_answer(ada: Walker) -> None:
    unknown, wrong = ada.fresh(), ada.fresh()

    assert not await unknown.signs_in("nobody", "some long passphrase here")
    assert not await wrong.signs_in("ada", "some long passphrase here")

    assert unknown.status == wrong.status == 203
    assert unknown.page == wrong.page
    assert set(unknown.headers) == set(wrong.headers)


@pytest.mark.asvs("6.3.8")
async def test_an_unknown_name_costs_the_same_run_as_a_wrong_passphrase(
    ada: Walker, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[object, int]] = []
    pool = services.pools.staff
    run = pool.run

    async def counted(parameters: object, secret: bytes, salt: bytes) -> bytes:
        runs.append((parameters, len(salt)))
        return await run(parameters, secret, salt)  # type: ignore[arg-type]

    monkeypatch.setattr(pool, "run", counted)
    await ada.fresh().signs_in("nobody", "some long passphrase here")
    await ada.fresh().signs_in("ada", "some long passphrase here")

    assert len(runs) == 2
    assert runs[0] == runs[1]


async def test_a_passphrase_typed_on_another_keyboard_is_the_same_passphrase(services: Services) -> None:
    composed, split = "caf\u00e9s bleus tournent vite", "cafe\u0301s bleus tournent vite"
    ada = await set_up(walker(services), passphrase=composed, again=composed)

    assert await ada.fresh().signs_in("ada", split)


@pytest.mark.asvs("6.3.1")
async def test_many_tries_slow_a_name_down_and_no_other(ada: Walker) -> None:
    await join(ada, alias="Bo")
    stranger = ada.fresh()
    for _ in range(10):
        await stranger.signs_in("ada", "some long passphrase here")

    assert not await ada.fresh().signs_in("ada")
    assert await ada.fresh().signs_in("Bo")


@pytest.mark.asvs("7.2.4")
async def test_each_sign_in_is_a_new_session_and_ends_the_one_it_came_with(ada: Walker, services: Services) -> None:
    before = ada.cookie

    assert await ada.signs_in("ada")

    assert ada.cookie != before
    with pytest.raises(SignInNeeded):
        await services.staff.who(before)


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4")
async def test_the_cookie_is_for_this_host_alone_and_for_no_script(ada: Walker) -> None:
    answer = await ada.client.post(
        "/desk/signin",
        data={"name": "ada", "passphrase": PASSPHRASE},
        headers={"origin": ada.services.settings.desk_origin},
    )
    written = answer.headers["set-cookie"]

    assert answer.status_code == 303
    assert written.startswith("__Host-d=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in written.split(";")}
    assert "Domain" not in written


async def test_no_store_holds_the_cookie_or_a_key_in_clear(ada: Walker, services: Services) -> None:
    token = from_text(ada.cookie, 32)
    signed = await services.staff.who(ada.cookie)
    secrets = [token, ada.cookie.encode(), *signed.compartment_keys("tips").values()]
    kept = []
    for store in (services.durable, services.ember_client):
        async for key in store.scan_iter():
            kept.append(key)
            match await store.type(key):
                case b"string":
                    kept.append(await store.get(key))
                case b"set":
                    kept += await store.smembers(key)
                case b"zset":
                    kept += await store.zrange(key, 0, -1)
                case b"hash":
                    kept += [part for pair in (await store.hgetall(key)).items() for part in pair]
                case kind:
                    raise AssertionError(f"nobody looks into a {kind!r}")

    assert b"s:" + hashlib.sha256(token).digest() in kept
    assert [secret for secret in secrets if any(secret in value for value in kept)] == []


@pytest.mark.asvs("7.4.1", "14.3.1")
async def test_signing_out_ends_the_session_and_tells_every_socket(ada: Walker, services: Services) -> None:
    cookie, session = ada.cookie, (await services.staff.who(ada.cookie)).session
    async with services.channels.listen(ENDED_CHANNEL) as listener:
        while not isinstance(await listener.next(), Gap):
            pass
        await ada.post("/desk/signout", follow=False)
        heard = await listener.next()

    assert not isinstance(heard, Gap)
    assert heard.payload == session
    assert ada.status == 303
    assert ada.headers["clear-site-data"] == '"cache", "storage"'
    ada.cookie = cookie
    await ada.open("/desk")
    assert ada.address == "/desk/signin"


async def test_signing_out_everywhere_ends_the_other_browsers_too(ada: Walker, services: Services) -> None:
    other = ada.fresh()
    await other.signs_in("ada")

    await ada.post("/desk/me/sessions")

    await other.open("/desk")
    assert other.address == "/desk/signin"


@pytest.mark.asvs("7.3.1")
async def test_a_session_ends_after_half_an_hour_without_a_request(ada: Walker, services: Services) -> None:
    ember = b"es:" + (await services.staff.who(ada.cookie)).session
    await services.embers.extend(ember, KEPT + timedelta(minutes=1))

    await services.staff.who(ada.cookie)
    assert await services.embers.left(ember) > KEPT + timedelta(minutes=29)

    await services.embers.extend(ember, KEPT)
    with pytest.raises(SignInNeeded):
        await services.staff.who(ada.cookie)
    assert not await services.embers.left(ember)


@pytest.mark.asvs("7.3.2")
async def test_a_session_ends_after_twelve_hours_however_busy_it_was(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    for _ in range(11):
        clock.advance(timedelta(hours=1))
        await services.staff.who(ada.cookie)
    clock.advance(timedelta(hours=1))

    with pytest.raises(SignInNeeded):
        await services.staff.who(ada.cookie)


async def test_a_request_that_is_still_running_cannot_bring_an_ended_session_back(
    ada: Walker, services: Services
) -> None:
    signed = await services.staff.who(ada.cookie)
    await services.staff.sessions.end(signed.staff_id, signed.session)

    assert not await services.embers.extend(b"es:" + signed.session, timedelta(minutes=30))
    with pytest.raises(SignInNeeded):
        await services.staff.who(ada.cookie)


@pytest.mark.asvs("7.4.2")
async def test_who_is_sent_away_is_out_at_once_in_every_browser(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    session = (await services.staff.who(bo.cookie)).session
    address = await person_page(ada, "Bo")
    async with services.channels.listen(ENDED_CHANNEL) as listener:
        while not isinstance(await listener.next(), Gap):
            pass
        await ada.post(f"{address}/away", {"passphrase": PASSPHRASE})
        heard = await listener.next()

    assert not isinstance(heard, Gap)
    assert heard.payload == session
    with pytest.raises(SignInNeeded):
        await services.staff.who(bo.cookie)
    assert not await ada.fresh().signs_in("Bo")


async def test_a_session_kept_from_before_she_was_sent_away_opens_nothing(ada: Walker, services: Services) -> None:
    """The generation alone is enough: both halves of the session are still where they were."""
    bo = await join(ada, alias="Bo")
    person = next(each for each in await services.staff.accounts.everyone() if each.alias == "Bo")
    async with services.database.write() as connection:
        await services.staff.accounts.change(connection, person.id, generation=person.generation + 1)

    with pytest.raises(SignInNeeded):
        await services.staff.who(bo.cookie)


async def test_only_one_way_to_spell_a_cookie(ada: Walker, services: Services) -> None:
    for spelt in (ada.cookie + "=", ada.cookie[:-1], " " + ada.cookie, "", "x" * 43, ada.cookie + "A"):
        with pytest.raises(SignInNeeded):
            await services.staff.who(spelt)
