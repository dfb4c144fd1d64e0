"""Holds a sealed file to being whole: whatever is moved, cut, swapped, doubled or added is refused."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, strategies as st

from portal.vault import tip_files as vault
from portal.vault.errors import SealBroken, TooLong
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public

TIP, FILE, OTHER = fixed_id("tip"), fixed_id("file"), fixed_id("other")
KEY = vault.drawn_key(fixed_key("words"), FILE)


def sealed(filled: int, which: str = "drawn", file: bytes = FILE) -> list[bytes]:
    """A whole file of so many filled pieces, each with its number in it."""
    key = vault.drawn_key(fixed_key("words"), file)
    pieces = [vault.seal_piece(key, TIP, file, which, at, b"%d" % at) for at in range(filled)]
    return pieces + vault.seal_end(key, TIP, file, which, filled)


def opened(boxes: list[bytes], which: str = "drawn") -> list[bytes]:
    return list(vault.open_file(KEY, TIP, FILE, which, boxes))


@pytest.mark.parametrize("filled", [0, 1, 7, 15, 16, 17, 30, 33])
def test_a_file_opens_to_what_was_put_in(filled: int) -> None:
    assert opened(sealed(filled)) == [b"%d" % at for at in range(filled)]


@given(st.integers(0, 5000))
def test_a_count_is_a_step_that_is_never_more_than_an_eighth_too_large(filled: int) -> None:
    whole = vault.whole_count(filled)
    assert filled < whole <= max(filled + 2, (filled + 1) * 9 / 8 + 1)
    assert vault.whole_count(whole - 1) == whole


def test_there_are_few_steps() -> None:
    assert len({vault.whole_count(filled) for filled in range(193)}) < 50


@given(filled=st.integers(0, 12), data=st.data())
def test_pieces_in_another_order_are_refused(filled: int, data: st.DataObject) -> None:
    boxes = sealed(filled)
    moved = data.draw(st.permutations(boxes))
    assume(moved != boxes)
    with pytest.raises(SealBroken):
        opened(moved)


@given(filled=st.integers(1, 12), data=st.data())
def test_a_piece_that_is_missing_doubled_or_added_is_refused(filled: int, data: st.DataObject) -> None:
    boxes = sealed(filled)
    at = data.draw(st.integers(0, len(boxes) - 1))
    for changed in (boxes[:at], boxes[at + 1 :], boxes[:at] + boxes[at + 1 :], [*boxes[: at + 1], *boxes[at:]]):
        with pytest.raises(SealBroken):
            opened(changed)
    with pytest.raises(SealBroken):
        opened([*boxes, boxes[at]])


@given(filled=st.integers(1, 12), data=st.data())
def test_a_piece_of_another_file_or_of_the_other_picture_is_refused(filled: int, data: st.DataObject) -> None:
    boxes = sealed(filled)
    at = data.draw(st.integers(0, len(boxes) - 1))
    for foreign in (sealed(filled, "original"), sealed(filled, file=OTHER)):
        with pytest.raises(SealBroken):
            opened([*boxes[:at], foreign[at], *boxes[at + 1 :]])
        with pytest.raises(SealBroken):
            opened(foreign)


def test_an_end_that_is_too_long_or_has_something_behind_it_is_refused() -> None:
    def piece(at: int, words: bytes, *, is_last: bool = False) -> bytes:
        return vault.seal_piece(KEY, TIP, FILE, "drawn", at, words, is_last=is_last)

    with pytest.raises(SealBroken):
        opened([piece(0, b"a"), piece(1, b""), piece(2, b"", is_last=True)])
    with pytest.raises(SealBroken):
        opened([piece(0, b"a"), piece(1, b""), piece(2, b"b", is_last=True)])
    with pytest.raises(SealBroken):
        opened([piece(0, b"a", is_last=True)])
    with pytest.raises(SealBroken):
        opened([])


def test_every_piece_is_as_long_as_every_other_and_none_holds_more() -> None:
    assert {len(box) for box in sealed(3)} == {
        len(vault.seal_piece(KEY, TIP, FILE, "drawn", 0, b"x" * vault.PIECE_ROOM))
    }
    with pytest.raises(TooLong):
        vault.seal_piece(KEY, TIP, FILE, "drawn", 0, b"x" * (vault.PIECE_ROOM + 1))


def test_the_key_of_an_original_needs_the_salt_and_is_never_that_of_the_drawing() -> None:
    words = fixed_key("words")
    keys = {vault.original_key(words, file, fixed_key(salt)) for file in (FILE, OTHER) for salt in ("one", "two")}
    keys |= {vault.copy_key(words, file, fixed_key(salt)) for file in (FILE, OTHER) for salt in ("one", "two")}
    assert len(keys | {vault.drawn_key(words, FILE), vault.drawn_key(words, OTHER)}) == 10


def test_a_frozen_file_without_an_original_has_one_key_and_tells_so_to_nobody() -> None:
    with_one = vault.seal_file_keys(fixed_public("tips"), 1, TIP, FILE, drawn=KEY, original=fixed_key("x"))
    without = vault.seal_file_keys(fixed_public("tips"), 1, TIP, FILE, drawn=KEY)
    assert len(with_one) == len(without)
    assert vault.open_file_keys({1: fixed_key("tips")}, TIP, FILE, without) == (KEY, None)
