"""Tells the whole talk in browsers that lack something: sockets, newer requests, all requests, or our script itself."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Request, WebSocket, WebSocketRoute, expect

from tests.browser.talk_people import Story
from tests.support.old_browser import (
    EARLY_2018,
    NO_REQUESTS,
    NO_SOCKETS,
    NO_SOCKETS_NO_FETCH,
    Lacking,
    with_dear_bytes,
    without,
)

pytestmark = pytest.mark.browser

PLAIN = re.compile(r"/en/talk/[A-Za-z0-9_-]{40,}")


class Line:
    """What goes over the page's line, by whichever road."""

    def __init__(self, page: Page) -> None:
        self.sockets: list[WebSocket] = []
        self.posts: list[str] = []
        self.said: list[str] = []
        self.heard: list[str] = []
        page.on("websocket", self._socket)
        page.on("request", self._request)

    def _socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framesent", lambda frame: self.said.append(str(frame)))
        socket.on("framereceived", lambda frame: self.heard.append(str(frame)))

    def _request(self, request: Request) -> None:
        if "/line/talk/" in request.url:
            self.posts.append(request.url.rsplit("/", 1)[-1])
            self.said.append(request.post_data or "")


@pytest.mark.parametrize(
    "lacking",
    [
        pytest.param(NO_SOCKETS, id="sockets", marks=pytest.mark.long),
        pytest.param(NO_SOCKETS_NO_FETCH, id="sockets and fetch"),
    ],
)
def test_without_sockets_the_whole_talk_goes_by_questions(story: Story, lacking: Lacking) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        line = Line(without(visitor.page, lacking))
        visitor.starts()
        visitor.says("one")
        advocate.takes_next()
        expect(visitor.page.locator("#wait-head")).to_be_hidden()
        advocate.says("two")
        visitor.sees("two")
        visitor.page.fill("#field", "th")
        visitor.says("three")
        story.line.cut()
        visitor.says("four", arrives=False)
        visitor.says("five", arrives=False)
        advocate.says("six")
        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "gone")
        story.line.mend()
        visitor.page.evaluate("() => dispatchEvent(new Event('online'))")
        expect(visitor.bubble("five")).to_have_attribute("data-sent", "received")
        visitor.sees("six")
        advocate.sees("five")

        assert visitor.words == ["one", "two", "three", *sorted(["four", "five", "six"], key=visitor.words.index)]
        assert advocate.page.locator(".pane:visible .bubble-words").all_inner_texts() == visitor.words
        assert visitor.words.index("four") < visitor.words.index("five")
        assert line.sockets == []
        assert {"hear", "say"} == set(line.posts)
        assert not any('"Typing"' in said or '"Seen"' in said for said in line.said)
        visitor.page.click("[data-leave]")
        visitor.page.wait_for_url(story.ready.neutral.url + "**")
        expect(advocate.page.get_by_text("left quickly, by the exit")).to_be_visible()


