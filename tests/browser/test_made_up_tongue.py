"""Holds every public page, and the desk's, to a made-up language: all of it is translated, nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from babel.dates import format_date
from playwright.sync_api import Page

from i18n.naming import listed
from portal.directory.card import own_name
from portal.directory.kinds import tongues
from portal.numbers import numbers
from tests.support.chromium import SCREEN, Chromium
from tests.support.fit import NARROW, opens_every_fold, unfit
from tests.support.made_up import LONGER, TAG, UNTRANSLATED, made_up, made_up_house
from tests.support.navigators import Reporter, Visitor
from tests.support.open_house import OpenHouse
from tests.support.public_pages import PAGES

pytestmark = pytest.mark.browser

HERS = "four five"
# Babel says days in it.
DAY = format_date(numbers().checked, format="long", locale=TAG)
TODAY = format_date(date.today(), format="long", locale=TAG)


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


# Pages on which much stands; the long run follows every link of the desk's first page.
AT_THE_DESK = ("/desk", "/desk/tips/new", "/desk/staff", "/desk/interpreters")
# Whose words are others': names of places of the clock, of languages, of days that Babel half knows; and the chat's
# desk, whose page holds every sentence in every language. The pocket page is drawn for a phone (test_pocket.py).
OTHERS_WORDS = ("/desk/hours", "/desk/settings", "/desk/audit", "/desk/chats", "/desk/record", "/desk/pocket")


@pytest.mark.parametrize("how", ["some", pytest.param("all", marks=pytest.mark.long)])
def test_the_desk_speaks_it_too_and_cuts_nothing_off(chromium: Chromium, house: OpenHouse, how: str) -> None:
    spoken = [*(name for _, name in listed(TAG, tongues())), *(own_name(tag) for tag in tongues())]
    names, wrong = [*spoken, TODAY, "Esperanto", "Robin", "Lantern Line", "Alt L"], {}
    with chromium.visit(size=SCREEN) as page:
        house.admin.signs_in_with(page)
        house.admin.posts("/desk/me", tongue=TAG)
        page.goto(f"{house.house.desk}/desk")
        linked = [link.get_attribute("href") or "" for link in page.locator("a[href^='/desk/']").all()]
        for path in dict.fromkeys([*AT_THE_DESK, *(linked if how == "all" else ())]):
            if path in OTHERS_WORDS:
                continue
            page.goto(house.house.desk + path)
            assert page.evaluate("document.documentElement.lang") == TAG
            opens_every_fold(page)
            said = [f"not translated: {text}" for text in page.evaluate(UNTRANSLATED, names)]
            # The fold of the top row lies over the page while it is open.
            page.locator("details.desk-more").evaluate_all("folds => folds.forEach(fold => { fold.open = false; })")
            # What leads past the top row stands off the page until a key brings it.
            if found := said + [line for line in unfit(page, (SCREEN,)) if "desk-skip" not in line]:
                wrong[path] = found
    assert wrong == {}
