"""Holds how a number may be spelled, in any digits and with anything between, and how much of it nobody can guess."""

from __future__ import annotations

import math
import sys
import unicodedata
from collections import Counter
from typing import Final

import pytest
from hypothesis import given, settings, strategies as st

from portal.vault import digits
from portal.vault.receipts import RECEIPT_VERSION, receipt_code
from tests.tips.test_receipt import codes
from tips.pages.returning import LONGEST_TYPED
from tips.receipt import DIGITS, GROUPS, Receipt, is_group, read_receipt

# Every row of ten decimal digits that Unicode knows, by its nought.
NOUGHTS: Final = [
    point
    for point in range(sys.maxunicode + 1)
    if unicodedata.category(chr(point)) == "Nd" and unicodedata.decimal(chr(point)) == 0
]
RANDOM_DIGITS: Final = DIGITS - digits.CHECK_DIGITS
SAMPLE: Final = 20_000
# Nine free digits; a fair maker comes over this once in a thousand million samples.
CHI_SQUARE: Final = 62.0


def is_between(letter: str) -> bool:
    """Whether it may stand between digits: it is none, and does not become one or part of one."""
    plain = unicodedata.normalize("NFKC", letter)
    return not any(each.isdecimal() or unicodedata.combining(each) for each in plain)


BETWEEN: Final = [
    letter
    for letter in map(chr, [*range(0x20, 0x3000), *range(0xFE00, 0xFFFF)])
    if unicodedata.category(letter)[0] in "ZPSC" and unicodedata.category(letter) not in {"Cn", "Cs"}
    if is_between(letter)
]


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and one of the ways in which somebody may type it: one script or a mix, groups or none, signs."""
    code = draw(codes)
    noughts = draw(
        st.one_of(
            st.sampled_from(NOUGHTS).map(lambda one: [one]), st.lists(st.sampled_from(NOUGHTS), min_size=2, max_size=4)
        )
    )
    between = draw(st.lists(st.sampled_from(BETWEEN), min_size=1, max_size=6))
    every = draw(st.sampled_from([1, 2, 5, 25]))
    typed = draw(st.sampled_from(["", *BETWEEN]))
    for place, digit in enumerate(code):
        typed += chr(noughts[place % len(noughts)] + int(digit))
        if place % every == every - 1:
            typed += between[place % len(between)]
    return code, typed


def is_read(spelled: tuple[str, str]) -> None:
    code, typed = spelled
    assert len(typed) <= LONGEST_TYPED
    assert read_receipt(typed) == Receipt(code)
    assert all(is_group(Receipt(code), which, typed) for which in range(GROUPS))


@settings(max_examples=200)
@given(spellings())
def test_a_number_is_read_however_it_is_spelled(spelled: tuple[str, str]) -> None:
    is_read(spelled)


@pytest.mark.long
@settings(max_examples=10_000)
@given(spellings())
def test_ten_thousand_spellings_of_a_number_are_read(spelled: tuple[str, str]) -> None:
    is_read(spelled)


def test_there_are_more_scripts_than_anybody_would_list() -> None:
    assert len(NOUGHTS) > 60
    assert all(chr(nought + 9).isdecimal() for nought in NOUGHTS)


def test_a_number_is_drawn_from_ten_to_the_twenty_third_all_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """76.4 bits: one draw of the system's own source gives 23 digits, and each draw another number."""
    asked: list[int] = []
    drawn = iter([0, 1, int(10**RANDOM_DIGITS) - 1])

    def draws(below: int) -> int:
        asked.append(below)
        return next(drawn)

    monkeypatch.setattr("portal.vault.digits.secrets.randbelow", draws)
    made = [str.__str__(receipt_code()) for _ in range(3)]
    assert asked == [10**RANDOM_DIGITS] * 3
    assert [int(code[:RANDOM_DIGITS]) for code in made] == [0, 1, 10**RANDOM_DIGITS - 1]
    assert all(len(code) == DIGITS and int(code) % 97 == RECEIPT_VERSION for code in made)
    assert math.log2(asked[0]) > 76.4


def test_every_random_digit_is_as_likely_as_any_other() -> None:
    """Chi-square of each of the 23 places, and of each place with the next, over 20,000 numbers of the real maker."""
    made = [str.__str__(receipt_code()) for _ in range(SAMPLE)]
    assert len(set(made)) == SAMPLE
    for place in range(RANDOM_DIGITS):
        assert chi_square(Counter(code[place] for code in made), 10) < CHI_SQUARE, place
    for place in range(RANDOM_DIGITS - 1):
        # Ninety-nine free pairs: eleven times the digits' bound is as far out.
        assert chi_square(Counter(code[place : place + 2] for code in made), 100) < 4 * CHI_SQUARE, place


def chi_square(counted: Counter[str], kinds: int) -> float:
    """How far the counts lie from all being alike."""
    expected = counted.total() / kinds
    return sum((count - expected) ** 2 for count in counted.values()) / expected + (kinds - len(counted)) * expected
