"""The desk's page about calls: who is called, how one is reached oneself, and the yes that stops the calling."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.alerts.ways import Ways
from portal.clock import StillClock
from portal.ids import random_id
from portal.services import Services
from portal.settings import Secret
from tests.portal.staff.walker import Walker, give, join, set_up, walker
from tests.support.alert_posts import Post, a_hook

pytestmark = pytest.mark.anyio


@pytest.fixture
async def post(services: Services) -> AsyncIterator[Post]:
    async with a_hook() as hook:
        services.alerts.ways = Ways(replace(services.settings, alert_webhook_url=Secret(hook.url)))
        yield hook


async def staff(services: Services) -> tuple[Walker, Walker]:
    """An administrator and an advocate with her key, both signed in."""
    ada = await set_up(walker(services))
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "chat", "tips")
    await bo.signs_in("Bo")
    return ada, bo


def row_of(looking: Walker, name: str, address: str) -> str:
    found = re.search(rf'action="{address}".*?name="{name}" value="([^"]+)"', looking.page, re.DOTALL)
    assert found, looking.page
    return found[1]


async def test_a_way_is_added_tried_and_removed_by_the_one_it_reaches(services: Services, post: Post) -> None:
    ada, bo = await staff(services)
    await bo.open("/desk/calls")
    assert bo.sees("Nobody can be called.")

    await bo.post("/desk/calls/way", {"way": "webhook", "target": " +1 555 0100 "})
    await bo.open("/desk/calls")
    assert bo.sees("+1 555 0100")
    assert not bo.sees("Nobody can be called.")
    mine = row_of(bo, "row", "/desk/calls/way/try")
    await bo.post("/desk/calls/way/try", {"row": mine})
    assert bo.sees("It was sent.")
    assert post.came == [("+1 555 0100", "Lantern Line: open the desk.")]
    post.is_willing = False
    await bo.post("/desk/calls/way/try", {"row": mine})
    assert bo.sees("It did not go.")

    await ada.open("/desk/calls")
    assert not ada.sees("+1 555 0100"), "how somebody else is reached is nobody's business"
    await ada.post("/desk/calls/way/remove", {"row": mine})
    await bo.open("/desk/calls")
    assert bo.sees("+1 555 0100")
    await bo.post("/desk/calls/way/remove", {"row": mine})
    assert not bo.sees("+1 555 0100")


@pytest.mark.parametrize(
    ("way", "target"), [("mail", "bo@lantern.example"), ("webhook", ""), ("webhook", "a\x00b"), ("webhook", "5" * 321)]
)
async def test_what_can_be_no_target_is_not_kept(services: Services, post: Post, way: str, target: str) -> None:
    ada, _ = await staff(services)
    await ada.post("/desk/calls/way", {"way": way, "target": target})

    assert ada.sees("This cannot be an address for this way.")
    assert (await services.alerts.roster.read()).ways == ()


async def test_a_supervisor_says_who_is_on_call_and_everybody_sees_it(services: Services, clock: StillClock) -> None:
    ada, bo = await staff(services)
    await ada.open("/desk/calls")
    person = re.search(r'<option value="([^"]+)">Bo<', ada.page)
    assert person
    turn: dict[str, str | list[str]] = {"person": person[1], "rung": "2", "after": "3", "lasts": "8"}
    await ada.post("/desk/calls/turn", {**turn, "lasts": "169"})
    assert ada.sees("Give the hours as whole numbers")
    await ada.post("/desk/calls/turn", turn)

    await bo.open("/desk/calls")
    assert bo.sees("in 3 hours, for 8 hours")
    assert bo.sees("cannot be reached")
    assert 'action="/desk/calls/turn' not in bo.page
    clock.advance(timedelta(hours=4))
    await ada.open("/desk/calls")
    assert ada.sees("now, for 7 more hours")
    await ada.post("/desk/calls/turn/remove", {"row": row_of(ada, "row", "/desk/calls/turn/remove")})
    assert ada.sees("Nobody is on call.")


async def test_a_yes_at_the_desk_is_shown_with_its_name_and_stops_the_calling(
    services: Services, clock: StillClock, post: Post
) -> None:
    ada, bo = await staff(services)
    await ada.post("/desk/calls/way", {"way": "webhook", "target": "ada"})
    await services.alerts.raise_("tip", random_id())
    await services.alerts.look()
    assert post.to == ["ada"]

    await bo.open("/desk/calls")
    assert bo.sees("nobody has said yes")
    await bo.post("/desk/calls/yes", {"call": row_of(bo, "call", "/desk/calls/yes")})
    assert bo.sees("Bo has it")
    clock.advance(timedelta(minutes=30))
    await services.alerts.look()
    assert post.to == ["ada"]


async def test_without_a_way_the_page_says_that_nobody_can_be_called(services: Services) -> None:
    ada, _ = await staff(services)
    await ada.open("/desk/calls")

    assert ada.sees("Nobody can be called.")
    assert ada.sees("This server has no way to reach anybody yet.")
    assert 'action="/desk/calls/way"' not in ada.page
