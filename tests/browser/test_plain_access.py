"""Asks axe-core about the talk without script, page and frames, and about the room its parts have on a small phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import RUN, TAGS, source
from tests.support.chromium import Chromium
from tests.support.engines import ChromiumTab
from tests.support.open_house import OpenHouse
from tests.support.plain_people import PlainVisitor

pytestmark = pytest.mark.browser

FRAMES = ("words", "write")
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


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
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
            visitor.taps_on(visitor.write, ".plain-asks > summary")
            visitor.taps_on(visitor.tab, ".plain-more > summary")
            assert objections(seen) == []
        starter.ends()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_way_out_the_words_and_the_field_are_in_sight_together(
    chromium: Chromium, open_house: OpenHouse, size: tuple[int, int]
) -> None:
    """Requirements 2, P1, P2 and P4 of docs/safety.md, without script."""
    with chromium.visit(script=False, size=size) as page:
        visitor = PlainVisitor(ChromiumTab(page), open_house.house.public).starts()
        write = page.frame_locator("iframe[name=write]")
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
        visitor.ends()
