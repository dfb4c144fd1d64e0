"""Holds pasted text to coming out as plain text with nothing of it lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as some

from portal.web.sanitise import strip_markup, tidy_text


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ("Hello", "Hello"),
        ("<b>Hello</b> you", "Hello you"),
        ("<p onclick='x()'>a</p><!-- b -->", "a"),
        ("a &amp; b", "a & b"),
        ("I have 3 < 5 dollars", "I have 3 < 5 dollars"),
        ("<3", "<3"),
        ("مرحبا <i>بك</i>", "مرحبا بك"),
    ],
)
def test_markup_goes_and_words_stay(pasted: str, plain: str) -> None:
    assert strip_markup(pasted) == plain


def test_a_script_is_never_left_as_a_tag() -> None:
    assert "<script" not in strip_markup("<scr<script>ipt>alert(1)</script>").replace("&lt;", "<")[:7]


@given(some.text(alphabet=some.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_ordinary_words_are_returned_as_they_were(words: str) -> None:
    assert strip_markup(words) == words


def test_tidy_text_keeps_lines_and_drops_what_cannot_be_seen() -> None:
    assert tidy_text("  a\r\nb\rc\x00\x07\td \n") == "a\nb\nc\td"
    assert tidy_text("e\u0301") == "\u00e9"
    assert tidy_text("\u202bשלום\u202c") == "\u202bשלום\u202c"


@given(some.text())
def test_no_control_character_is_kept_but_new_lines_and_tabs(words: str) -> None:
    plain = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))

    assert (
        tidy_text(words)
        == "".join(each for each in plain if each in "\n\t" or unicodedata.category(each) != "Cc").strip()
    )
