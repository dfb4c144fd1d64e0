"""Holds how a receipt is typed, and what is told about a slip."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from tips.receipt import DIGITS, Mistyped, Receipt, new_receipt, read_receipt

SCRIPTS = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "੦੧੨੩੪੫੬੭੮੯", "０１２３４５６７８９"]
codes = st.builds(lambda stem: f"{stem * 100 + (1 - stem * 100) % 97:025d}", st.integers(0, 10**23 - 1))


def in_script(code: str, digits: str) -> str:
    """The code in another script's digits."""
    return code.translate(str.maketrans("0123456789", digits))


def test_a_new_receipt_has_five_groups_of_five() -> None:
    groups = new_receipt().groups
    assert [len(group) for group in groups] == [5] * 5
    assert "".join(groups).isdecimal()


@given(codes)
def test_a_receipt_is_read_back_from_its_groups(code: str) -> None:
    assert read_receipt(" ".join(Receipt(code).groups)) == Receipt(code)


@given(codes, st.sampled_from(SCRIPTS))
def test_digits_of_every_script_count(code: str, digits: str) -> None:
    assert read_receipt(in_script(code, digits)) == Receipt(code)


@given(codes, st.sampled_from([" ", "-", "\n", ". ", " / ", "‏ ", "\u00a0"]))
def test_what_stands_between_the_groups_does_not_matter(code: str, between: str) -> None:
    assert read_receipt(between.join(Receipt(code).groups)) == Receipt(code)


@given(codes, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen_before_anything_is_asked(code: str, place: int, off: int) -> None:
    wrong = code[:place] + str((int(code[place]) + off) % 10) + code[place + 1 :]
    assert read_receipt(wrong) == Mistyped("back.error.check", DIGITS)


@given(codes, st.integers(0, DIGITS - 2))
def test_two_digits_changed_about_are_seen(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    expected = Receipt(code) if swapped == code else Mistyped("back.error.check", DIGITS)
    assert read_receipt(swapped) == expected


@pytest.mark.parametrize(("typed", "count"), [("123", 3), ("1" * 24, 24), ("1" * 26, 26), ("١٢", 2)])
def test_the_wrong_number_of_digits_is_counted(typed: str, count: int) -> None:
    assert read_receipt(typed) == Mistyped("back.error.count", count)


@pytest.mark.parametrize("typed", ["", "   ", "my number", "—"])
def test_no_digits_at_all_is_told_as_empty(typed: str) -> None:
    assert read_receipt(typed) == Mistyped("back.error.empty", 0)


@given(st.text(max_size=80))
def test_reading_never_breaks_whatever_is_typed(typed: str) -> None:
    assert isinstance(read_receipt(typed), Receipt | Mistyped)


def test_a_superscript_is_no_digit_to_break_on() -> None:
    assert unicodedata.normalize("NFKC", "²") == "2"
    assert isinstance(read_receipt("²" * DIGITS), Receipt | Mistyped)


def test_a_receipt_does_not_print_itself() -> None:
    receipt = new_receipt()
    assert receipt.code[:5] not in repr(receipt)
    assert receipt.code[:5] not in str(receipt)
