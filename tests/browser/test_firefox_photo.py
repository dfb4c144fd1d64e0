"""Sends a photo in Firefox, with script and without, and looks at it in the frame that may do nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from tests.support import photos
from tests.support.firefox import Firefox
from tests.support.firefox_tab import FirefoxTab
from tests.support.house_of_files import house_of_files
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabReporter

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "Two men carry boxes out of the cellar each night."
# By hand: this Firefox lets no driver open a file of the machine for a page.
CHOOSES = """photo => {
    const chosen = new DataTransfer();
    const bytes = Uint8Array.from(atob(photo), each => each.charCodeAt(0));
    chosen.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
    document.querySelector("#f").files = chosen.files;
}"""
SEEN = "() => [...document.images].map(each => [each.complete, each.naturalWidth, each.naturalHeight])"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this file's own, with photos switched on."""
    with house_of_files(tmp_path_factory.mktemp("h")) as ready:
        yield ready


def sends_a_photo(tab: FirefoxTab, house: OpenHouse, photo: bytes) -> None:
    reporter = TabReporter(tab, house.house.public)
    reporter.opens_the_form()
    reporter.writes(WORDS)
    reporter.sends()
    reporter.presses("open")
    tab.until(lambda: bool(tab.all("#f")), "the field for a photo")
    tab.taps("details:has(#f) > summary")
    tab.runs(CHOOSES, base64.b64encode(photo).decode())
    tab.taps("form[data-component=picture] button")
    tab.sees("It came through.")


def newest(house: OpenHouse) -> str:
    """The address of the one tip with a photo that nobody has looked at yet."""
    reader = house.admin.reader
    links = [link for link in reader.opens("/desk/tips").links if link.startswith("/desk/tips/")]
    return next(link for link in links if any("/files/" in each for each in reader.opens(link).links))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_photo_goes_in_and_is_looked_at(firefox: Firefox, house: OpenHouse, script: bool) -> None:
    photo = photos.phone_photo(picture=photos.scene(640, 400))
    with firefox.visit(script=script) as tab:
        sends_a_photo(tab, house, photo)
        assert tab.kept() == {}
    with firefox.visit(script=script, size=(1280, 800)) as desk:
        desk.opens(f"{house.house.desk}/desk/signin")
        desk.types("[name=name]", house.admin.name)
        desk.types("[name=passphrase]", house.admin.passphrase)
        desk.taps("main form button[type=submit]")
        desk.sees("Tips")
        desk.opens(house.house.desk + newest(house))
        desk.taps("a[href*='/files/']:not([href$=copy])")
        desk.until(lambda: bool(desk.frames()), "the frame")
        frame = desk.frame("iframe")
        frame.until(lambda: frame.runs(SEEN) == [[True, 640, 400]], "the picture, drawn anew")
        assert "blur" in desk.runs("() => getComputedStyle(document.querySelector('iframe')).filter")
