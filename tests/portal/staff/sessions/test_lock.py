"""Holds a locked desk shut: every page, every post, every old cookie; one answer to a wrong passphrase, at one pace."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from portal.app import build_desk
from portal.services import Services
from portal.staff.guard import LOCKED
from portal.staff.sessions.session import DeskLocked, SignInNeeded
from portal.staff.tables import audit
from portal.staff.unlock import TRIES
from tests.portal.staff.test_guard import _everything, _fields
from tests.portal.staff.walker import PASSPHRASE, Walker, join, set_up, walker
from tests.support.site_map import ROOMS, addresses

pytestmark = pytest.mark.anyio

# Reached before anybody is signed in: nothing of the desk stands there.
BEFORE_SIGN_IN = {"/", "/desk/setup", "/desk/setup/{note}", "/desk/signin", "/desk/signin/{note}"}
BEFORE_SIGN_IN |= {"/desk/welcome", "/desk/welcome/{note}", "/desk/anew", "/desk/anew/{note}"}
BEFORE_SIGN_IN |= {"/desk/sheets/back", "/desk/sheets/back/{note}"}
BEFORE_SIGN_IN |= {"/desk/signin/passkey"}
OF_THE_LOCK = {LOCKED, LOCKED + "/{note}", "/desk/unlock"}


@pytest.fixture
async def ada(services: Services) -> Walker:
    """An administrator with every key before the whole desk, which she has just locked."""
    walked = await set_up(walker(services))
    sections = [importlib.import_module(name).section(services) for name in ROOMS]
    transport = httpx.ASGITransport(app=build_desk(services, sections), raise_app_exceptions=True)
    walked.client = httpx.AsyncClient(transport=transport, base_url=services.settings.desk_origin)
    await walked.post("/desk/lock")
    assert walked.address == LOCKED
    return walked


async def token(ada: Walker) -> str:
    await ada.open(LOCKED)
    found = re.search(r'name="csrf" value="([^"]+)"', ada.page)
    assert found
    return found[1]


async def test_a_locked_desk_answers_every_address_with_the_lock_and_does_nothing(
    ada: Walker, services: Services
) -> None:
    before, own, wrong = await _everything(services), await token(ada), []
    asked = [each for each in addresses() if each.face == "desk" and not each.is_line]
    assert {"/desk/chats", "/desk/tips", "/desk/entries", "/desk/signout"} <= {each.pattern for each in asked}
    for address in asked:
        if address.pattern in BEFORE_SIGN_IN | OF_THE_LOCK:
            continue
        path = address.path()
        for method in address.methods - {"HEAD"}:
            if method == "POST":
                await ada.post(path, dict(_fields()), token=own, follow=False)
            else:
                await ada._ask("GET", path, follow=False)
            if (ada.status, ada.headers.get("location")) != (303, LOCKED) or ada.page:
                wrong.append((method, path, ada.status))

    assert wrong == []
    assert await _everything(services) == before
    with pytest.raises(DeskLocked):
        await services.staff.who(ada.cookie)


async def test_the_lock_page_shows_whose_desk_it_is_and_nothing_to_do_but_open_it(ada: Walker) -> None:
    await ada.open(LOCKED)

    assert ada.sees("Ada")
    assert re.findall(r'action="([^"]+)"', ada.page) == ["/desk/unlock"]
    assert re.findall(r'href="(/desk[^"]*)"', ada.page) == ["/desk"]
    assert ada.status == 203
    assert "no-store" in ada.headers["cache-control"]


@pytest.mark.asvs("7.2.4")
async def test_the_passphrase_begins_a_new_session_and_the_old_cookie_is_nothing(
    ada: Walker, services: Services
) -> None:
    old = ada.cookie
    moved = (await services.staff.who_even_locked(old)).session

    await ada.post("/desk/unlock", {"passphrase": PASSPHRASE}, token=await token(ada))

    assert ada.address == "/desk"
    assert ada.cookie != old
    assert (await services.staff.who(ada.cookie)).alias == "Ada"
    with pytest.raises(SignInNeeded):
        await services.staff.who_even_locked(old)
    assert await services.staff.sessions.has_moved(moved)
    assert await services.staff.sessions.count((await services.staff.who(ada.cookie)).staff_id) == 1


async def test_a_wrong_passphrase_has_one_answer_is_written_down_and_is_slowed(ada: Walker, services: Services) -> None:
    own, pages = await token(ada), set()
    for said in ["", "some long passphrase here", PASSPHRASE + "!"] * 3 + ["one more, not right"]:
        await ada.post("/desk/unlock", {"passphrase": said}, token=own)
        assert ada.sees("That passphrase does not fit.")
        pages.add(ada.page)
    assert len(pages) == 1
    # Now the right one is too many as well, here and for whoever asks by the acts that want it once more.
    await ada.post("/desk/unlock", {"passphrase": PASSPHRASE}, token=own)

    assert ada.sees("Too many tries")
    with pytest.raises(DeskLocked):
        await services.staff.who(ada.cookie)
    async with services.database.read() as connection:
        acts = [act for (act,) in await connection.execute(select(audit.c.act)) if act.startswith("desk.")]
    assert acts == ["desk.signed_in", "desk.unlock_failed", f"desk.unlock_failed:{TRIES}"]


async def test_a_hostile_page_unlocks_nothing_and_tries_nothing(ada: Walker, services: Services) -> None:
    own = await token(ada)
    for origin in ("http://evil.localhost:8001", "null", None):
        await ada.post("/desk/unlock", {"passphrase": PASSPHRASE}, origin=origin, token=own, follow=False)
        assert ada.status == 403
    for wrong in ("", "x" * 43):
        await ada.post("/desk/unlock", {"passphrase": PASSPHRASE}, token=wrong, follow=False)
        assert ada.status == 403

    with pytest.raises(DeskLocked):
        await services.staff.who(ada.cookie)


async def test_signing_in_at_a_locked_desk_replaces_ones_own_session_and_ends_a_colleagues(
    ada: Walker, services: Services
) -> None:
    first = (await services.staff.who_even_locked(ada.cookie)).session
    assert await ada.signs_in("ada")
    assert await services.staff.sessions.has_moved(first), "what she holds is still hers"

    bo = await join(ada, alias="Bo")
    await bo.post("/desk/lock")
    second = (await services.staff.who_even_locked(bo.cookie)).session
    there = replace(ada.fresh(), cookie=bo.cookie)
    assert await there.signs_in("ada")
    assert not await services.staff.sessions.has_moved(second)
    with pytest.raises(SignInNeeded):
        await services.staff.who_even_locked(bo.cookie)


async def test_who_is_sent_away_does_not_come_back_through_the_lock(ada: Walker, services: Services) -> None:
    own, person = await token(ada), await services.staff.who_even_locked(ada.cookie)
    async with services.database.write() as connection:
        await services.staff.accounts.change(connection, person.staff_id, is_active=False)

    await ada.post("/desk/unlock", {"passphrase": PASSPHRASE}, token=own)

    assert ada.address == "/desk/signin"
