"""Holds a whole visit, in both browsers, with script and without, to keeping nothing and asking nobody else."""

from __future__ import annotations

import ipaddress
import re

import pytest

from tests.support.engines import Engine
from tests.support.firefox import Firefox
from tests.support.neutral import NeutralSite
from tests.support.open_house import OpenHouse
from tests.support.public_pages import PAGES, path
from tests.support.tab_people import EXIT

pytestmark = pytest.mark.browser

HOW = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
KEEPS = b"""<!doctype html><title>Keeps</title><script>
localStorage.setItem("a", "b"); sessionStorage.setItem("a", "b"); document.cookie = "a=b"; indexedDB.open("a");
</script><p>kept</p>"""


def test_what_a_site_keeps_is_seen(engine: Engine, neutral: NeutralSite) -> None:
    """Without this the others would prove nothing."""
    neutral.pages["/keeps"] = KEEPS
    with engine.visit() as tab:
        tab.opens(neutral.origin + "/keeps")
        tab.sees("kept")
        tab.until(lambda: {"cookies", "stores"} <= set(tab.kept()), "both to be seen")


@HOW
def test_a_whole_visit_keeps_nothing_and_asks_nobody_else(engine: Engine, open_house: OpenHouse, script: bool) -> None:
    """Requirements 28, 30 and 31 of docs/safety.md, looked at after every step."""
    house, neutral = open_house.house, open_house.neutral
    with engine.visit(script=script) as tab:
        asked = tab.asks_for()
        titles = set()
        for page in PAGES:
            tab.opens(house.public + path(page))
            titles.add(tab.title)
            assert tab.kept() == {}, page
        tab.opens(house.public + path("note"))
        tab.types("textarea", "half a sentence")
        tab.taps("main form button[type=submit]")
        # The address changes before the page is there: it has its title once its head has come.
        tab.until(
            lambda: bool(re.search(r"/en/note/[^/]+$", tab.address) and tab.title), "the page with what was typed"
        )
        titles.add(tab.title)
        assert tab.kept() == {}
        before = {origin(url) for url in asked()}
        tab.taps(EXIT)
        tab.is_at(neutral.url)
        tab.opens(house.public + path("home"))

        assert tab.kept() == {}
        assert before == {house.public}
        assert len(titles) == 1


def origin(url: str) -> str:
    return "/".join(url.split("/")[:3])


def test_the_firefox_of_these_tests_speaks_to_this_machine_alone(firefox: Firefox, open_house: OpenHouse) -> None:
    with firefox.visit() as tab:
        tab.opens(open_house.house.public + path("home"))
        spoken_to = firefox.speaks_to()

    assert spoken_to
    assert [each for each in spoken_to if not ipaddress.ip_address(each).is_loopback] == []
