"""Holds the talk to what a watched phone must not show: by the keyboard, in the background, behind Back, in names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect

from portal.web.assets import Assets
from tests.browser.talk_people import EXIT, Story

pytestmark = pytest.mark.browser

WORDS = "My boss has my passport."
# A keyboard on the glass takes half of what can be seen; the page itself stays as tall as it was.
SEEN = 320
HALF = f"""(() => {{
    const seen = new EventTarget();
    Object.assign(seen, {{ height: innerHeight, width: innerWidth, offsetTop: 0, offsetLeft: 0, scale: 1 }});
    Object.defineProperty(window, "visualViewport", {{ value: seen }});
    window.opensKeyboard = above => {{
        Object.assign(seen, {{ height: {SEEN}, offsetTop: above }});
        seen.dispatchEvent(new Event("resize"));
        seen.dispatchEvent(new Event("scroll"));
    }};
}})();"""
HIDE = """is => { Object.defineProperty(document, "hidden", { value: is, configurable: true });
    document.dispatchEvent(new Event("visibilitychange")); }"""


def box(page: Page, selector: str) -> dict[str, float]:
    found: dict[str, float] = page.locator(selector).last.evaluate(
        "it => (({ top, bottom, left, right }) => ({ top, bottom, left, right }))(it.getBoundingClientRect())"
    )
    return found


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.long), "ar"])
def test_with_the_keyboard_open_leave_the_last_words_and_send_are_seen_and_apart(story: Story, language: str) -> None:
    """Requirements P1, P2 and P4 of docs/safety.md: a phone's keyboard covers half and may push the page up."""
    with story.advocate() as advocate, story.visitor(language) as visitor:
        visitor.page.add_init_script(HALF)
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        advocate.says("Are you safe to write right now?")
        visitor.sees("Are you safe to write right now?")
        visitor.page.focus("#field")
        for above in (0, 180):  # the page unmoved, the page pushed up
            visitor.page.evaluate("above => opensKeyboard(above)", above)
            leave, send = box(visitor.page, EXIT), box(visitor.page, "#send")
            last, field = box(visitor.page, ".bubble-other .bubble-words"), box(visitor.page, "#field")

            assert above <= leave["top"] < leave["bottom"] <= last["top"] < last["bottom"] <= field["top"]
            assert max(send["bottom"], field["bottom"]) <= above + SEEN
            assert send["top"] - leave["bottom"] >= 120


def test_no_field_makes_a_phone_zoom_and_fingers_may(story: Story) -> None:
    """Requirement P3 of docs/safety.md, on every page with a field."""
    with story.visitor() as visitor:
        for where in ("talk", "note", "note/back"):
            visitor.page.goto(f"{visitor.at}/{where}")
            small = visitor.page.evaluate(
                """() => [...document.querySelectorAll("textarea, select, input:not([type=hidden])")]
                    .filter(it => parseFloat(getComputedStyle(it).fontSize) < 16).map(it => it.outerHTML)"""
            )
            scale = visitor.page.get_attribute("meta[name=viewport]", "content") or ""
            assert small == [], where
            assert not re.search(r"maximum-scale|minimum-scale|user-scalable", scale), scale


def test_words_that_come_while_she_is_away_show_nowhere(story: Story) -> None:
    """Requirements P7 and 31 of docs/safety.md: the page stays covered, its name and its picture what they were."""
    head = "() => [document.title, document.querySelector('link[rel=icon]').href]"
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        before = visitor.page.evaluate(head)
        visitor.page.evaluate(HIDE, True)
        advocate.says("Are you still there?")
        advocate.sees("Are you still there?")
        expect(visitor.page.locator("#log .bubble-words")).to_have_count(2)
        shown = visitor.page.evaluate(
            """() => [...document.querySelectorAll("#line *")]
                .filter(it => it.checkVisibility({ visibilityProperty: true }))
                .map(it => it.outerHTML.slice(0, 80))"""
        )
        assert shown == []
        assert visitor.page.evaluate(head) == before
        visitor.page.evaluate(HIDE, False)

        visitor.sees("Are you still there?")


def test_what_the_other_side_writes_is_words_and_nothing_else(story: Story) -> None:
    """Requirements P18 and 46 of docs/safety.md: no link out of an address, no picture, no markup, no preview."""
    written = "https://example.org/x.png <img src=https://example.org/y.png> <a href='//example.org'>z</a> 555-0199"
    with story.advocate() as advocate, story.visitor() as visitor:
        asked: list[str] = []
        visitor.page.on("request", lambda request: asked.append(request.url))
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        advocate.says(written)
        visitor.sees("555-0199")
        bubble = visitor.page.locator("#log .bubble-other .bubble-words")

        assert re.fullmatch(r"https://example\.org/x\.png\s+z\s+555-0199", bubble.inner_text())
        assert bubble.locator("*").count() == 0
        assert bubble.get_attribute("dir") == "auto"
        assert [url for url in asked if not url.startswith((story.site, "data:"))] == []
        # Nor may a time say to whoever looks later when she wrote.
        assert not re.search(r"\d{1,2}:\d{2}", visitor.page.inner_text("#line"))
        assert visitor.page.locator("#line time, #line [datetime], #line [download]").count() == 0


