"""Holds the desk's one answer: what is not there, and what is another's, look alike, in the person's own language."""

from __future__ import annotations

from typing import Final

import pytest

from portal.services import Services
from tests.portal.staff.walker import Walker, give, set_up, walker
from tests.support.site_map import addresses

pytestmark = pytest.mark.anyio

# What stands in a place of an address and is no name of a thing: a note left for the next page, a language, a day.
NO_THING: Final = {"note", "begun", "tag", "lang", "language"}


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
