"""Holds the catalogue to what translators' tools read, and to raising where words are missing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.core import Locale
from babel.messages.pofile import read_po as babel_reads

from i18n.catalogue import Catalogue, MissingPhrase, fill, form_index
from i18n.languages import CATALOGUES, ENGLISH, KNOWN, LANGUAGES, Language
from i18n.po import BrokenPo, Entry, read_po

FILES = sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_our_reader_reads_what_a_translators_tool_reads(path: Path) -> None:
    ours = read_po(path.read_text("utf-8"), path.name)
    with path.open("rb") as opened:
        theirs = {
            (message.id if isinstance(message.id, str) else message.id[0]): (
                (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            )
            for message in babel_reads(opened)
            if message.id and not message.fuzzy
        }

    assert {key: entry.forms for key, entry in ours.items()} == theirs


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_plural_has_as_many_forms_as_its_language(path: Path) -> None:
    language = LANGUAGES[path.parts[-3]]

    for key, entry in read_po(path.read_text("utf-8"), path.name).items():
        if len(entry.forms) > 1:
            assert form_index(language, 1, len(entry.forms)) >= 0, key


# What people call their own writing or language, where CLDR names a country, a brand or the bare language.
CALLED = {"tl": "Tagalog", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


@pytest.mark.parametrize("language", KNOWN, ids=lambda language: language.tag)
def test_the_table_of_plural_forms_is_cldrs(language: Language) -> None:
    spoken = Locale.parse(language.tag, sep="-")

    assert set(language.plurals) == {*spoken.plural_form.tags, "other"}
    assert language.direction == spoken.text_direction
    assert language.own_name.lower() == (CALLED.get(language.tag) or spoken.get_display_name() or "").lower()


@pytest.mark.parametrize("language", KNOWN, ids=lambda language: language.tag)
def test_what_a_catalogue_may_leave_out_is_reached_by_no_count(language: Language) -> None:
    form = Locale.parse(language.tag, sep="-").plural_form

    reached = {form(number) for number in range(100_000)}

    assert reached == set(language.plurals) - {language.rare}
    without = [category for category in language.plurals if category != language.rare]
    assert [without[form_index(language, number, len(without))] for number in range(200)] == [
        form(number) for number in range(200)
    ]


@pytest.mark.parametrize(
    ("number", "form"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3), (111, 4), (1000, 5)],
)
def test_arabic_takes_its_six_forms_in_the_order_translators_write_them(number: int, form: int) -> None:
    """zero, one, two, few, many, other: Babel's own gettext table has the last two the other way round."""
    assert form_index(LANGUAGES["ar"], number, 6) == form


@pytest.mark.parametrize("tag", ["fr", "es"])
def test_many_starts_at_a_million_and_may_be_left_out(tag: str) -> None:
    language = LANGUAGES[tag]

    assert form_index(language, 1_000_000, 3) == 1
    assert form_index(language, 1_000_000, 2) == 1
    assert form_index(language, 5, 3) == 2
    assert form_index(language, 5, 2) == 1
    assert form_index(language, 1, 2) == 0


def test_french_counts_nothing_as_one_and_spanish_does_not() -> None:
    assert form_index(LANGUAGES["fr"], 0, 3) == 0
    assert form_index(LANGUAGES["es"], 0, 3) == 2


def test_a_wrong_number_of_forms_is_refused() -> None:
    with pytest.raises(MissingPhrase):
        form_index(LANGUAGES["ar"], 1, 2)


def test_a_missing_phrase_raises() -> None:
    catalogue = Catalogue({tag: {} for tag in LANGUAGES})

    with pytest.raises(MissingPhrase):
        catalogue.phrase(ENGLISH, "home.heading")


def test_a_running_hotline_answers_in_english_rather_than_not_at_all(caplog: pytest.LogCaptureFixture) -> None:
    words: dict[str, dict[str, Entry]] = {tag: {} for tag in LANGUAGES}
    words["en"]["home.heading"] = Entry(("You can talk to us.",))
    catalogue = Catalogue(words, strict=False)

    assert catalogue.phrase(LANGUAGES["ar"], "home.heading") == "You can talk to us."
    assert "home.heading" in caplog.text


def test_places_are_filled_and_a_bare_percent_sign_stays() -> None:
    assert fill("Call %(number)s.", {"number": "911"}) == "Call 911."
    assert fill("100 %", {}) == "100 %"


def test_unfinished_words_are_not_shown() -> None:
    text = '#, fuzzy\nmsgid "a"\nmsgstr "guess"\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c"\nmsgstr "done"\n'

    assert list(read_po(text, "x.po")) == ["c"]


@pytest.mark.parametrize(
    "text", ['msgid "a\nmsgstr "b"', "words", '"loose"', 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"']
)
def test_a_broken_catalogue_is_refused_by_line(text: str) -> None:
    with pytest.raises(BrokenPo, match=r"x\.po"):
        read_po(text, "x.po")


def test_babel_can_write_what_we_read() -> None:
    original = io.BytesIO(FILES[0].read_bytes())

    assert len(babel_reads(original)) == len(read_po(FILES[0].read_text("utf-8"), "x.po"))
