"""Words are found however they were typed, in every script, and a syllable is never taken apart."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings, strategies as st

from tips.folding import fold, folded_words, holds, terms

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("L'Hôtel Élysée", "hotel elysee"),
        ("Die Straße", "STRASSE"),
        ("İstanbul, ISPARTA", "istanbul ısparta"),
        ("Việt Nam, đường", "viet duong"),
        ("Łódź og Ærø", "lodz aero"),
        ("в подъезде, Ёлка", "елка ПОДЪЕЗДЕ"),
        ("Ώρα, ΣΊΣΥΦΟΣ", "ωρα σισυφος"),
        ("العَرَبِيَّةُ في المـدرسة أمس", "العربيه امس المدرسة"),
        ("خانه‌ی یک کارگر", "خانه ي يك كارگر"),
        ("שָׁלוֹם", "שלום"),
        ("गाड़ी हर रात आती है", "गाड़ी रात"),
        ("மாலை நேரம்", "மாலை"),
        ("夜中にガレージで", "ガレージ"),
        ("한국어로 썼다", "한국어"),
        ("กลางคืนที่โรงงาน", "โรงงาน"),
        ("the ﬁrst ofﬁce", "first office"),
        ("555-0100, ٥٥٥ ०१००", "555 0100"),
        ("O’Brien's van", "obriens"),
        ("ＦＵＬＬ width", "full"),
    ],
)
def test_what_was_written_is_found_by_what_is_typed(written: str, typed: str) -> None:
    assert holds(folded_words([written]), terms(typed))


@pytest.mark.parametrize(
    ("written", "typed"),
    [("कल", "काला"), ("ಕಿ", "ಕು"), ("பல்", "பால்"), ("a van", "a lorry"), ("night", "")],
)
def test_another_word_is_not_found(written: str, typed: str) -> None:
    wanted = terms(typed)
    assert not wanted or not holds(folded_words([written]), wanted)


def test_every_term_must_occur_in_any_order_and_in_any_part() -> None:
    words = folded_words(["a van at night", "Second floor", ""])
    assert holds(words, terms("floor NIGHT van"))
    assert not holds(words, terms("floor night lorry"))


@pytest.mark.parametrize("typed", ["", "   ", "?!…", "\u200d\u200b", "––"])
def test_what_holds_no_letter_looks_for_nothing(typed: str) -> None:
    assert terms(typed) == ()


def test_what_is_kept_is_no_text_any_more() -> None:
    assert folded_words(["He hit her. He hit her again!"]) == "again he her hit"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == " ".join(once.split())


@settings(max_examples=200)
@given(st.text(), st.sampled_from(FORMS))
def test_the_same_letters_in_another_form_are_the_same_words(text: str, form: Form) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(st.lists(st.text(), max_size=4))
def test_every_word_of_a_text_finds_it(texts: list[str]) -> None:
    words = folded_words(texts)
    for text in texts:
        wanted = terms(text)
        assert not wanted or holds(words, wanted)
