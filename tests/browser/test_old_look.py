"""Shows the public pages as an engine of early 2018 reads their sheet: the way out in sight, nothing over anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from portal.web.assets import Assets
from tests.support.chromium import PHONE, SCREEN, Chromium
from tests.support.old_browser import EARLY_2018, without
from tests.support.old_style import as_of_2018, shown_as_of_2018
from tests.support.open_house import OpenHouse

pytestmark = pytest.mark.browser

# Everything that takes a finger, in sight: which of them overlap, and by whom a middle is covered.
FINGERS = """() => {
  const all = [...document.querySelectorAll("a,button,input:not([type=hidden]),textarea,summary")];
  const isFolded = (node) => node.localName !== "summary" && node.closest("details:not([open])");
  const boxes = all
    .map((node) => ({ node, box: node.getBoundingClientRect(), name: node.textContent.trim().slice(0, 30) }))
    .filter(({ node, box }) => box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight
      && !node.closest("label") && !isFolded(node) && getComputedStyle(node).visibility !== "hidden");
  const faults = [];
  for (const one of boxes) for (const other of boxes) {
    if (one === other || one.node.contains(other.node) || other.node.contains(one.node)) continue;
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    const isUnderBar = one.node.closest(".bar") || other.node.closest(".bar");
    if (wide > 1 && high > 1 && !isUnderBar) faults.push(`${one.name} over ${other.name}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} wide`);
  return faults;
}"""

# The exit, whole and uncovered: its middle and its corners meet it.
EXIT = """() => {
  const door = document.querySelector("[data-leave]");
  const { left, right, top, bottom, width, height } = door.getBoundingClientRect();
  const places = [[(left + right) / 2, (top + bottom) / 2]];
  for (const x of [left + 8, right - 8]) for (const y of [top + 8, bottom - 8]) places.push([x, y]);
  const isMet = places.every(([x, y]) => door.contains(document.elementFromPoint(x, y)));
  return { isMet, width, height, top };
}"""


def exit_is_whole(page: Page) -> None:
    found = page.evaluate(EXIT)
    assert found["isMet"], found
    assert found["height"] >= 48
    assert found["width"] >= 88


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_way_out_is_in_sight_and_nothing_overlaps(
    chromium: Chromium, open_house: OpenHouse, language: str, size: tuple[int, int]
) -> None:
    with chromium.visit(language=language, size=size) as page:
        shown_as_of_2018(without(page, EARLY_2018))
        for path in ("", "talk", "note", "note/back", "numbers", "languages", "read/safety"):
            page.goto(f"{open_house.house.public}/{language}/{path}")
            exit_is_whole(page)
            assert page.evaluate(FINGERS) == [], path
            page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
            exit_is_whole(page)
            assert page.evaluate(FINGERS) == [], path


def test_the_talk_stands_in_its_column(chromium: Chromium, open_house: OpenHouse) -> None:
    with chromium.visit() as page:
        shown_as_of_2018(without(page, EARLY_2018))
        page.goto(f"{open_house.house.public}/en/talk")
        page.click("#start-form button")
        expect(page.locator("#place")).not_to_be_empty()
        for text in ("one", "two", "three"):
            page.fill("#field", text)
            page.click("#send")
        expect(page.locator(".bubble-own[data-sent=received]")).to_have_count(3)

        exit_is_whole(page)
        assert page.evaluate(FINGERS) == []
        boxes = [
            page.locator(what).bounding_box() for what in ("[data-leave]", ".bubble-own >> nth=2", "#field", "#send")
        ]
        assert all(box is not None and box["y"] >= 0 and box["y"] + box["height"] <= PHONE[1] for box in boxes), boxes
        second, third = (page.locator(".bubble-own").nth(n).bounding_box() for n in (1, 2))
        assert second is not None
        assert third is not None
        assert third["y"] - (second["y"] + second["height"]) >= 8
        page.click("#more-button")
        exit_is_whole(page)
        page.click("#end-ask")
        page.click("#end-now")
        expect(page.locator("#ended")).to_be_visible()


def test_an_engine_of_2018_reads_where_the_bar_stands_and_drops_what_it_must() -> None:
    sheet = as_of_2018(Assets.load().asset("css/public.css").plain.decode())

    assert ".bar{position:-webkit-sticky;position:sticky;top:0;" in sheet
    assert ":has(" not in sheet
    assert "@supports" not in sheet
    assert "inset" not in sheet.replace("clip-path:inset", "").replace("inset 0 0 0", "")
