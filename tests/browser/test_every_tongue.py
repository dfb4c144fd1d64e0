"""Holds every public page to a small phone in every tongue: all of it in sight, and the way out whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from i18n.languages import LANGUAGES
from tests.browser.talk_people import Story
from tests.support.chromium import Chromium
from tests.support.fit import NARROW, PHONE, opens_every_fold, unfit
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.public_pages import path
from tests.support.source import REPOSITORY
from tests.support.tongue_table import walk

pytestmark = pytest.mark.browser

# Those with the most words on buttons, in rows and behind taps; the long run opens all there are.
WIDEST = ("home", "talk", "note", "numbers")

# Those in which the page before a chat is highest.
TALLEST = tuple(tag for tag in ("ru", "ur", "fr", "tl", "uk", "hu") if tag in LANGUAGES)

PAGE = REPOSITORY / "docs" / "tongues.md"
WORD_BROKEN = """<button style="width: 60px; overflow-wrap: anywhere">Unbreakableword</button>"""
PLANTED = {
    "is broken": WORD_BROKEN,
    "off the side": """<p style="white-space: nowrap">One line that is far too long for any phone of this width.</p>""",
    "cut off": """<p style="width: 80px; overflow: hidden; white-space: nowrap">One line that is cut off.</p>""",
    "higher than its frame": """<button style="height: 20px; width: 90px">Three lines in the place of one</button>""",
    "over another": """<a href="/">One</a> <a href="/" style="margin-left: -2em">Other</a>""",
    "the way out": """<a data-leave href="/" style="position: absolute; top: -5px">Leave</a>""",
}


@pytest.fixture
def still_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """One in which nobody has been ready: in one that others use, somebody may be for a while after her test."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


def test_the_measure_finds_what_it_is_for(chromium: Chromium) -> None:
    # A page of the house before it would keep its policy, and let no style in.
    with chromium.visit(size=NARROW) as page:
        for fault, planted in PLANTED.items():
            page.set_content(f"<!doctype html><title>x</title><body>{planted}")

            assert any(fault in line for line in unfit(page, (NARROW,))), fault


@pytest.mark.parametrize("name", WIDEST)
def test_a_page_fits_a_small_phone_in_every_tongue(chromium: Chromium, open_house: OpenHouse, name: str) -> None:
    wrong = {}
    with chromium.looks(size=NARROW) as page:
        for tag in LANGUAGES:
            page.goto(open_house.house.public + path(name, tag))
            opens_every_fold(page)
            if found := unfit(page, (NARROW,)):
                wrong[tag] = found

            assert page.evaluate("document.documentElement.lang") == tag
    assert wrong == {}


def test_start_is_in_sight_in_every_tongue(chromium: Chromium, story: Story) -> None:
    """Row S7 of the mission: the short notice and Start in view at 360 by 640, where somebody can answer."""
    below = {}
    with story.advocate(), chromium.looks(size=PHONE) as page:
        for tag in LANGUAGES:
            page.goto(f"{story.ready.house.public}/{tag}/talk")
            bottom = page.evaluate("document.querySelector('#start-form button').getBoundingClientRect().bottom")
            if bottom > PHONE[1]:
                below[tag] = bottom
    assert below == {}


@pytest.mark.parametrize(
    "tags", [TALLEST, pytest.param(tuple(LANGUAGES), marks=pytest.mark.long)], ids=["tallest", "all"]
)
def test_start_is_in_sight_where_nobody_can_answer_too(
    chromium: Chromium, still_house: OpenHouse, tags: tuple[str, ...]
) -> None:
    """The line that says so stands before Start, and takes one row; what else can be done stands after it."""
    below = {}
    with chromium.looks(size=PHONE) as page:
        for tag in tags:
            page.goto(still_house.house.public + path("talk", tag))
            says, bottom = page.evaluate(
                """() => [document.querySelector(".start-nobody").getBoundingClientRect().height,
                    document.querySelector("#start-form button").getBoundingClientRect().bottom]"""
            )
            if bottom > PHONE[1] or says > 40:
                below[tag] = (says, bottom)
    assert below == {}


@pytest.mark.parametrize("tag", [tag for tag in ("ur", "th", "pa", "hi") if tag in LANGUAGES])
def test_tall_letters_have_room_between_lines(chromium: Chromium, open_house: OpenHouse, tag: str) -> None:
    """Urdu's own hand reaches over a line and a half; iPhones choose it for Urdu by themselves."""
    least = {"ur": 1.75}.get(tag, 1.2)
    with chromium.looks(size=PHONE) as page:
        page.goto(open_house.house.public + path("home", tag))
        ratios: list[float] = page.evaluate(
            """() => [...document.querySelectorAll("main *")].filter(it => it.checkVisibility())
                .map(it => getComputedStyle(it)).map(({ lineHeight, fontSize }) =>
                     parseFloat(lineHeight) / parseFloat(fontSize))"""
        )
    assert min(ratios) >= least


@pytest.mark.long
@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_page_and_state_fits_and_has_nothing_axe_objects_to(
    chromium: Chromium, open_house: OpenHouse, tag: str
) -> None:
    """The long form; `make tongues` writes what it finds into docs/tongues.md."""
    (row,) = walk(chromium, open_house, [tag])

    assert row.wrong == []
    assert row.pages >= 17
    assert f"| {LANGUAGES[tag].own_name} ({tag}) | {row.cells()[0]} | 100 % | yes " in PAGE.read_text("utf-8")
