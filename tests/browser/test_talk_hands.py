"""Holds the talk to a hurried hand: taps before the line stands, too much pasted at once, words that come unseen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.talk_people import Story, story_at
from tests.support.chromium import Chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium) -> Iterator[Story]:
    with story_at(tmp_path_factory.mktemp("h"), chromium) as told:
        yield told


def test_no_question_stands_under_her_finger_before_her_place_is_told(story: Story) -> None:
    """On a slow line the place came late and pushed the answers down: a tap on "no" met "yes"."""
    held: list[WebSocketRoute] = []
    with story.visitor() as visitor:
        visitor.page.route_web_socket("**/line/talk", lambda line: held.append(line))
        visitor.page.goto(f"{visitor.at}/talk")
        visitor.page.click("#start-form button")
        expect(visitor.page.locator("#line")).to_be_visible()
        # She is being connected: that is no failure, and not drawn as one.
        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "calling")
        expect(visitor.page.locator("[data-ask=safe]")).to_be_hidden()
        expect(visitor.page.locator("#field")).to_be_visible()
        for line in held:
            line.connect_to_server()
        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "connected")
        expect(visitor.page.locator("#place")).not_to_be_empty()
        expect(visitor.page.locator("[data-ask=safe]")).to_be_visible()


def test_a_text_longer_than_a_message_goes_out_whole_and_in_order(story: Story) -> None:
    told = " ".join(f"word{number}" for number in range(1500))
    with story.visitor() as visitor:
        visitor.starts()
        visitor.page.fill("#field", told)
        visitor.page.click("#send")
        expect(visitor.page.locator("#log .bubble[data-sent=received]")).to_have_count(4)
        assert " ".join(visitor.words) == told
        assert visitor.page.input_value("#field") == ""


def test_words_that_come_while_more_stands_open_are_told_on_the_way_back_to_them(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello.")
        advocate.takes_next()
        more = visitor.page.locator("#more-button")
        expect(more).to_have_text("More")
        more.click()
        expect(more).to_have_text("Keep talking")
        advocate.says("Are you there?")
        expect(more).to_have_text("New messages")
        more.click()
        expect(more).to_have_text("More")
        visitor.sees("Are you there?")
        # What she sends from there she also sees arrive.
        more.click()
        visitor.says("I am here.")
        visitor.sees("I am here.")
        expect(visitor.page.locator("#more")).to_be_hidden()
