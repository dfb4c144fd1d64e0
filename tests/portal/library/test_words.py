"""Holds the pages that ship to short, plain words and choices, in every language, and to saying the same in each."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest

from i18n.languages import LANGUAGES
from portal.library import shipped
from portal.library.facts import unknown_numbers
from portal.library.links import checked_link
from portal.library.markdown import links, plain
from portal.library.shipped import CORE
from portal.library.stock import Stock
from portal.library.text import SHELF, Section, Text, read_file
from tests.support.plain_words import PLAIN, grade, length, lix, sentences, wording
from tests.support.reading import measured
from tests.support.source import REPOSITORY

TONGUES = pytest.mark.parametrize("tag", LANGUAGES)
GRADE, LONGEST = 5, 170
# Of the English length in words; a tongue that is written in signs is measured by its sentences alone.
MORE = 1.45
# Over the measure of the phrases, in LIX: a page of 170 words names its matter again and again, and it is a long word.
AIR = 9


@cache
def page(name: str, tag: str) -> Text:
    return shipped.texts()[name][tag]


def lines(text: Text) -> list[str]:
    return [text.title, text.summary, *plain(text.body)]


def words(text: Text) -> int:
    return len(" ".join([text.title, *plain(text.body)]).split())


def said(tag: str) -> dict[str, str]:
    return {name: " ".join(wording(line) for line in lines(page(name, tag))) for name in CORE}


@TONGUES
def test_the_core_pages_stand_in_every_language(tag: str) -> None:
    assert [name for name in CORE if tag not in shipped.texts()[name]] == []


@pytest.mark.parametrize("name", CORE)
def test_a_page_reads_at_grade_five_in_at_most_170_words(name: str) -> None:
    assert words(page(name, "en")) <= LONGEST
    assert grade(said("en")[name]) <= GRADE


def test_the_figures_in_the_docs_are_the_figures_of_the_pages() -> None:
    told = (REPOSITORY / "docs" / "library.md").read_text("utf-8")
    assert [each.row for each in measured() if each.row not in told] == []


@TONGUES
def test_sentences_are_short_and_words_are_common(tag: str) -> None:
    plainly = PLAIN[tag]
    whole = said(tag)
    long = [(name, s) for name, text in whole.items() for s in sentences(text, tag) if length(s, tag) > plainly.longest]
    heavy = {name: lix(text, tag) for name, text in whole.items() if lix(text, tag) > (plainly.lix or 1000) + AIR}
    assert (long, heavy) == ([], {})


@TONGUES
def test_no_page_is_longer_than_its_english_by_half(tag: str) -> None:
    if PLAIN[tag].in_signs:
        return
    assert {
        name: words(page(name, tag)) for name in CORE if words(page(name, tag)) > MORE * words(page(name, "en"))
    } == {}


@TONGUES
def test_no_page_scolds_labels_counts_in_words_or_names_what_keeps_words_safe(tag: str) -> None:
    plainly = PLAIN[tag]
    for pattern in (plainly.scolds, plainly.counted, plainly.trade):
        assert {name: found[0] for name, text in said(tag).items() if (found := re.search(pattern, text.lower()))} == {}


@TONGUES
def test_every_page_leaves_a_choice(tag: str) -> None:
    """Requirement R3 of docs/safety.md."""
    assert [name for name, text in said(tag).items() if not re.search(PLAIN[tag].choice, text.lower())] == []


@TONGUES
def test_a_translation_has_the_parts_and_the_sources_of_its_original_and_is_not_behind_it(tag: str) -> None:
    for name in CORE:
        here, english = page(name, tag), page(name, "en")
        assert shape(here) == shape(english), name
        assert (here.checked, here.sources) == (english.checked, english.sources), name
        assert here.of == ("" if tag == "en" else english.digest), f"{name}: it follows {english.digest}"


def shape(text: Text) -> list[str]:
    """What stands one after the other: headings, lines of lists, paragraphs."""
    return [re.match(r"(## |- |)", line)[0] for line in text.body.splitlines() if line.strip()]  # type: ignore[index]


@TONGUES
def test_a_page_names_no_number_and_leads_nowhere(tag: str) -> None:
    """Numbers and laws differ from place to place: they are data (docs/library.md)."""
    assert {name: found for name, text in said(tag).items() if (found := re.findall(r"\d{3,}", text))} == {}
    assert {name for name in CORE if links(page(name, tag).body)} == set()


def test_every_page_and_entry_has_its_source_and_the_day_it_was_checked() -> None:
    whole = [text for tongues in shipped.texts().values() for text in tongues.values()]

    assert len(whole) > 150
    assert [
        text.title for text in whole if not text.sources or date.fromisoformat(text.checked) > date(2026, 12, 31)
    ] == []


def test_the_shelf_has_its_five_parts_and_every_link_may_stand() -> None:
    entries = shipped.shipped().entries
    held = {entry.section for entry in entries}

    # News for the media are the house's own; none ships.
    assert held == set(SHELF) - {Section.RELEASES}
    assert [checked_link(entry.url) for entry in entries if entry.url] == [entry.url for entry in entries if entry.url]
    assert {entry.place for entry in entries} == {"", "ca"}
    assert [entry.id for entry in entries if not {"en", "fr"} <= entry.about.keys()] == []
    assert [entry.id for entry in entries for about in entry.about.values() if unknown_numbers(about)] == []


def test_a_translated_entry_follows_its_original() -> None:
    stock = Stock()

    assert [name for name in stock.names for tag in LANGUAGES if stock.is_stale(name, tag)] == []


@pytest.mark.parametrize(
    "broken", ["no fence", "---\ntitle: x\n---\nbody", "x---\ntitle: x\n---\nbody", "---\ntitle\n---\n"]
)
def test_a_file_that_lacks_something_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_file(broken, Section.KNOW)
