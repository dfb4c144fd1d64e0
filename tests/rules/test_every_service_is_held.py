"""Holds the page of what the hotline asked for to being whole: each line once, with what holds it in this house."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest

from i18n.languages import LANGUAGES
from portal.library import shipped
from portal.library.links import checked_link
from portal.numbers import numbers
from tests.support.named_tests import named_tests, said_beside
from tests.support.site_map import addresses
from tests.support.source import REPOSITORY

PAGE = REPOSITORY / "docs" / "services-and-policies.md"
TEMPLATES = REPOSITORY / "templates"

LINES = (
    *(f"S{number}" for number in range(1, 26)),
    *(f"P{number}" for number in range(1, 17)),
    *(f"A{number}" for number in range(1, 16)),
)
HELD = "held"  # tests hold all of it that a machine can see
PARTLY = "partly"  # tests hold a part; the row says what is missing
LATER = "later"  # it is not there yet; the row says what it waits for
NOT_BUILT = "not built"  # left out on purpose; the row says why, and a test shows that it is not there
STATES = (HELD, PARTLY, LATER, NOT_BUILT)
WORDS_OF_A_REASON = 6

HOTLINES = {"A13": ("ca", "1-833-900-1010"), "A14": ("us", "1-888-373-7888"), "A15": ("mx", "800 5533 000")}
# Where what somebody writes goes, and who reads it: an advocate, whoever opens notes, nobody. What she chooses in the
# list of places, and the word she types behind a cover, go to her own page alone; "Did this help?" is three counts.
WRITTEN_TO = (
    *("/leave", "/line/talk/", "/{lang}/talk", "/{lang}/note", "/{lang}/after"),
    *("/{lang}/read/places", "/{lang}/read/measures"),
)


@dataclass(frozen=True)
class Line:
    """One row: its name, what was asked, what the house does, where, how far it is held, by what."""

    name: str
    asks: str
    does: str
    where: str
    state: str
    by: str


def lines() -> list[Line]:
    rows = re.findall(r"^\| ([SPA]\d+) " + r"\| (.+?) " * 5 + r"\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    return [Line(*(cell.strip() for cell in row)) for row in rows]


@cache
def functions_of(path: str) -> frozenset[str]:
    """Every test function of a file, at its top or in a class."""
    file = REPOSITORY / path
    if not file.is_file():
        return frozenset()
    found = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def wording(tag: str, domain: str, key: str) -> str:
    """A phrase of one line, as a language says it."""
    text = (REPOSITORY / "i18n" / "catalogues" / tag / "LC_MESSAGES" / f"{domain}.po").read_text("utf-8")
    found = re.search(rf'^msgid "{re.escape(key)}"\nmsgstr "(.*)"((?:\n".*")*)', text, re.MULTILINE)
    assert found, (tag, key)
    return found[1] + found[2]


def test_each_line_stands_on_the_page_once_and_says_enough() -> None:
    rows = lines()
    assert [row.name for row in rows] == list(LINES)
    assert [row.name for row in rows if row.state not in STATES] == []
    assert [row.name for row in rows if not row.asks or len(row.does.split()) < 3] == []
    assert [row.name for row in rows if bool(named_tests(row.by)) is (row.state == LATER)] == []
    unsaid = [row.name for row in rows if row.state != HELD and len(said_beside(row.by).split()) < WORDS_OF_A_REASON]
    assert unsaid == []


def test_each_place_and_each_test_that_is_named_is_there() -> None:
    rows = lines()
    files = re.compile(r"`((?:portal|chat|tips|i18n|templates|static)/[\w./-]+)`")
    missing = [
        (row.name, path) for row in rows for path in files.findall(row.where) if not (REPOSITORY / path).is_file()
    ]
    assert missing == []
    untested = [
        (row.name, *each) for row in rows for each in named_tests(row.by) if each[1] not in functions_of(each[0])
    ]
    assert untested == []
    patterns = [re.sub(r"\{[^}]+\}", "{}", address.pattern) for address in addresses()]
    built = [row for row in rows if row.state != LATER]
    named = {(row.name, place) for row in built for place in re.findall(r"`(/[^`]*)`", row.where)}
    known = {*patterns, "/{}/"}
    strange = {
        (name, place)
        for name, place in named
        if re.sub(r"\{[^}]+\}", "{}", place) not in known
        and not any(re.fullmatch(re.escape(each).replace(r"\{\}", "[^/]+"), place) for each in known)
    }
    assert strange == set()


def test_the_count_on_the_page_is_the_count_of_its_lines() -> None:
    said = re.search(
        r"Of (\d+) lines (\d+) are held, (\d+) partly, (\d+) later, (\d+) not built on purpose", PAGE.read_text("utf-8")
    )
    assert said, "the page does not say how many are held"
    found = Counter(row.state for row in lines())
    assert [int(each) for each in said.groups()] == [len(LINES), *(found[state] for state in STATES)]


def test_each_asset_is_on_the_shelf_as_the_page_says_with_its_source_and_day() -> None:
    shelf = {entry.id: entry for entry in shipped.shipped().entries}
    papers = {row.name: row for row in lines() if row.name.startswith("A") and row.name not in HOTLINES}
    assert len(papers) == 12
    for name, row in papers.items():
        named = re.search(r"shelf`: `([\w-]+)`", row.where)
        assert named, name
        entry = shelf[named[1]]
        assert entry.source, name
        assert entry.checked, name
        assert bool(entry.url) is row.does.startswith("a link"), name
        assert not entry.url or checked_link(entry.url) == entry.url


@pytest.mark.parametrize("name", HOTLINES)
def test_each_of_the_three_hotlines_has_its_number(name: str) -> None:
    country, number = HOTLINES[name]
    (row,) = [each for each in lines() if each.name == name]
    assert row.does.startswith(f"{number},")
    (first, *_) = next(each for each in numbers().countries if each.id == country).lines
    assert number in {way.number for way in first.ways}
    assert first.source
    assert first.checked


def test_the_shelf_parts_what_is_for_all_countries_from_what_is_for_one() -> None:
    entries = shipped.shipped().entries
    assert {"coe", "untoc", "tip-report"} <= {entry.id for entry in entries if not entry.place}
    assert {"cc-279", "irpa-118", "nap-2012"} <= {entry.id for entry in entries if entry.place == "ca"}
    assert 'readings | groupby("text.place")' in (TEMPLATES / "library" / "shelf.html").read_text("utf-8")


def test_nothing_that_a_visitor_writes_is_shown_to_others() -> None:
    taken = [each.pattern for each in addresses() if each.face == "public" and "POST" in each.methods]
    assert taken
    assert [pattern for pattern in taken if not pattern.startswith(WRITTEN_TO)] == []
    for page in (TEMPLATES / "library").glob("*.html"):
        assert not re.search(r"<(form|textarea|input)\b", page.read_text("utf-8")), page.name


def test_no_address_of_anybodys_mail_ships() -> None:
    mail = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)
    read = [*(REPOSITORY / "portal" / "data").glob("*.json"), *(REPOSITORY / "portal" / "library").rglob("*.md")]
    assert len(read) > 100
    found = {path.name: mail.findall(path.read_text("utf-8")) for path in read}
    assert {name: mails for name, mails in found.items() if mails} == {}


def test_the_page_of_policies_names_the_laws_of_the_place_and_of_no_other() -> None:
    both = [rule.law["en"] for rule in shipped.shipped().rules_for("ca-on")]
    assert both == ["Canadian Human Rights Act", "Ontario Human Rights Code"]
    assert [rule.law["en"] for rule in shipped.shipped().rules_for("ca-bc")] == both[:1]
    assert list(shipped.shipped().rules_for("pt")) == []


@pytest.mark.parametrize(
    ("page", "before", "keys"),
    [
        ("chat/start.html", "talk.start.start", ("talk.start.private",)),
        ("tips/note.html", "note.send.number", ("note.limits", "note.lead")),
    ],
)
def test_the_limits_stand_before_the_first_word_in_every_language(
    page: str, before: str, keys: tuple[str, ...]
) -> None:
    text = (TEMPLATES / page).read_text("utf-8")
    for key in keys:
        assert -1 < text.find(f'("{key}")') < text.find(f'("{before}")'), key
        assert len({wording(tag, page.partition("/")[0], key) for tag in LANGUAGES}) == len(LANGUAGES)


def test_who_we_are_not_stands_in_every_language() -> None:
    home = (TEMPLATES / "portal" / "home.html").read_text("utf-8")
    assert -1 < home.find('("home.not_police")') < home.find("home.chat")
    assert len({wording(tag, "portal", "home.not_police") for tag in LANGUAGES}) == len(LANGUAGES)
    for tag in LANGUAGES:
        # Four things we do, then five that we are not, each a line of its own.
        assert shipped.texts()["about"][tag].body.count("\n- ") >= 9, tag
