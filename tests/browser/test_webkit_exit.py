"""Looks at the exit and Back in WebKitGTK where the machine has it: the nearest thing to a Safari, and not one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.open_house import OpenHouse
from tests.support.public_pages import path
from tests.support.webkit import WebKitTab, webkit_visit, what_is_missing

# In the long run only: the ordinary one installs no WebKit, and is to be the same on every machine.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(bool(what_is_missing()), reason="needs WebKitGTK: apt-get install webkit2gtk-driver xvfb"),
]

CANARY = "kestrel-canary-typed-words"
OPEN = b"<!doctype html><title>Open</title><textarea></textarea><a href='/weather'>on</a>"


def shown(tab: WebKitTab) -> str:
    return "\n".join([tab.words, *tab.fields])


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[WebKitTab]:
    with webkit_visit(tmp_path) as opened:
        yield opened


def test_nothing_typed_comes_back_after_the_exit_or_by_leaving_otherwise(tab: WebKitTab, open_house: OpenHouse) -> None:
    """Requirements 13, 16, 18 and 35 of docs/safety.md."""
    house, neutral = open_house.house, open_house.neutral
    neutral.pages["/open"] = OPEN
    # A page that guards nothing comes back whole: without this the rest would prove nothing.
    tab.opens(neutral.origin + "/open")
    tab.types("textarea", "left open")
    tab.taps("a")
    tab.is_at(neutral.url)
    tab.goes_back()
    tab.until(lambda: tab.fields == ["left open"], "the page as it was left")

    form = house.public + path("note")
    tab.opens(form)
    tab.types("textarea", CANARY)
    tab.opens(neutral.url)
    tab.goes_back()
    tab.is_at(form)
    assert CANARY not in shown(tab)

    # Sent without what happened it comes back, however long she took.
    tab.types("[name=place]", CANARY)
    tab.taps("main form button[type=submit]")
    tab.is_at(form + "/")
    tab.until(lambda: CANARY in tab.fields, "the words to stand in the field again")
    tab.taps("[data-leave]")
    tab.is_at(neutral.url)
    tab.goes_back()
    tab.is_at(neutral.origin + "/open")
