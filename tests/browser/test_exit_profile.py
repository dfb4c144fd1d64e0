"""Holds Chromium's own history screen to not listing a visit that was left by the exit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import path

pytestmark = pytest.mark.browser


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
