"""Walks a photo's whole way in Chromium: switched on, sent over a line that breaks and without script, looked at."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.test_tip_journey import HAND_MS, newest_tip
from tests.support import photos
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse, open_house_at

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "A photo of the yard behind the shop."
CALL = "The centre for reports, 555-0177"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this file's own: photos are switched on in it."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


@pytest.fixture
def desk(chromium: Chromium, house: OpenHouse) -> Iterator[Page]:
    """The desk, signed in."""
    context = chromium.new_context(size=(1280, 800))
    page = context.new_page()
    house.admin.signs_in_with(page)
    yield page
    context.close()


@dataclass
class Line:
    """What the page's script sent, and a line that breaks at the pieces it is told."""

    breaks_at: set[int] = field(default_factory=set)
    sent: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, route: Route, request: Request) -> None:
        what, piece = request.headers["x-do"], int(request.headers["x-n"])
        self.sent.append((what, piece))
        if what == "piece" and piece in self.breaks_at:
            self.breaks_at.remove(piece)
            route.abort()
        else:
            route.continue_()


def opens_her_thread(page: Page, house: OpenHouse, language: str = "en") -> None:
    """Sends a note and opens it by the button behind the number."""
    page.goto(f"{house.house.public}/{language}/note")
    page.fill("#words", WORDS)
    page.wait_for_timeout(HAND_MS)
    page.click("main button[name=keep][value='1']")
    page.click("main button[name=do][value=open]")
    expect(page.locator("h1")).to_be_visible()


def chooses(page: Page, name: str, data: bytes) -> None:
    page.locator("details", has=page.locator("#f")).locator("summary").click()
    page.set_input_files("#f", {"name": name, "mimeType": "image/jpeg", "buffer": data})


def switches_on(desk: Page, house: OpenHouse) -> None:
    desk.goto(f"{house.house.desk}/desk/files")
    if desk.get_by_text("Take no more photos").count():
        return
    desk.click("text=Confirm and take photos")
    expect(desk.get_by_text("This has to be true first.").first).to_be_visible()
    assert violations(desk) == []
    for tick in desk.locator("main input[type=checkbox]").all():
        tick.check()
    desk.fill("#f-who", "Two supervisors; at night the one on call and her deputy")
    desk.fill("#f-whom", CALL)
    desk.click("text=Confirm and take photos")
    expect(desk.get_by_text("Photos are taken from now on.", exact=False)).to_be_visible()
    desk.wait_for_timeout(1200)  # Each process believes what it read for up to a second.


def test_a_photo_goes_its_whole_way_over_a_line_that_breaks(
    chromium: Chromium, house: OpenHouse, desk: Page, tmp_path: Path
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    opens_her_thread(page, house)
    expect(page.locator("#f")).to_have_count(0)
    switches_on(desk, house)

    line = Line(breaks_at={3, 6})
    page.route("**/note/back/item", line)
    opens_her_thread(page, house)
    sent = photos.phone_photo(picture=Image.open(io.BytesIO(photos.noise(1100, 800))))
    chooses(page, "holiday.jpg", sent)
    assert violations(page) == []
    # The browser's own button and words beside it are wider than a phone.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.click("form[data-component=picture] button")
    expect(page.get_by_text("The line is slow.", exact=False)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("It came through.", exact=False)).to_be_visible(timeout=40_000)
    expect(page.get_by_text("One file is here.")).to_be_visible()
    pieces = [piece for what, piece in line.sent if what == "piece"]
    assert sorted(set(pieces)) == list(range(max(pieces) + 1))
    assert {piece for piece in pieces if pieces.count(piece) > 1} == {3, 6}  # None that was kept was sent again.
    context.close()

    newest_tip(desk, house, WORDS)
    expect(desk.locator("main img")).to_have_count(0)
    desk.click("text=Look at it, blurred first")
    frame = desk.locator("iframe")
    blur = "frame => getComputedStyle(frame).filter"
    assert "blur" in frame.evaluate(blur)
    picture = desk.frame_locator("iframe").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => [img.naturalWidth, img.naturalHeight]") == [1100, 800]
    desk.check("#clear")
    assert frame.evaluate(blur) == "none"
    desk.go_back()
    with desk.expect_download() as download:
        desk.click("text=Download the copy without details")
    download.value.save_as(tmp_path / "copy")
    copied = (tmp_path / "copy").read_bytes()
    assert [word for word in photos.CANARIES.values() if word.encode() in copied] == []

    desk.click("text=Freeze it")
    expect(desk.get_by_text("Freezing was asked for")).to_be_visible()
    expect(desk.get_by_text(CALL, exact=False)).to_be_visible()
    expect(desk.get_by_text("Look at it, blurred first")).to_have_count(0)
    assert violations(desk) == []
    desk.goto(f"{house.house.desk}/desk/files")


def test_a_photo_is_sent_without_script_in_arabic(chromium: Chromium, house: OpenHouse, desk: Page) -> None:
    switches_on(desk, house)
    context = chromium.new_context(script=False)
    page = context.new_page()
    opens_her_thread(page, house, "ar")
    chooses(page, "a.jpg", photos.phone_photo())
    page.check("#o")
    page.click("form[data-component=picture] button")
    expect(page.get_by_text("هو عندنا الآن", exact=False)).to_be_visible()
    expect(page.get_by_text("هنا ملف واحد.")).to_be_visible()
    context.close()
