"""Holds the list of one's own sessions to a day and a name she gave, and each button to her own."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest

from portal.clock import StillClock
from portal.ids import from_text
from portal.services import Services
from portal.staff.sessions.lasting import KEPT
from portal.staff.sessions.session import SignInNeeded
from tests.portal.staff.test_rights import PAGES
from tests.portal.staff.walker import Walker, join

pytestmark = pytest.mark.anyio


def listed(page: str) -> list[str]:
    """The sessions on the page about oneself, by the names their buttons post."""
    return list(dict.fromkeys(re.findall(r'name="session" value="([^"]+)"', page)))


@pytest.mark.asvs("7.4.1", "7.5.2")
async def test_each_session_of_hers_is_listed_named_and_ended_alone(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    clock.advance(timedelta(hours=11))
    other, third = ada.fresh(), ada.fresh()
    await other.signs_in("ada")
    await third.signs_in("ada")
    clock.advance(timedelta(minutes=30))
    await other.open("/desk/me")
    assert other.sees("since March 4, 2026")
    assert len(listed(other.page)) == 3
    this = re.search(r"this one.*?value=\"([^\"]{43})\"", other.page[other.page.index("this one") :], re.DOTALL)
    assert this
    called = "  Kitchen\nlaptop " + "x" * 60

    await other.post("/desk/me/sessions/name", {"session": listed(other.page)[-1], "name": called})
    assert other.sees("Kitchen laptop xxx")
    assert "x" * 60 not in other.page
    target = next(each for each in listed(other.page) if each not in (listed(other.page)[0], listed(other.page)[-1]))
    await other.post("/desk/me/sessions/end", {"session": target})
    assert len(listed(other.page)) == 2
    await services.staff.who(other.cookie)
    ended = 0
    for each in (ada, third):
        try:
            await services.staff.who(each.cookie)
        except SignInNeeded:
            ended += 1
    assert ended == 1


async def test_nobody_ends_or_names_a_colleagues_session(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    await bo.open("/desk/me")
    (his,) = listed(bo.page)
    for path in ("/desk/me/sessions/end", "/desk/me/sessions/name"):
        for session in (his, "", "x" * 43):
            await ada.post(path, {"session": session, "name": "mine now"})
    await bo.open("/desk/me")
    assert listed(bo.page) == [his]
    assert "mine now" not in bo.page


@pytest.mark.asvs("7.3.1")
async def test_how_long_it_lasts_is_told_without_renewing_and_a_press_renews(ada: Walker, services: Services) -> None:
    ember = b"es:" + (await services.staff.who(ada.cookie)).session
    await services.embers.extend(ember, KEPT + timedelta(seconds=100))
    for _ in range(2):
        await ada.open("/desk/me/left")
        told = json.loads(ada.page)
        assert 90 <= told["left"] <= 100
        assert told["stays"] is True
    token = await ada.token()
    await services.embers.extend(ember, KEPT + timedelta(seconds=100))
    await ada.post("/desk/me/stay", token=token)
    assert json.loads(ada.page)["left"] > 1700
    await services.embers.delete(ember)
    await ada.open("/desk/me/left")
    assert json.loads(ada.page) == {"left": 0, "stays": False}


@pytest.mark.asvs("7.3.2")
async def test_the_last_minutes_of_its_hours_no_press_prolongs(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    clock.advance(timedelta(hours=11, minutes=58, seconds=30))
    await ada.post("/desk/me/stay", token=await ada.token())
    assert json.loads(ada.page) == {"left": 90, "stays": False}
    clock.advance(timedelta(seconds=90))
    with pytest.raises(SignInNeeded):
        await services.staff.who(ada.cookie)


@pytest.mark.asvs("7.2.3")
async def test_a_token_is_256_random_bits_and_the_store_has_its_digest_alone(ada: Walker, services: Services) -> None:
    tokens = []
    for _ in range(3):
        other = ada.fresh()
        await other.signs_in("ada")
        tokens.append(from_text(other.cookie, 32))
    assert len(set(tokens)) == 3
    assert all(abs(sum(byte.bit_count() for byte in token) - 128) < 60 for token in tokens)
    held = [key async for key in services.durable.scan_iter(b"s:*")]
    assert {b"s:" + hashlib.sha256(token).digest() for token in tokens} <= set(held)
    assert [token for token in tokens for key in held if token in key + (await services.durable.get(key))] == []


@pytest.mark.asvs("7.4.4")
async def test_every_page_of_the_desk_has_the_way_out(ada: Walker) -> None:
    pages = [path for method, path in PAGES if method == "GET" and "{" not in path and path.startswith("/desk")]
    drawn, without = 0, []
    for path in pages:
        await ada.open(path)
        # Where nobody is signed in there is nothing to leave.
        if "html" not in ada.headers["content-type"] or "desk-alone" in ada.page:
            continue
        drawn += ada.status == 203
        if ada.status == 203 and 'action="/desk/signout"' not in ada.page:
            without.append(path)
    assert without == []
    assert drawn > 8
