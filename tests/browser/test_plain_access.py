"""Asks axe-core about the talk without script, page and frames, and about the room its parts have on a small phone."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import RUN, TAGS, source
from tests.support.chromium import Chromium
from tests.support.engines import ChromiumTab
from tests.support.open_house import OpenHouse
from tests.support.plain_people import PlainVisitor

pytestmark = pytest.mark.browser

FRAMES = ("words", "write", "write2")
# What of the outer page could be moved by a place in a frame.
SCROLLED = "[scrollX, scrollY, ...[document.body, document.querySelector('main')].map(each => each.scrollTop)]"
# From the talk: a person on a bad day has a small phone, lying or standing.
SIZES = [(320, 480), (360, 640), (844, 390), (1280, 800)]


def objections(page: Page) -> list[str]:
    """What axe says of the outer page and of each frame, each as a page of its own."""
    found = []
    for frame in [page.main_frame, *(page.frame(name) for name in FRAMES)]:
        assert frame is not None
        frame.evaluate(source() + ";0")
        for one in frame.evaluate(RUN.replace("runOnly:", "iframes: false, runOnly:"), TAGS):
            found += [f"{frame.name or 'outer'}: {one['id']}: {node['where']}: {node['why']}" for node in one["nodes"]]
    return found


@pytest.mark.parametrize(("language", "scheme"), [pytest.param("en", "light", marks=pytest.mark.long), ("ar", "dark")])
def test_axe_has_nothing_to_say_about_the_talk_without_script(
    chromium: Chromium, open_house: OpenHouse, language: str, scheme: str
) -> None:
    """Requirement 43 of docs/safety.md."""
    with chromium.visit(script=False, language=language) as page:
        starter = PlainVisitor(ChromiumTab(page), open_house.house.public, language).starts()
        # axe itself is a script: it looks at the same page where scripts may run.
        with chromium.visit(language=language, scheme=scheme) as seen:
            seen.goto(starter.tab.address, wait_until="commit")
            visitor = PlainVisitor(ChromiumTab(seen), open_house.house.public, language)
            visitor.sees_the_talk()
            for words in ("a kite at dusk", "and its string"):
                visitor.says(words)
            visitor.taps_on(visitor.write, ".plain-asks > summary")
            visitor.taps_on(visitor.tab, ".plain-more > summary")
            assert objections(seen) == []
        starter.ends()


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.long), "ar"])
def test_the_way_out_the_words_and_the_field_are_in_sight_together(
    chromium: Chromium, open_house: OpenHouse, language: str
) -> None:
    """Requirements 2, P1, P2, P4 and P17 of docs/safety.md, without script, in either frame to write in."""
    with chromium.visit(script=False, size=SIZES[0], language=language) as page:
        visitor = PlainVisitor(ChromiumTab(page), open_house.house.public, language).starts()
        seen = [in_every_size(page, visitor)]
        for words in ("a kite at dusk", "and its string"):
            visitor.says(words)
            seen.append(in_every_size(page, visitor))
            write = page.frame_locator(f"iframe[name={visitor.writes_in}]")
            expect(write.locator("#field")).to_be_focused()
            expect(write.locator(".plain-last strong")).to_be_in_viewport(ratio=1)
        assert seen == ["write", "write2", "write"]
        visitor.ends()


def test_the_keys_reach_the_frame_in_sight_and_not_the_other(chromium: Chromium, open_house: OpenHouse) -> None:
    """What was sent still stands in the frame out of sight: neither a key nor a smaller page brings it back."""
    with chromium.visit(script=False) as page:
        visitor = PlainVisitor(ChromiumTab(page), open_house.house.public).starts()
        for words in ("a kite at dusk", "and its string"):
            visitor.says(words)
            here = visitor.writes_in
            for key in ["Shift+Tab"] * 3 + ["Tab"] * 12:
                page.keyboard.press(key)
                assert (visitor.writes_in, visitor.draft) == (here, "")
            for height in (340, 640):
                page.set_viewport_size({"width": 360, "height": height})
                visitor.waits_for(partial(stands_in, visitor, here), "the same frame in its room")
        visitor.ends()


def stands_in(visitor: PlainVisitor, frame: str) -> bool:
    return visitor.writes_in == frame


def in_every_size(page: Page, visitor: PlainVisitor) -> str:
    """The largest first, for a phone that is turned on its side and back ends as the small one it was."""
    here = ""
    for size in reversed(SIZES):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        here = everything_is_in_sight(page, visitor, size)
    return here


def everything_is_in_sight(page: Page, visitor: PlainVisitor, size: tuple[int, int]) -> str:
    """The way out, the words, the field and Send, with nothing moved; answers the name of the frame to write in."""
    write = page.frame_locator(f"iframe[name={visitor.writes_in}]")
    for what in (page.locator("[data-leave]"), write.locator("#field"), write.locator("button.composer-send")):
        expect(what).to_be_in_viewport(ratio=1)
    words = page.locator("iframe[name=words]").bounding_box()
    leave = page.locator("[data-leave]").bounding_box()
    send = write.locator("button.composer-send").bounding_box()
    assert words is not None
    assert leave is not None
    assert send is not None
    assert words["height"] >= 72
    assert leave["height"] >= 48
    assert send["y"] - (leave["y"] + leave["height"]) >= 120
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate(SCROLLED) == [0, 0, 0, 0]
    return visitor.writes_in
