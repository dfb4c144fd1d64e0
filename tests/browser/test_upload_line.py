"""Cuts the line of somebody who sends a file, in both browsers, with script and without."""

from __future__ import annotations

import base64
import re
import socket
import time
from collections.abc import Iterator

import pytest

from tests.support import photos
from tests.support.cut_line import Line, line_to
from tests.support.engines import Engine
from tests.support.firefox_tab import FirefoxTab
from tests.support.house_of_files import house_of_files
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabReporter

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "A van with no plates stands behind the laundry at noon."
ADDED = "It came again today."
PHOTO = photos.noise(1800, 1300)
# By hand: Firefox lets no driver open a file of the machine for a page.
CHOOSES = """photo => {
    const chosen = new DataTransfer();
    const bytes = Uint8Array.from(atob(photo), each => each.charCodeAt(0));
    chosen.items.add(new File([bytes], "photo.jpg", { type: "image/jpeg" }));
    document.querySelector("#f").files = chosen.files;
}"""
FORM = "form[data-component=picture]"
# With script each story is told in Firefox in every run: `test_photo_journey.py` breaks the same line for Chromium.
FIRST_FIREFOX = pytest.mark.parametrize(
    "engine", [pytest.param("chromium", marks=pytest.mark.long), "firefox"], indirect=True
)
FIRST_CHROMIUM = pytest.mark.parametrize(
    "engine", ["chromium", pytest.param("firefox", marks=pytest.mark.long)], indirect=True
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this file's own, with photos switched on."""
    with house_of_files(tmp_path_factory.mktemp("h")) as ready:
        yield ready


def chooses_and_sends(tab: object, data: bytes) -> None:
    page = tab if isinstance(tab, FirefoxTab) else tab.page  # type: ignore[attr-defined]
    tab.taps(f"details:has({FORM}) > summary")  # type: ignore[attr-defined]
    given = base64.b64encode(data).decode()
    if isinstance(page, FirefoxTab):
        page.runs(CHOOSES, given)
    else:
        page.evaluate(CHOOSES, given)
    tab.taps(f"{FORM} button")  # type: ignore[attr-defined]


def breaks_at_piece(line: Line, number: int) -> None:
    """The line is cut by the request that brings this piece."""

    def hears(end: socket.socket, block: bytes) -> None:
        if end.getpeername()[1] != line.to_port and f"x-n: {number}\r\n".encode() in block.lower():
            line.cut()

    line.ear = hears


def breaks_after(line: Line, many: int) -> None:
    """The line is cut once so many bytes of a form with a file have passed."""
    passed = {"bytes": 0, "is_it": False}

    def hears(end: socket.socket, block: bytes) -> None:
        if end.getpeername()[1] == line.to_port:
            return
        passed["is_it"] = passed["is_it"] or b"multipart/form-data" in block
        passed["bytes"] += len(block) * passed["is_it"]
        if passed["bytes"] > many:
            line.cut()

    line.ear = hears


@FIRST_FIREFOX
def test_a_photo_goes_on_after_the_line_was_cut_in_the_middle_of_it(engine: Engine, house: OpenHouse) -> None:
    with line_to(house.house.port) as line, engine.visit() as tab:
        reporter = TabReporter(tab, f"http://127.0.0.1:{line.port}")
        reporter.opens_the_form()
        reporter.writes(WORDS)
        reporter.sends()
        reporter.presses("open")
        breaks_at_piece(line, 5)
        chooses_and_sends(tab, PHOTO)
        tab.until(lambda: line.is_cut, "the line to be cut")
        tab.sees("The line is slow. We keep what came and try again.")
        sent: list[bytes] = []
        line.ear = lambda end, block: sent.append(block) if end.getpeername()[1] != line.to_port else None
        line.mend()
        tab.sees("It came through.", within=60)
        tab.sees("One file is here.")
        # None of the pieces that were kept was sent again.
        again = {int(found) for found in re.findall(rb"x-n: (\d+)\r\n", b"".join(sent).lower())}
        assert {0, 1, 2, 3, 4} & again <= {0}, "only the question where to go on counts from nothing"
        assert {5, 6, 7} <= again
        assert tab.kept() == {}


@FIRST_CHROMIUM
def test_without_script_a_form_that_is_cut_leaves_her_words_and_no_half_photo(engine: Engine, house: OpenHouse) -> None:
    with line_to(house.house.port) as line, engine.visit(script=False) as tab:
        reporter = TabReporter(tab, f"http://127.0.0.1:{line.port}")
        reporter.opens_the_form()
        reporter.writes(WORDS)
        number = reporter.sends()
        reporter.presses("open")
        tab.types("textarea[name=words]", ADDED)
        tab.taps("main button[value=add]")
        tab.until(lambda: bool(tab.shown("[role=status]")), "the words to be kept")
        breaks_after(line, 150_000)
        chooses_and_sends(tab, PHOTO)
        tab.until(lambda: line.is_cut, "the line to be cut")
        line.ear = None
        # A browser sends a form once more by itself where its line breaks. Only then comes its own page, which says so.
        time.sleep(1)
        line.mend()
        reporter.comes_back_with(number)
        tab.until(lambda: bool(tab.shown(f"details:has({FORM})")), "her note")
        tab.taps("details.more > summary")
        tab.sees(ADDED)
        assert WORDS in tab.words
        assert "is here." not in tab.words
        chooses_and_sends(tab, PHOTO)
        tab.sees("It came through.", within=60)
        tab.sees("One file is here.")
