"""What is sent to no engine, what is translated around, and what is odd about what comes back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies as st

from i18n.guard import MOST_LETTERS, cleaned, flags_of, may_be_sent
from i18n.pieces import cut, joined
from i18n.translator import Flag


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "👍👍🏽",
        "?!",
        "7",
        "a",
        "٠١٢٣٤٥٦٧٨٩",
        "555-0142",
        "+1 (416) 555-0142!",
        "https://maps.example/x?y=1",
        "www.example.org",
        "ana@correo.example",
        "@jefe_1 👍",
        "ana@correo.example, 555-0142; www.example.org.",
        "x" * (MOST_LETTERS + 1),
    ],
)
def test_what_holds_nothing_to_translate_is_not_sent(text: str) -> None:
    assert not may_be_sent(text, "es", "en")


def test_what_its_reader_reads_already_is_not_sent() -> None:
    assert may_be_sent("Necesito ayuda", "es", "en")
    assert not may_be_sent("Necesito ayuda", "es", "es")


@pytest.mark.parametrize(
    ("text", "kept", "spoken"),
    [
        ("Llámame al 555-0142 mañana.", ["555-0142"], ["Llámame al", "mañana."]),
        ("اتصل بي على ٠٥٥٥-٠١٤٢-٢٢ الآن", ["٠٥٥٥-٠١٤٢-٢٢"], ["اتصل بي على", "الآن"]),
        ("Write to ana@correo.example.", ["ana@correo.example"], ["Write to"]),
        ("Look: https://x.example/a?b=c, please", ["https://x.example/a?b=c"], ["Look:", "please"]),
        ("He wants $5,000 or 300 CAD today", ["$5,000", "300 CAD"], ["He wants", "or", "today"]),
        ("He is @boss_77 there", ["@boss_77"], ["He is", "there"]),
        ("I am at 1450 Main St apt 5", ["1450", "5"], ["I am at", "Main St apt"]),
        ("Vivo en la calle Juárez 45, piso 3", ["45", "3"], ["Vivo en la calle Juárez", "piso"]),
        ("1450 rue Sherbrooke Ouest", ["1450"], ["rue Sherbrooke Ouest"]),
        ("ул. Ленина 5, кв. 12", ["5", "12"], ["ул. Ленина", "кв."]),
        ("There are 3 men and 2 dogs", [], ["There are 3 men and 2 dogs"]),
        ("Help me.No police", [], ["Help me.No police"]),
    ],
)
def test_numbers_to_call_and_to_find_are_translated_around(text: str, kept: list[str], spoken: list[str]) -> None:
    pieces = cut(text)

    assert [piece.text for piece in pieces if not piece.is_kept] == spoken
    assert [p.text for p in pieces if p.is_kept and any(letter.isalnum() for letter in p.text)] == kept


_MIXED = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["555-0142 ", "a@b.example", " $5,000", "www.x.org.", "1450 Main St", "é ", "\u202e", "ん"]),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=40)
@given(_MIXED)
def test_a_text_is_made_of_its_pieces(text: str) -> None:
    pieces = cut(text)

    assert "".join(piece.text for piece in pieces) == text
    assert joined(pieces, [piece.text for piece in pieces if not piece.is_kept]) == text
    assert all(any(letter.isalpha() for letter in piece.text) for piece in pieces if not piece.is_kept)


def test_directions_that_reach_further_are_taken_out_and_joiners_stay() -> None:
    reaching = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x07\x1b"

    assert cleaned(f"a{reaching}b\n\tc") == "ab\n\tc"
    assert cleaned("می\u200cروم क्\u200dष") == "می\u200cروم क्\u200dष"


@pytest.mark.parametrize(
    ("source", "translation", "flags"),
    [
        ("I need help.", "Necesito ayuda.", set()),
        ("Come at 7:30 with 2 bags", "Ven a las 7:30 con 2 bolsas", set()),
        ("Il y a 1 234 dollars", "There are 1,234 dollars", set()),
        ("عندي ٣ أطفال", "I have 3 children", set()),
        ("Come at 7:30", "Ven a las 8:30", {Flag.NUMBERS_CHANGED}),
        ("I have 2 children", "Tengo dos hijos", {Flag.NUMBERS_CHANGED}),
        ("My pimp", "my pimp.", {Flag.SAME_AS_ORIGINAL}),
        ("No", "Non, ce n’est pas", set()),
        ("They make me work every day", "Yo", {Flag.ODD_LENGTH}),
        ("salad", " ".join(["ensalada"] * 60), {Flag.ODD_LENGTH, Flag.REPEATS}),
        ("I go there every day", "cada vez cada vez cada vez cada vez", {Flag.REPEATS}),
        ("他们每天都打我", "They beat me every day", set()),
        ("They beat me every day", "他们每天都打我", set()),
        ("They beat me every day and night", "打", {Flag.ODD_LENGTH}),
        ("เขาทำร้ายฉันทุกวันเลยค่ะ", "ทุกวันทุกวันทุกวันทุกวัน", {Flag.REPEATS}),
        ("no no no no", "nein nein nein nein", set()),
        ("jajajaja", "hahahaha", set()),
        ("Help me.No police", "Ayúdame.no policía", set()),
        ("Good night", "Buenas noches.Adiós", set()),
        ("in the U.S. today", "en los EE.UU. hoy", set()),
    ],
)
def test_what_is_odd_is_marked(source: str, translation: str, flags: set[Flag]) -> None:
    assert flags_of(source, translation) == flags


@pytest.mark.parametrize(
    "added", ["Visit hotgirls.xxx now", "See www.hot.example", "Write to me@hot.example", "see hot.ru now", "ftp://a/b"]
)
def test_an_address_that_the_source_lacks_is_seen(added: str) -> None:
    assert Flag.LINK_ADDED in flags_of("Good night", added)
    assert Flag.LINK_ADDED not in flags_of(added, added)


@pytest.mark.parametrize("part", ["a.", "a-", "1 ", "a@a.", "st  ", "$ ", "1 a a ", "http://", "ab"])
def test_nobody_can_write_what_takes_long_to_look_at(part: str) -> None:
    """Every look is bounded: a text twice as long takes about twice as long, not four times.

    The best of three looks at each: whatever else the machine does only ever makes one longer.
    """
    once, twice = (min(_looks(part * (MOST_LETTERS * times // len(part))) for _ in range(3)) for times in (4, 8))

    assert twice < 3 * once + 0.05


def _looks(text: str) -> float:
    """How many seconds of the processor one look takes."""
    began = time.process_time()
    cut(text)
    flags_of("hello", text)
    return time.process_time() - began


def test_a_lost_not_is_seen_by_nothing_and_the_words_say_so() -> None:
    assert flags_of("No me siento segura con él", "I feel safe with him") == frozenset()
    assert '"not"' in (Flag.__doc__ or "")
