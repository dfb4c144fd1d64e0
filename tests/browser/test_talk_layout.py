"""Holds the talk to a small screen: Start in sight, leave and Send in sight and far apart, nothing sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import EXIT, Story

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "fr", "es", "ar")
SIZES = ((360, 640), (360, 400), (844, 390), (1280, 800))


def box(page: Page, selector: str) -> tuple[float, float, float, float]:
    """Start, top, end and bottom of what the selector finds, in pixels of the screen."""
    found = page.locator(selector).first.bounding_box()
    assert found, selector
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def is_itself(page: Page, selector: str) -> bool:
    """Whether a finger on the middle and on the four inner corners of it meets nothing else."""
    return bool(
        page.locator(selector).first.evaluate(
            """door => { const { left, top, right, bottom } = door.getBoundingClientRect();
                 return [[(left + right) / 2, (top + bottom) / 2], [left + 8, top + 8], [right - 8, top + 8],
                   [left + 8, bottom - 8], [right - 8, bottom - 8]].every(([x, y]) =>
                     door.contains(document.elementFromPoint(x, y))); }"""
        )
    )


def sideways(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_start_is_in_sight_on_a_small_phone(story: Story, language: str) -> None:
    with story.advocate(), story.visitor(language) as visitor:
        visitor.page.goto(f"{visitor.at}/talk")

        _, top, _, bottom = box(visitor.page, "#start-form button")

        assert top > 0
        assert bottom <= 640
        assert sideways(visitor.page) <= 0


def test_the_notice_has_seventy_words_at_most_and_asks_nothing(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.page.goto(f"{visitor.at}/talk")
        said = visitor.page.inner_text("#start h1") + " " + visitor.page.inner_text(".start-notice")

        assert len(said.split()) <= 70
        asked = ", ".join(f"#start {field}:visible" for field in ("input", "textarea", "select"))
        expect(visitor.page.locator(asked)).to_have_count(0)


def test_two_taps_lead_from_home_into_the_line(story: Story) -> None:
    with story.advocate(), story.visitor() as visitor:
        visitor.page.goto(f"{visitor.at}/")
        visitor.page.click(".door[href$='/talk']")
        # A press before the script is there begins the talk without it.
        visitor.page.wait_for_url("**/talk", wait_until="load")
        visitor.presses_start()

        expect(visitor.page.locator("#place")).to_have_text("You are next.")
        expect(visitor.page.locator("#field")).to_be_enabled()


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.long), "ar"])
def test_leave_the_last_words_and_send_are_in_sight_together(story: Story, language: str) -> None:
    with story.advocate() as advocate, story.visitor(language) as visitor:
        visitor.starts()
        visitor.says("My boss has my passport.")
        advocate.takes_next()
        advocate.says("Thank you for telling me. Are you safe to write right now?")
        visitor.sees("Thank you for telling me.")
        for width, height in SIZES:
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.wait_for_timeout(150)

            _, leave_top, _, leave_bottom = box(visitor.page, EXIT)
            _, send_top, _, send_bottom = box(visitor.page, "#send")
            _, _, _, words_bottom = box(visitor.page, ".bubble-other .bubble-words")

            assert leave_top >= 0, (width, height)
            assert send_bottom <= height, (width, height)
            assert words_bottom <= send_top, (width, height)
            assert send_top - leave_bottom >= 120, (width, height)
            assert is_itself(visitor.page, EXIT), (width, height)
            assert sideways(visitor.page) <= 0, (width, height)
            assert visitor.page.locator(".bar").evaluate("bar => getComputedStyle(bar).position") == "static"


def test_nothing_covers_the_way_out_in_any_state(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.page.goto(f"{visitor.at}/talk")
        assert is_itself(visitor.page, EXIT)
        visitor.presses_start()
        assert is_itself(visitor.page, EXIT)
        visitor.chooses("safe", "no")
        expect(visitor.page.locator("#not-safe")).to_be_visible()
        assert is_itself(visitor.page, EXIT)
        advocate.takes_next()
        expect(visitor.page.locator("#wait-head")).to_be_hidden()
        visitor.page.click("#more-button")
        assert is_itself(visitor.page, EXIT)
        visitor.page.click("#end-ask")
        assert is_itself(visitor.page, EXIT)
        expect(visitor.page.locator("#end-keep")).to_be_focused()
        visitor.page.click("#end-now")
        assert is_itself(visitor.page, EXIT)


def test_a_field_is_large_enough_that_no_phone_zooms_into_it(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.starts()
        for selector in ("#field", "#questions input[name=name]"):
            size = visitor.page.locator(selector).evaluate("field => parseFloat(getComputedStyle(field).fontSize)")
            assert size >= 16
