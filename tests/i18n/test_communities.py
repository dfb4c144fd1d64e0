"""Holds the languages of First Peoples ready in code, without a word of ours, whatever CLDR knows of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel.core import Locale, UnknownLocaleError
from hypothesis import given, settings, strategies as some

from i18n import formats
from i18n.catalogue import form_index
from i18n.communities import COMMUNITIES
from i18n.language import Language
from i18n.languages import CATALOGUES, KNOWN, LANGUAGES, served
from i18n.locales import locale_of, names_days
from i18n.negotiate import negotiate

EACH = pytest.mark.parametrize("language", COMMUNITIES, ids=lambda language: language.tag)
READY = {each.tag: each for each in (*KNOWN, *COMMUNITIES)}
UNKNOWN_TO_BABEL = ("cr", "oj", "ikt", "prs", "crk-Cans", "x", "no-such-tag", "")


def test_none_of_them_is_served_before_its_community_has_written_its_words() -> None:
    tags = {each.tag for each in COMMUNITIES}

    assert len(tags) == len(COMMUNITIES)
    assert not tags & LANGUAGES.keys()
    assert not tags & {path.name for path in CATALOGUES.iterdir()}
    assert {"iu-Cans", "iu-Latn", "crk-Cans", "crk-Latn", "csw", "crm", "ojg", "ciw", "ojs"} <= tags
    assert not tags & {"iu", "cr", "oj"}  # a whole family is no dialect


def test_a_folder_and_a_line_serve_a_language_and_neither_does_alone(tmp_path: Path) -> None:
    named = Language("ojg", "a name", "ltr", ("other",))
    (tmp_path / "ojg").mkdir()

    assert served([named], tmp_path) == {"ojg": named}
    assert served([named], tmp_path / "ojg") == {}
    assert served(COMMUNITIES, tmp_path) == {}  # nobody has said how its own people call it


@EACH
def test_its_line_says_what_cldr_knows_or_one_plain_form(language: Language) -> None:
    assert language.script in ("Cans", "Latn")
    assert language.direction == "ltr"
    try:
        known = Locale.parse(language.tag, sep="-")
    except UnknownLocaleError:
        assert language.plurals == ("other",)
        return
    assert set(language.plurals) == {*known.plural_form.tags, "other"}
    if own := known.get_display_name():
        assert language.own_name == own


@EACH
@pytest.mark.parametrize("number", [0, 1, 2, 3, 100])
def test_every_number_has_a_form(language: Language, number: int) -> None:
    assert 0 <= form_index(language, number, len(language.plurals)) < len(language.plurals)


@pytest.mark.parametrize("tag", [*UNKNOWN_TO_BABEL, *(each.tag for each in (*COMMUNITIES, *KNOWN))])
def test_every_format_stands_a_language_that_babel_does_not_know(tag: str) -> None:
    language, when = Language(tag, "", "ltr", ("other",)), date(2026, 3, 4)

    assert formats.day(language, when)
    assert formats.weekday(language, 6)
    assert formats.clock(language, 17 * 60)
    assert formats.place(language, "America/Toronto")
    assert formats.named(tag, "fr") or not tag
    assert locale_of(tag).plural_form(1)


def test_a_day_without_names_for_months_puts_the_year_first() -> None:
    assert [tag for tag in LANGUAGES if not names_days(tag)] == []
    assert formats.day(READY["crk-Latn"], date(2026, 3, 4)) == "2026-03-04"
    assert formats.day(READY["moh"], date(2026, 3, 4)) == "2026-03-04"
    assert "2026" in formats.day(READY["iu-Cans"], date(2026, 3, 4)) != "2026-03-04"


def test_the_desk_names_a_dialect_in_its_own_language() -> None:
    assert formats.named("crk-Cans", "en") == "Plains Cree"
    assert formats.named("ojs", "fr") == "oji-cri"
    assert formats.named("zh-Hant", "en") == "Chinese (Traditional)"


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("iu", "iu-Cans"),
        ("iu-CA,en;q=0.5", "iu-Cans"),
        ("ike-Cans-CA", "iu-Cans"),
        ("iu-Latn-CA", "iu-Latn"),
        ("ike-Latn", "iu-Latn"),
        ("ikt", "ikt"),
        ("crk", "crk-Latn"),
        ("crk-Cans", "crk-Cans"),
        ("csw-CA, en", "csw"),
        ("ojs", "ojs"),
        ("cr, fr;q=0.5", "fr"),  # which dialect is not ours to guess
        ("oj", "en"),
    ],
)
def test_a_wish_is_met_by_dialect_and_script_once_its_words_are_there(header: str, tag: str) -> None:
    assert negotiate(header, READY).tag == tag
    assert negotiate(header).tag in LANGUAGES


@settings(max_examples=60)
@given(some.text(max_size=80))
def test_any_wish_is_met_whatever_is_served(header: str) -> None:
    assert negotiate(header, READY).tag in READY
