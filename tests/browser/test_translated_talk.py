"""Tells in real browsers how a machine translates a talk: by her yes, under the original, and stopped by one tap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.talk_people import Advocate, Story, Visitor, story_at
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.desk_people import DeskPerson
from tests.support.engine_double import EngineDouble, engine_double

pytestmark = pytest.mark.browser

LABEL = "Traducción de una máquina. Puede fallar."


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineDouble]:
    with engine_double() as double:
        yield double


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium, engine: EngineDouble) -> Iterator[Story]:
    with story_at(tmp_path_factory.mktemp("h"), chromium, translation_url=engine.url) as story:
        yield story


@pytest.fixture(scope="module")
def sam(told: Story) -> DeskPerson:
    """She reads English alone."""
    return told.ready.admin.invites("Sam", "advocate", ["en"], "chat")


def asked(page: Page, which: int) -> Locator:
    """One of the two questions, her words first."""
    return page.locator("#log .bubble").filter(has=page.locator(".taps")).nth(which)


@contextmanager
def taken(told: Story, sam: DeskPerson, visitor: Visitor) -> Iterator[Advocate]:
    visitor.starts()
    visitor.says("Tengo miedo.")
    with told.colleague(sam) as advocate:
        advocate.is_ready()
        advocate.takes_next()
        advocate.sees("Tengo miedo.")
        yield advocate
        advocate.puts_all_away()


def test_a_talk_is_translated_both_ways_by_her_yes_and_stopped_by_one_tap(
    told: Story, sam: DeskPerson, engine: EngineDouble
) -> None:
    with told.visitor("es") as visitor, taken(told, sam, visitor) as advocate:
        page, desk = visitor.page, advocate.page
        state = desk.locator("[data-at=machine]:visible")
        expect(state).to_have_text("Off until she says yes. The page has asked.")
        expect(asked(page, 0)).to_contain_text("English")
        expect(asked(page, 0)).to_contain_text("La máquina es de esta casa.")
        expect(asked(page, 0).locator(".tap")).to_have_text(["Sí, traducir", "No"])
        assert engine.translations == [], "nothing is sent before she said yes"
        assert violations(page) == []
        asked(page, 0).locator(".tap").first.click()
        hers = desk.locator(".pane:visible .bubble").filter(has_text="Tengo miedo.")
        expect(hers.locator(".made-words")).to_have_text("Have fear.")
        expect(hers.locator(".made")).to_contain_text("It may be wrong.")
        asked(page, 1).locator(".tap").first.click()
        expect(state).to_have_text("On, both ways. She said yes, and can stop it.")

        # What she would read, and what that says, before it is sent: by one key.
        desk.locator("[data-at=field]:visible").fill("I need help.")
        desk.keyboard.press("Alt+KeyM")
        tried = desk.locator("[data-at=tried]:visible")
        expect(tried.locator(".made-words")).to_have_text("Necesito ayuda.")
        expect(tried.locator(".made-back")).not_to_be_empty()
        assert visitor.words[-1] == "Sí, traducir", "nobody else is told"
        assert violations(desk) == []

        desk.locator("[data-at=send]:visible").click()
        theirs = visitor.bubble("I need help.")
        expect(theirs.locator(".made p[lang=es]")).to_have_text("Necesito ayuda.")
        expect(theirs.locator(".made")).to_contain_text(LABEL)
        expect(theirs.locator("p[lang=en]")).to_have_text("I need help.")
        assert violations(page) == []

        # A sentence of the book goes out by its own words, whatever an engine would say.
        advocate.says("take your time!")
        stop = page.get_by_role("button", name="No traducir más")
        expect(stop).to_be_in_viewport(ratio=1)
        stop.click()
        expect(stop).to_be_hidden()
        expect(state).to_have_text("Off. She said no.")
        sent = len(engine.translations)
        visitor.says("Me pegan")
        advocate.sees("Me pegan")
        desk.wait_for_timeout(500)
        assert len(engine.translations) == sent


def test_without_script_the_question_the_translation_and_the_stop_are_there_too(
    told: Story, sam: DeskPerson, engine: EngineDouble
) -> None:
    with told.chromium.visit(language="es", size=(360, 640), script=False) as page, told.colleague(sam) as advocate:
        page.goto(f"{told.site}/es/talk")
        page.wait_for_timeout(3000)
        page.click("#start-form button")
        write, words = page.frame_locator("iframe[name=write]"), page.frame_locator("iframe[name=words]")
        write.locator("#field").fill("Tengo miedo.")
        write.locator(".composer-send").click()
        expect(words.locator(".bubble-own").first).to_contain_text("Tengo miedo.")
        advocate.is_ready()
        advocate.takes_next()
        taps = words.locator(".bubble .tap").filter(has_text="Sí, traducir")
        expect(taps).to_have_count(2)
        taps.nth(1).click()
        taps.nth(0).click()
        expect(advocate.page.locator("[data-at=machine]:visible")).to_have_text(re.compile("On, both ways"))
        advocate.says("I am afraid.")
        made = words.locator(".bubble:visible").filter(has_text="I am afraid.")
        expect(made.locator(".made p[lang=es]")).to_have_text("Soy temeroso.")
        expect(made).to_have_count(1)
        words.locator("[name=c][value=machinestop]:visible").click()
        expect(advocate.page.locator("[data-at=machine]:visible")).to_have_text("Off. She said no.")
        expect(words.locator("[value=machinestop]:visible")).to_have_count(0)
        advocate.puts_all_away()
