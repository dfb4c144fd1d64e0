"""Holds what the form takes, what it asks to mend, and what it drops."""

import pytest
from hypothesis import given, strategies as st

from portal.vault.padding import RECORD_STEPS, longest
from tests.tips.test_tip import NOON
from tips.form import (
    ABOUT,
    ADDITION_LIMIT,
    ANSWER,
    DAY,
    PLACE,
    REACH,
    SOON,
    TEXT_LIMITS,
    WORDS,
    YOUNG,
    Mend,
    TipForm,
    kept_typing,
    read,
    read_addition,
)
from tips.tip import Child, Kind, Path, Urgency, Words, encode


def test_what_happened_is_enough() -> None:
    assert read({WORDS: "A van, each day."}) == TipForm(words="A van, each day.")


@pytest.mark.parametrize("typed", ["", "   ", "\r\n\t ", "\x00\x07"])
def test_nothing_written_is_the_one_thing_to_mend(typed: str) -> None:
    assert read({WORDS: typed}) == (Mend(WORDS, "note.error.words_missing"),)


def test_everything_tapped_and_typed_is_read() -> None:
    typed = {WORDS: "w", ABOUT: "2", SOON: "1", YOUNG: "3", ANSWER: "2", PLACE: "p", DAY: "d", REACH: "r"}
    assert read(typed) == TipForm(
        words="w",
        path=Path.KNOWN,
        urgency=Urgency.NOW,
        child=Child.UNSURE,
        answer_welcome=False,
        place="p",
        when="d",
        reach="r",
    )


@pytest.mark.parametrize("name", [ABOUT, SOON, YOUNG, ANSWER])
def test_a_choice_that_is_not_on_the_page_counts_as_skipped(name: str) -> None:
    assert read({WORDS: "w", name: "9"}) == TipForm(words="w")


@pytest.mark.parametrize("name", TEXT_LIMITS)
def test_too_long_is_told_at_its_field(name: str) -> None:
    typed = {WORDS: "w", name: "x" * (TEXT_LIMITS[name] + 1)}
    assert read(typed) == (Mend(name, "note.error.too_long"),)


@pytest.mark.parametrize("name", TEXT_LIMITS)
def test_as_long_as_allowed_is_taken(name: str) -> None:
    assert isinstance(read({WORDS: "w", name: "x" * TEXT_LIMITS[name]}), TipForm)


def test_line_ends_become_one_kind_and_controls_go() -> None:
    assert read({WORDS: " a\r\nb\rc\x07 "}) == TipForm(words="a\nb\nc")


def test_joiners_and_direction_marks_stay() -> None:
    assert read({WORDS: "می‌خواهم ‏"}) == TipForm(words="می‌خواهم ‏")


def test_markup_is_kept_as_words() -> None:
    assert read({WORDS: "<b>5 < 6</b>"}) == TipForm(words="<b>5 < 6</b>")


@given(st.dictionaries(st.sampled_from([*TEXT_LIMITS, ABOUT, SOON, YOUNG, ANSWER, "other"]), st.text(max_size=300)))
def test_reading_never_breaks_whatever_is_typed(typed: dict[str, str]) -> None:
    assert isinstance(read(typed), TipForm | tuple)
    kept = kept_typing(typed)
    assert "other" not in kept
    assert all(value in typed[name] for name, value in kept.items())


def test_too_much_is_kept_so_that_it_can_be_shortened() -> None:
    typed = "x" * (TEXT_LIMITS[WORDS] + 500)
    assert kept_typing({WORDS: typed})[WORDS] == typed


def test_a_form_does_not_print_its_words() -> None:
    assert "CANARY" not in repr(read({WORDS: "CANARY", PLACE: "CANARY", REACH: "CANARY"}))


def test_an_addition_needs_words() -> None:
    assert read_addition("  ") == Mend(WORDS, "note.error.words_missing")
    assert read_addition("x" * (ADDITION_LIMIT + 1)) == Mend(WORDS, "note.error.too_long")
    assert read_addition(" more ") == "more"


@pytest.mark.parametrize("letter", ["x", "ع", "字", "🙏", '"', "\n", "\\"])
def test_the_longest_form_fits_into_the_largest_seal(letter: str) -> None:
    longest_words = Words(
        Kind.TOLD, letter * TEXT_LIMITS[WORDS], NOON, place=letter * TEXT_LIMITS[PLACE], when=letter * TEXT_LIMITS[DAY]
    )
    assert len(encode(longest_words)) <= longest(RECORD_STEPS)