def test_she_is_told_an_alias_and_never_how_it_signs_in_or_when_it_read(story: Story) -> None:
    """Requirement P18 of docs/safety.md: in no frame of the line is a name of the staff's other than the shown one."""
    frames: list[str] = []
    admin = story.ready.admin
    assert admin.name != admin.alias
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.page.on("websocket", lambda line: _keep(line, frames))
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        advocate.says("Hello")
        visitor.sees("Hello")
        visitor.page.wait_for_timeout(200)
        told = [json.loads(text) for text in frames]

        assert {frame["name"] for frame in told if frame.get("author") == "advocate"} == {admin.alias}
        assert admin.name not in "".join(frames) + visitor.page.content()
        assert [frame for frame in told if {"at", "time", "read", "seen"} & set(frame)] == []


def _keep(line: WebSocket, frames: list[str]) -> None:
    line.on("framereceived", lambda text: frames.append(str(text)))


def test_back_into_a_talk_that_ended_meanwhile_brings_no_word(story: Story) -> None:
    """Requirement 18 of docs/safety.md: the words come from the server again, or not at all."""
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        visitor.page.fill("#field", "a draft nobody may find")
        visitor.page.goto(story.ready.neutral.url)
        advocate.page.locator("[data-at=close]:visible").click()
        advocate.page.locator("[data-at=close-now]:visible").click()
        visitor.page.go_back(wait_until="commit")
        visitor.page.wait_for_timeout(700)
        shown = visitor.page.content() + "".join(
            field.input_value() for field in visitor.page.locator("textarea").all()
        )

        assert WORDS not in shown
        assert "a draft nobody may find" not in shown


def test_words_not_sent_live_in_the_field_alone(story: Story) -> None:
    """Requirement P10 of docs/safety.md: and the page has said so before the chat began."""
    with story.visitor() as visitor:
        visitor.page.goto(f"{visitor.at}/talk")
        assert "Close this page and the chat is gone" in visitor.page.inner_text("#start")
        visitor.presses_start()
        visitor.page.fill("#field", "a draft nobody may find")
        kept: list[Any] = visitor.page.evaluate(
            "() => [localStorage.length, sessionStorage.length, document.cookie, location.href, history.state]"
        )
        assert kept == [0, 0, "", f"{visitor.at}/talk", None]
        visitor.page.reload()

        assert visitor.page.input_value("#field") == ""
        assert "a draft nobody may find" not in visitor.page.content()


def test_the_wait_is_told_in_words_and_the_phone_stands_beside_it(story: Story) -> None:
    """Requirements P19 and C12 of docs/safety.md: nothing flashes or sounds; the number is there before a drop."""
    with story.advocate(), story.visitor() as visitor:
        visitor.starts()
        expect(visitor.page.locator("#place")).to_have_text("You are next.")
        expect(visitor.page.locator("#wait-head [data-phone] a[href^='tel:']")).to_be_visible()
        moving = visitor.page.evaluate(
            """() => [...document.querySelectorAll("*")].map(it => getComputedStyle(it))
                .filter(style => style.animationName !== "none").length + document.getAnimations().length"""
        )
        assert moving == 0
        assert visitor.page.locator("audio, video, progress, meter, canvas, iframe").count() == 0
        visitor.page.click("#more-button")
        expect(visitor.page.locator("#more").get_by_text("Leaving does not clear history.")).to_be_visible()
        # The number is that of the house's own region, and says so.
        expect(visitor.page.locator("#more").get_by_text("Call 911 (Ontario).")).to_be_visible()
        visitor.page.click("#more-button")


@pytest.mark.parametrize("fault", ["missing", "broken"])
def test_the_exit_works_when_the_talks_own_script_does_not(story: Story, fault: str) -> None:
    """Requirement 41 of docs/safety.md: the way out leans on no other script."""
    with story.chromium.visit() as page:
        own = "window.talkRan = true; throw new Error('broken');"
        page.route(
            re.compile(r"\.js$"),
            lambda route: (
                route.continue_()
                if route.request.url.endswith(Assets.load().address("js/leave.js"))
                else route.abort()
                if fault == "missing"
                else route.fulfill(body=own, content_type="text/javascript")
            ),
        )
        page.goto(f"{story.site}/en/talk")
        assert page.evaluate("window.talkRan ?? null") is (True if fault == "broken" else None)
        page.click(EXIT)
        page.wait_for_url(story.ready.neutral.url)


def test_without_script_a_sent_word_leaves_the_focus_in_the_field(story: Story) -> None:
    """Requirement P17 of docs/safety.md: one load, ready to write on, and nothing secret that lasts in an address."""
    with story.visitor(script=False) as visitor:
        visitor.page.goto(f"{visitor.at}/talk")
        visitor.page.click("#start-form button")
        visitor.page.frame_locator("iframe[name=words]").locator(".plain-now").first.wait_for()
        field = visitor.page.frame_locator("iframe[name=write]")
        field.locator("#field").fill(WORDS)
        with visitor.page.expect_request(lambda request: request.method == "GET") as loaded:
            field.locator(".composer-send").click()
        writes = visitor.page.frame_locator("iframe[name=write2]")
        expect(writes.get_by_text(WORDS)).to_be_visible()

        assert loaded.value.frame.name == "write2"
        assert re.fullmatch(rf"{visitor.at}/talk/write/[\w-]{{43}}(#field)?", loaded.value.url)
        expect(writes.locator("#field")).to_be_focused()
        expect(writes.locator("#field")).to_have_value("")
        visitor.page.click(EXIT)
        visitor.page.wait_for_url(story.ready.neutral.url)
