"""A word is one word however it is written; a name opens one box; neither tells the other."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from portal.vault.covers import WORD_LIMIT, cover_box, find_cover, is_word, open_cover, read_word, word_mark
from portal.vault.errors import SealBroken
from tests.portal.vault.fixed import fixed_id, fixed_key

TALK, OTHER_TALK, ID, OTHER_ID = fixed_key("talk"), fixed_key("other"), fixed_id("one"), fixed_id("other")
TOKEN, NAME = fixed_key("token"), fixed_key("name")


@given(st.text(max_size=5 * WORD_LIMIT))
def test_what_is_read_is_short_and_has_single_spaces(typed: str) -> None:
    read = read_word(typed)
    assert len(read) <= WORD_LIMIT
    assert read == " ".join(read.split())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Blue\tKETTLE\n", "blue kettle"),
        ("\uff22lue", "blue"),
        ("إبريق أزرق", "إبريق أزرق"),
        ("ab", ""),
        ("", ""),
        (" a b ", "a b"),
        ("水壶", "水壶"),
        ("물", ""),
        ("茶a", "茶a"),
    ],
)
def test_a_word_is_read_as_it_is_meant(typed: str, read: str) -> None:
    assert read_word(typed) == read


@given(st.text(min_size=3, max_size=40).filter(lambda text: read_word(text) != ""))
def test_the_same_word_is_known_and_only_in_its_own_talk(word: str) -> None:
    mark = word_mark(TALK, ID, read_word(word))
    assert is_word(mark, TALK, ID, word)
    assert not is_word(mark, OTHER_TALK, ID, word)
    assert not is_word(mark, TALK, OTHER_ID, word)
    assert not is_word(mark, TALK, ID, word + " x")


@given(st.text(max_size=40))
def test_where_no_word_was_chosen_none_is_hers(word: str) -> None:
    assert not is_word(None, TALK, ID, word)


def test_a_name_opens_its_box_and_no_other_does() -> None:
    box = cover_box(NAME, TOKEN)
    assert open_cover(NAME, box) == TOKEN
    for wrong in (TOKEN, find_cover(NAME)):
        with pytest.raises(SealBroken):
            open_cover(wrong, box)


def test_where_a_box_lies_tells_neither_name_nor_token() -> None:
    assert find_cover(NAME) not in (NAME, TOKEN)
    assert TOKEN not in cover_box(NAME, TOKEN)
    assert NAME not in cover_box(NAME, TOKEN)
