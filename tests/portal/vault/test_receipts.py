"""A receipt is typed by frightened people on all kinds of keyboards, and guessed at by others."""

from __future__ import annotations

import secrets
import unicodedata
from math import log2

import pytest
from hypothesis import given, strategies as st

from portal.vault import tips
from portal.vault.errors import SealBroken, WrongKey
from portal.vault.receipts import RECEIPT_DIGITS, RECEIPT_VERSION, group_receipt, read_receipt, receipt_code
from portal.vault.tips import TipKeys, receipt_keys
from tests.portal.vault.fixed import fixed_id, fixed_key

receipts = st.integers(0, 10**23 - 1).map(lambda stem: f"{stem * 100 + (RECEIPT_VERSION - stem * 100) % 97:025d}")


def test_a_new_receipt_is_25_digits_that_are_read_again() -> None:
    seen = {str(receipt_code()) for _ in range(500)}
    assert len(seen) == 500
    for code in seen:
        assert len(code) == RECEIPT_DIGITS
        assert code.isascii()
        assert int(code) % 97 == RECEIPT_VERSION
        assert read_receipt(code) == code


def test_the_number_is_drawn_from_seventy_six_bits() -> None:
    """In 500 numbers each of the 23 places shows each digit; one that never did would be a digit less to guess."""
    seen = [str(receipt_code()) for _ in range(500)]
    places = [len({code[place] for code in seen}) for place in range(RECEIPT_DIGITS - 2)]
    assert places == [10] * 23
    assert log2(10 ** len(places)) > 76


@given(receipts)
def test_groups_read_back(code: str) -> None:
    groups = group_receipt(code)
    assert [len(group) for group in groups] == [5] * 5
    for between in (" ", "-", "\n", " – ", "\u200f", ""):
        assert read_receipt(between.join(groups)) == code


ZEROS = [chr(point) for point in range(0x110000) if unicodedata.decimal(chr(point), None) == 0]


@pytest.mark.parametrize("zero", ZEROS, ids=lambda zero: f"U+{ord(zero):04X}")
def test_digits_of_every_script_are_read(zero: str) -> None:
    code = receipt_code()
    assert read_receipt("".join(chr(ord(zero) + int(digit)) for digit in code)) == code


@given(receipts, st.integers(0, 24), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, at: int, more: int) -> None:
    wrong = str((int(code[at]) + more) % 10)
    assert read_receipt(code[:at] + wrong + code[at + 1 :]) is None


@given(receipts, st.integers(0, 23))
def test_two_exchanged_neighbours_are_noticed(code: str, at: int) -> None:
    exchanged = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert (read_receipt(exchanged) is None) == (exchanged != code)


@given(receipts, st.integers(0, 24))
def test_a_digit_too_few_or_too_many_is_noticed(code: str, at: int) -> None:
    assert read_receipt(code[:at] + code[at + 1 :]) is None
    assert read_receipt(code[:at] + "0" + code[at:]) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(typed: str) -> None:
    found = read_receipt(typed)
    assert found is None or (len(found) == RECEIPT_DIGITS and found.isascii())


def test_a_page_of_text_is_no_receipt() -> None:
    assert read_receipt(receipt_code() + " " * 2000) is None


def test_a_receipt_prints_as_dots() -> None:
    code = receipt_code()
    read = read_receipt(str(code))
    for each in (code, read, [code], {"code": code}):
        assert str(code) not in repr(each)


@pytest.mark.asvs("6.5.2")
def test_another_receipt_or_pepper_opens_nothing() -> None:
    keys, tip = TipKeys.new(), fixed_id("tip")
    mine = receipt_keys(fixed_key("argon"), fixed_key("pepper"))
    copy = tips.receipt_copy(keys, tip, mine)
    assert tips.open_receipt_copy(copy, mine) == (tip, keys)
    for argon, pepper in (("another", "pepper"), ("argon", "another")):
        other = receipt_keys(fixed_key(argon), fixed_key(pepper))
        assert other.find != mine.find
        with pytest.raises(WrongKey):
            tips.open_receipt_copy(copy, other)


def test_words_and_names_do_not_open_each_other() -> None:
    key, tip = fixed_key("words"), fixed_id("tip")
    words = tips.seal_words(key, tip, "told", 1, b"a blue van")
    with pytest.raises(SealBroken):
        tips.open_names(key, tip, "told", 1, words)


def test_only_whole_keys_make_receipt_keys() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        receipt_keys(secrets.token_bytes(16), fixed_key("pepper"))
    with pytest.raises(ValueError, match="32 bytes"):
        receipt_keys(fixed_key("argon"), b"")
