"""Asked in her language whether it is that one: one tap shows the page in it, and everything typed is still there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story
from tests.support.axe import violations
from tests.support.catalogues import phrases
from tests.support.navigators import Reporter

pytestmark = pytest.mark.browser

SPANISH = "mi jefe me quito el pasaporte y no me paga"
ENGLISH = "i cant leave the house"
DRAFT = "y ademas dunlin"
# The first text of each process waits until the model is there, on a machine that does much else.
LOADED_MS = 30_000


def said(key: str) -> str:
    (words,) = phrases("tongues", "es")[key]
    return words


def test_in_a_chat_one_tap_takes_the_talk_into_it_and_no_is_no(story: Story) -> None:
    with story.visitor() as her:
        her.starts()
        her.says(SPANISH)
        page = her.page
        line = page.locator(".log-note[lang=es]")
        expect(line).to_contain_text(said("tongues.ask"), timeout=LOADED_MS)
        assert violations(page) == []
        page.fill("#field", DRAFT)
        line.get_by_role("button", name=said("tongues.show")).click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.locator("#field")).to_have_value(DRAFT)
        her.sees(SPANISH)
        her.says(ENGLISH)
        line = page.locator(".log-note[lang=en]")
        line.get_by_role("button", name="No", exact=True).click(timeout=LOADED_MS)
        expect(line).to_have_count(0)
        her.says(f"{ENGLISH}, really")
        page.wait_for_timeout(300)
        expect(line).to_have_count(0)
        expect(page.locator("html")).to_have_attribute("lang", "es")


@pytest.mark.long
def test_in_a_note_one_tap_brings_the_form_back_in_it_with_every_word(story: Story) -> None:
    with story.chromium.visit() as page:
        Reporter(page, story.ready.house.public).opens_the_form()
        page.fill("[name=words]", SPANISH)
        box = page.locator(".notice[lang=es]")
        expect(box).to_contain_text(said("tongues.ask"), timeout=LOADED_MS)
        assert violations(page) == []
        box.get_by_role("button", name=said("tongues.show")).click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.locator("[name=words]")).to_have_value(SPANISH)
        expect(page.locator(".notice[lang=es]")).to_have_count(0)
