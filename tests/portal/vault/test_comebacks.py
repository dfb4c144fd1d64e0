"""A come-back number is learnt by heart, typed on any keyboard, and opens one conversation of one house."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from portal.vault.comebacks import (
    COMEBACK_DIGITS,
    COMEBACK_VERSION,
    comeback_box,
    comeback_code,
    comeback_key,
    find_comeback,
    find_repeat,
    group_comeback,
    open_comeback,
    read_comeback,
)
from portal.vault.errors import SealBroken
from portal.vault.receipts import read_receipt
from tests.portal.vault.fixed import fixed_id, fixed_key
from tests.portal.vault.test_receipts import ZEROS

KEY, TALK, ID = comeback_key(fixed_key("house")), fixed_key("talk"), fixed_id("conversation")

codes = st.integers(0, 10**12 - 1).map(lambda stem: f"{stem * 100 + (COMEBACK_VERSION - stem * 100) % 97:014d}")


def test_a_new_number_is_14_digits_that_are_read_again() -> None:
    seen = {str(comeback_code()) for _ in range(500)}
    assert len(seen) == 500
    for code in seen:
        assert len(code) == COMEBACK_DIGITS
        assert code.isascii()
        assert read_comeback(code) == code


def test_every_digit_of_the_twelve_is_drawn_at_random() -> None:
    """In 500 numbers each place shows each digit; one that never did would be a digit less to guess."""
    seen = [str(comeback_code()) for _ in range(500)]
    for place in range(12):
        assert {code[place] for code in seen} == set("0123456789"), place


@given(codes, st.sampled_from(ZEROS), st.sampled_from([" ", "-", "\n", " – ", "\u200f", "\u2068", ""]))
def test_groups_read_back_in_every_script_and_with_any_signs_between(code: str, zero: str, between: str) -> None:
    groups = group_comeback(code)
    assert "".join(groups) == code
    assert max(map(len, groups)) <= 4
    assert read_comeback("".join(chr(ord(zero) + int(d)) if d.isdigit() else d for d in between.join(groups))) == code


@given(codes, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(code: str, at: int, more: int) -> None:
    wrong = str((int(code[at]) + more) % 10)
    assert read_comeback(code[:at] + wrong + code[at + 1 :]) is None


@given(codes, st.integers(0, 12))
def test_two_exchanged_neighbours_are_noticed(code: str, at: int) -> None:
    exchanged = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert (read_comeback(exchanged) is None) == (exchanged != code)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(typed: str) -> None:
    found = read_comeback(typed)
    assert found is None or (len(found) == COMEBACK_DIGITS and found.isascii())


@given(codes)
def test_it_is_never_taken_for_a_receipt(code: str) -> None:
    assert read_receipt(code) is None


def test_it_prints_as_dots_and_so_does_what_it_opens() -> None:
    code = comeback_code()
    opened = open_comeback(KEY, code, comeback_box(KEY, code, TALK, ID))
    for each in (code, read_comeback(str(code)), [code], {"code": code}):
        assert str(code) not in repr(each)
    assert repr(opened) == "Opened(•••)"


@given(codes, codes)
def test_only_the_same_number_in_the_same_house_opens_it(code: str, other: str) -> None:
    box = comeback_box(KEY, code, TALK, ID)
    assert len(box) == 82
    opened = open_comeback(KEY, code, box)
    assert (opened.conversation, opened.talk_key) == (ID, TALK)
    with pytest.raises(SealBroken):
        open_comeback(comeback_key(fixed_key("another house")), code, box)
    if other != code:
        with pytest.raises(SealBroken):
            open_comeback(KEY, other, box)


@given(codes, codes)
def test_names_tell_neither_the_number_nor_each_other(code: str, other: str) -> None:
    page = fixed_id("page")
    names = {find_comeback(KEY, code), find_repeat(KEY, code, page), find_repeat(KEY, code, fixed_id("another"))}
    assert len(names) == 3
    assert all(code.encode() not in name for name in names)
    assert (find_comeback(KEY, other) in names) == (other == code)
    assert find_comeback(comeback_key(fixed_key("another house")), code) not in names
