"""Holds the desk's one answer: what is not there, and what is another's, look alike, in the person's own language."""

from __future__ import annotations

import re
from typing import Final

import pytest

from portal.services import Services
from tests.portal.staff.test_permissions import Desk, real, routes_of
from tests.portal.staff.walker import Walker, set_up, walker
from tests.support.site_map import addresses

pytestmark = pytest.mark.anyio

# What stands in a place of an address and is no name of a thing: a note left for the next page, a language, a day.
NO_THING: Final = {"note", "begun", "tag", "lang", "language"}

# Where a page of a list leads that was kept for a minute and is gone.
ONWARD: Final = {"/desk/tips", "/desk/tips/new"}


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, signed in, with every key."""
    return await set_up(walker(services))


async def test_an_error_of_the_desk_speaks_its_persons_language(ada: Walker) -> None:
    await ada.open("/desk/nothing-here")
    assert '<html lang="en"' in ada.page
    english = ada.page

    await ada.post("/desk/me", {"tongue": "fr"})
    for path in ("/desk/nothing-here", "/desk/staff/AAAAAAAAAAAAAAAAAAAAAA"):
        await ada.open(path)
        assert (ada.status, '<html lang="fr"' in ada.page) == (404, True), path
    nobody = ada.fresh()
    await nobody.open("/desk/nothing-here")
    assert (nobody.status, nobody.page) == (404, english)
    # Locked, too; and with a cookie that is nobody's any more.
    await ada.post("/desk/lock", follow=False)
    await ada.open("/desk/nothing-here")
    assert '<html lang="fr"' in ada.page
    ada.cookie = "A" * 43
    await ada.open("/desk/nothing-here")
    assert ada.page == english


async def test_a_thing_that_is_not_there_is_no_page_and_no_act_for_anybody(ada: Walker, services: Services) -> None:
    """By the address of a thing: every room's, with every right and key, so that nothing but the thing is missing."""
    desk = Desk(services, routes_of(services))
    csrf = await ada.token()
    not_there = (await desk.ask("GET", "/desk/nothing-here", ada.cookie, csrf, real=True)).text
    asked = [
        (method, each.pattern)
        for each in addresses()
        if each.face == "desk" and not each.is_line and set(re.findall(r"{(\w+)", each.pattern)) - NO_THING
        for method in sorted(each.methods - {"HEAD"})
    ]
    other = []
    for method, pattern in asked:
        answer = await desk.ask(method, real(pattern), ada.cookie, csrf, real=True)
        onward = answer.headers.get("location", "").partition("#")[0]
        if answer.status_code == 303 and onward not in ONWARD:
            # A form is answered so, whatever happened; what it leads to is the answer.
            answer = await desk.ask("GET", onward, ada.cookie, csrf, real=True)
        if (answer.status_code, answer.text) != (404, not_there):
            other += [(method, pattern, answer.status_code)] if onward not in ONWARD else []
    assert len(asked) > 80
    assert other == [], "\n".join(map(str, other))