def test_with_no_request_at_all_the_form_posts_and_the_talk_goes_on_without_script(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        without(visitor.page, NO_REQUESTS)
        tells_it_without_script(story, visitor.page, visitor.at, advocate)


@pytest.mark.parametrize("failing", ["the talk's script", pytest.param("every script", marks=pytest.mark.long)])
def test_when_a_script_never_comes_the_talk_goes_on_without_it(story: Story, failing: str) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        first = "**/a/*.js"
        visitor.page.route(
            first,
            lambda route: route.continue_() if failing != "every script" and is_exit(route.request) else route.abort(),
        )
        tells_it_without_script(story, visitor.page, visitor.at, advocate)


def is_exit(request: Request) -> bool:
    from portal.web.assets import Assets

    return request.url.endswith(Assets.load().address("js/leave.js"))


def tells_it_without_script(story: Story, page: Page, at: str, advocate: object) -> None:
    """Start, one word each way, and the exit, on the pages for a phone without script."""
    from tests.browser.talk_people import Advocate

    assert isinstance(advocate, Advocate)
    page.goto(f"{at}/talk")
    page.wait_for_timeout(3200)
    page.click("#start-form button")
    page.wait_for_url(
        PLAIN,
        wait_until="commit",
    )
    write, words = page.frame_locator("iframe[name=write]"), page.frame_locator("iframe[name=words]")
    write.locator("#field").fill("one, without script")
    write.locator("button[value=say].composer-send").click()
    expect(words.get_by_text("one, without script")).to_be_visible()
    advocate.takes_next()
    advocate.says("two, from the desk")
    expect(words.get_by_text("two, from the desk")).to_be_visible()
    advocate.sees("one, without script")
    page.click("[data-leave]")
    page.wait_for_url(story.ready.neutral.url + "**")
    expect(advocate.page.get_by_text("left quickly, by the exit")).to_be_visible()


def test_a_browser_of_early_2018_tells_the_whole_talk_and_its_exit_is_heard(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        without(visitor.page, EARLY_2018)
        visitor.starts()
        visitor.chooses("safe", "yes")
        visitor.says("one")
        visitor.page.click("#long summary")
        expect(visitor.page.locator("#long dd").first).not_to_be_empty()
        advocate.takes_next()
        advocate.says("two")
        visitor.sees("two")
        visitor.says("three")
        assert visitor.words == ["one", "two", "three"]
        visitor.page.click("[data-leave]")
        visitor.page.wait_for_url(story.ready.neutral.url + "**")
        expect(advocate.page.get_by_text("left quickly, by the exit")).to_be_visible()


def test_a_note_is_sent_from_a_browser_of_early_2018(story: Story) -> None:
    with story.chromium.visit() as page:
        without(page, EARLY_2018)
        page.goto(f"{story.site}/en/note")
        page.wait_for_timeout(3200)
        page.fill("[name=words]", "A van comes each night.")
        page.click("button[name=keep][value='2']")
        page.wait_for_url(re.compile(r"/en/note/[A-Za-z0-9_-]{40,}|/en/note/.*"))

        expect(page.locator("[name=words]")).to_have_count(0)


def test_where_sockets_are_cut_off_the_talk_falls_to_questions_and_loses_nothing(story: Story) -> None:
    tried: list[WebSocketRoute] = []

    def swallow(socket: WebSocketRoute) -> None:
        tried.append(socket)
        if len(tried) == 1:
            socket.connect_to_server()
        else:
            socket.close(code=1011)

    with story.advocate() as advocate, story.visitor() as visitor:
        line = Line(visitor.page)
        visitor.page.route_web_socket("**/line/talk", swallow)
        visitor.starts()
        visitor.says("over a socket")
        tried[0].close(code=1011)
        visitor.says("while it was cut", arrives=False)
        expect(visitor.bubble("while it was cut")).to_have_attribute("data-sent", "received")
        advocate.takes_next()
        advocate.says("over questions")
        visitor.sees("over questions")

        assert visitor.words == ["over a socket", "while it was cut", "over questions"]
        assert len(tried) == 2
        assert "hear" in line.posts


@pytest.mark.long
def test_where_bytes_are_dear_nobody_is_told_of_typing(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor, story.visitor() as other:
        dear, usual = Line(with_dear_bytes(visitor.page)), Line(other.page)
        for each in (visitor, other):
            each.starts()
            each.says("hello")
            advocate.takes_next()
            each.page.locator("#field").press_sequentially("I am typing")
            advocate.page.locator("[data-at=field]:visible").press_sequentially("So am I")
            each.page.wait_for_timeout(500)

        assert json.loads(dear.said[0])["light"] is True
        for line, is_told in ((dear, False), (usual, True)):
            assert any('"type":"Typing"' in frame for frame in line.said) is is_told
            assert any('"type":"Typing"' in frame for frame in line.heard) is is_told
