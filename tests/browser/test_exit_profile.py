"""Holds the browser's own files, after a visit, to holding nothing that was typed, read or carried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.profile_search import search_profile
from tests.support.public_pages import path

pytestmark = pytest.mark.browser

TYPED = "kestrel-canary-typed-words"
READ = "We keep what you say private"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("leaves", [True, False], ids=["with the exit", "without"])
def test_nothing_typed_or_read_is_in_the_profile(
    chromium: Chromium, open_house: OpenHouse, tmp_path: Path, script: bool, leaves: bool
) -> None:
    """Requirements 33 and 34 of docs/safety.md: every file of the profile is searched, session files included.

    Without script a form is posted by the browser itself, and only the answer 303 keeps it from writing the words down.
    """
    house = open_house.house
    with chromium.profile(tmp_path / "profile", script=script) as context:
        page = context.new_page()
        page.goto(house.public + path("home"))
        page.goto(house.public + path("note"))
        page.locator("textarea").first.fill(TYPED)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(re.compile(r"/en/note/[^/]+$"))
        assert page.locator("textarea").first.input_value() == TYPED
        if leaves:
            page.locator("[data-leave]").click()
            page.wait_for_url(open_house.neutral.url)
        page.wait_for_timeout(800)

    assert search_profile([TYPED, READ], tmp_path / "profile") == []


def test_a_visit_with_script_and_exit_is_not_on_the_history_screen(
    chromium: Chromium, open_house: OpenHouse, tmp_path: Path
) -> None:
    """Requirement 16 of docs/safety.md: what was left by replacing is not on Chromium's history screen."""
    with chromium.profile(tmp_path / "profile") as context:
        page = context.new_page()
        page.goto(open_house.house.public + path("home"))
        page.locator('a[href$="/note"]').first.click()
        page.wait_for_url(re.compile("/en/note$"))
        page.locator("[data-leave]").click()
        page.wait_for_url(open_house.neutral.url)
        page.wait_for_timeout(500)
        page.goto("chrome://history")
        page.wait_for_timeout(1500)
        listed = page.evaluate(
            """() => {
                const texts = [], walk = node => {
                    if (node.shadowRoot) walk(node.shadowRoot);
                    for (const child of node.childNodes)
                        child.nodeType === 3 ? texts.push(child.data.trim()) : walk(child);
                };
                walk(document);
                return texts.filter(text => text).join(" ");
            }"""
        )

    assert "Weather" in listed
    assert f"127.0.0.1:{open_house.house.port}" not in listed
