"""Holds every public page to a made-up language, a folder and a line: all of it is translated, nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from babel.dates import format_date
from playwright.sync_api import Page

from portal.numbers import numbers
from tests.support.chromium import Chromium
from tests.support.fit import NARROW, opens_every_fold, unfit
from tests.support.made_up import LONGER, TAG, UNTRANSLATED, made_up, made_up_house
from tests.support.navigators import Reporter, Visitor
from tests.support.open_house import OpenHouse
from tests.support.public_pages import PAGES

pytestmark = pytest.mark.browser

HERS = "four five"
# Babel says days in it.
DAY = format_date(numbers().checked, format="long", locale=TAG)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    with made_up_house(tmp_path_factory.mktemp("m")) as ready:
        yield ready


def wrong_on(page: Page) -> list[str]:
    """What is not translated, and what does not fit, with every fold open."""
    opens_every_fold(page)
    names = [HERS, DAY]
    return [f"not translated: {text}" for text in page.evaluate(UNTRANSLATED, names)] + unfit(page, (NARROW,))


def test_made_up_words_are_longer_and_keep_their_places() -> None:
    said = made_up("Call %(number)s or <b>write</b> to us.")

    assert said.startswith("[Çáłł %(number)s óŕ <b>ŵŕíŧé</b> ŧó úš.")
    assert len(made_up("You can change it at any time.")) >= 30 * LONGER - 1


def test_what_is_not_translated_would_be_found(chromium: Chromium) -> None:
    with chromium.looks(size=NARROW) as page:
        page.set_content(
            f"<!doctype html><html lang={TAG}><body><p>{made_up('Said')}<p>Not said<img alt='Not shown'>"
            '<p data-told="Not drawn yet"><bdi>Harbour</bdi><p lang=en>Original'
        )

        assert sorted(page.evaluate(UNTRANSLATED, [])) == ["Not drawn yet", "Not said", "Not shown"]


def test_every_page_speaks_the_made_up_language_and_fits(chromium: Chromium, house: OpenHouse) -> None:
    wrong = {}
    with chromium.looks(size=NARROW) as page:
        for name, rest in PAGES.items():
            page.goto(f"{house.house.public}/{TAG}/{rest}")

            assert page.evaluate("document.documentElement.lang") == TAG
            if found := wrong_on(page):
                wrong[name] = found
    assert wrong == {}


def test_a_note_and_the_way_back_speak_it_too(chromium: Chromium, house: OpenHouse) -> None:
    with chromium.visit(size=NARROW) as page:
        reporter = Reporter(page, house.house.public, TAG).opens_the_form()
        reporter.sends_note(HERS)
        assert wrong_on(page) == []
        reporter.comes_back()
        assert wrong_on(page) == []


def test_the_waiting_room_and_its_end_speak_it_too(chromium: Chromium, house: OpenHouse) -> None:
    with chromium.visit(size=NARROW) as page:
        visitor = Visitor(page, house.house.public, TAG).opens_home()
        page.goto(f"{house.house.public}/{TAG}/talk")
        page.wait_for_timeout(3_100)
        page.click("#start-form button")
        page.wait_for_selector("#line:not([hidden])")
        visitor.says(HERS)
        assert wrong_on(page) == []
        page.click("#more-button")
        page.wait_for_timeout(300)
        assert wrong_on(page) == []
        page.click("#end-ask")
        page.click("#end-now")
        visitor.sees_the_end()
        assert wrong_on(page) == []
