"""Holds the desk's top row and its lists in a browser: one line, a fold without script, J and K on every list."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import SCREEN, Chromium
from tests.support.desk_people import DeskPerson
from tests.support.open_house import OpenHouse

pytestmark = pytest.mark.browser

LINE_PX = 56  # one line of the row, its border with it
POCKET = (390, 844)
LISTS = {"cases": "a.case-row", "directory": ".directory-line a", "library": "li a", "requests": "li a"}


@pytest.fixture(scope="module")
def advocate(open_house: OpenHouse) -> Iterator[DeskPerson]:
    """Somebody who speaks French and holds what an advocate may hold."""
    person = open_house.admin.invites("Maëlle", "advocate", ["fr"], "chat", "tips", "records")
    yield person
    person.close()


def heights(page: Page) -> tuple[float, float]:
    """Of the whole head of the page, and of the places in it."""
    found = [page.locator(each).bounding_box() for each in (".desk-top", ".desk-nav")]
    assert all(found)
    return tuple(each["height"] for each in found if each)  # type: ignore[return-value]


@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_the_places_of_a_shift_stand_in_one_line_and_the_rest_behind_a_word(
    open_house: OpenHouse, advocate: DeskPerson, chromium: Chromium, tongue: str
) -> None:
    with chromium.visit(size=SCREEN, script=False) as page:
        advocate.signs_in_with(page)
        advocate.posts("/desk/me", tongue=tongue)
        page.goto(f"{open_house.house.desk}/desk/tips")
        whole, places = heights(page)
        assert (whole < LINE_PX, places < LINE_PX) == (True, True), (whole, places)
        for name in ("chats", "tips", "directory", "cases"):
            expect(page.locator(f".desk-nav > a[href='/desk/{name}']")).to_be_visible()

        # Without script, by keyboard: the word opens, and Tab goes through what stands behind it.
        more = page.locator("details.desk-more")
        more.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(more.locator("a:visible").first).to_be_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.desk-folded a')")
        boxes = [link.bounding_box() for link in more.locator("a:visible").all()]
        assert all(box and box["height"] >= 24 and box["width"] >= 24 for box in boxes)
        assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= SCREEN[0] for box in boxes)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/*")
        expect(page.locator("details.desk-more.has-here")).to_have_count(1)


def test_on_a_phone_the_places_stand_in_one_line_and_the_fold_holds_each_of_the_others(
    open_house: OpenHouse, advocate: DeskPerson, chromium: Chromium
) -> None:
    advocate.posts("/desk/me", tongue="fr")
    with chromium.visit(size=POCKET, script=False) as page:
        advocate.signs_in_with(page)
        page.goto(f"{open_house.house.desk}/desk/tips")
        whole, places = heights(page)
        assert (whole < 2.5 * LINE_PX, places < LINE_PX) == (True, True), (whole, places)
        page.click("details.desk-more summary")
        shown = [link for link in page.locator(".desk-nav a").all() if link.is_visible()]
        each = [str(link.get_attribute("href")) for link in page.locator(".desk-nav a").all()]
        # The open place stands in the row and, in its order, in the fold; every other one stands once.
        assert sorted(str(link.get_attribute("href")) for link in shown) == sorted([*set(each), "/desk/tips"])
        boxes = [link.bounding_box() for link in shown]
        assert all(box and box["height"] >= 44 and 0 <= box["x"] <= POCKET[0] - box["width"] for box in boxes)


def test_the_open_fold_is_nothing_for_axe(open_house: OpenHouse, advocate: DeskPerson, chromium: Chromium) -> None:
    with chromium.visit(size=SCREEN) as page:
        advocate.signs_in_with(page)
        page.goto(f"{open_house.house.desk}/desk/directory")
        page.locator("details.desk-more summary").click()
        assert violations(page) == []


def test_j_and_k_walk_along_the_newer_lists(open_house: OpenHouse, chromium: Chromium) -> None:
    two_of_each(open_house.admin)
    with chromium.visit(size=SCREEN) as page:
        open_house.admin.signs_in_with(page)
        for name, row in LISTS.items():
            page.goto(f"{open_house.house.desk}/desk/{name}")
            rows = page.locator(f"[data-rows] {row}")
            expect(rows.nth(1)).to_be_attached()
            for key, stands in (("j", 0), ("j", 1), ("k", 0)):
                page.keyboard.press(key)
                expect(rows.nth(stands)).to_be_focused()
        # Down from the field into what was found, one row at a time, and up into the field again.
        page.goto(f"{open_house.house.desk}/desk/directory")
        found = page.locator("#found .directory-line a")
        page.locator("#d-typed").focus()
        for key, wanted in (
            ("ArrowDown", found.nth(0)),
            ("ArrowDown", found.nth(1)),
            ("ArrowUp", found.nth(0)),
            ("ArrowUp", page.locator("#d-typed")),
        ):
            page.keyboard.press(key)
            expect(wanted).to_be_focused()


def two_of_each(admin: DeskPerson) -> None:
    """Two cases, two services and two requests; the library has pages of its own."""
    added = admin.posts("/desk/directory/add", name="Haven", kind="ngo", sub="direct")
    for name in ("Harbour beds", "Night shelter"):
        admin.posts(
            f"{added.headers['location']}/add", name=name, needs="bed", regions="ca-on", original="en", cost="free"
        )
        admin.posts("/desk/cases/new", of="phone")
        row = urlsafe_b64encode(name.encode()[:12] + b"\0\0\0\0").decode().rstrip("=")
        admin.posts(
            "/desk/requests/new", kind="police", way="visit", came="2026-03-04", who="", words="Did Kestrel?", row=row
        )
