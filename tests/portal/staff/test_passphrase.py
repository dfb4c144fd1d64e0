"""Holds the choice of a passphrase to length, and to not being the first thing anybody would try."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings, strategies as st

from portal.staff.passphrase import (
    NameWrong,
    PassphraseLong,
    PassphraseShort,
    PassphraseWeak,
    check_name,
    check_passphrase,
    fold_name,
)


@pytest.mark.parametrize(
    "typed",
    [
        "seven green kettles whistle",
        "quatre chats bleus dorment",
        "ستة أباريق خضراء تغني بهدوء",
        "🜁 kettle under nine stairs",
        "xK9#mQ2$vL7!pR4",
        "x" + "y z w v u t " * 20,
    ],
)
def test_long_passphrases_of_any_kind_are_good(typed: str) -> None:
    assert check_passphrase(typed, "ada")


@pytest.mark.parametrize(
    "typed",
    [
        "passwordpassword",
        "Password12345678",
        "correct horse battery staple",
        "iloveyouiloveyou",
        "motdepasse motdepasse",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "qwertyuiopasdfgh",
        "abcdefghijklmnopq",
        "123456789012345678",
        "1999-12-31 23:59:59",
        "administrator2026!",
        "maya.rodriguez 2026 maya.rodriguez",
        "                         ",
    ],
)
def test_what_everybody_would_try_first_is_refused(typed: str) -> None:
    with pytest.raises(PassphraseWeak):
        check_passphrase(typed, "maya.rodriguez")


@pytest.mark.asvs("6.2.1")
def test_the_length_is_counted_in_characters_after_they_are_put_together() -> None:
    fourteen = "e\u0301" * 7 + "kettles"
    with pytest.raises(PassphraseShort):
        check_passphrase(fourteen, "ada")
    with pytest.raises(PassphraseLong):
        check_passphrase("seven green kettles " * 13, "ada")
    assert check_passphrase(("seven green kettles whistle " * 10)[:256], "ada")


def test_spaces_count_and_are_kept() -> None:
    assert check_passphrase("  four quiet lamps ", "ada") == b"  four quiet lamps "


@settings(deadline=None)
@given(st.text(max_size=400), st.text(max_size=80))
def test_any_text_is_judged_quickly_and_never_breaks_the_judge(typed: str, name: str) -> None:
    began = time.process_time()
    with contextlib.suppress(PassphraseWeak):
        check_passphrase(typed, fold_name(name))
    assert time.process_time() - began < 0.5


def test_a_text_made_to_be_slow_is_not() -> None:
    began = time.process_time()
    check_passphrase("password" * 31 + "q" * 8, "ada")
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("typed", ["", " ", "a", "x" * 61, "two\nlines", "tab\there"])
def test_a_sign_in_name_is_a_short_printable_line(typed: str) -> None:
    with pytest.raises(NameWrong):
        check_name(typed)


def test_names_that_look_alike_to_a_keyboard_are_one_name() -> None:
    assert fold_name(" Ａda ") == fold_name("ADA") == "ada"
    assert fold_name("Straße") == fold_name("STRASSE")


@pytest.mark.asvs("6.2.4")
@pytest.mark.parametrize(
    "typed",
    [
        "1qaz2wsx3edc4rfv",  # on the list as it is
        "passwordstandard",
        "dragonmonkeyfootball",  # three of its first three thousand in a row
        "Shadow Master Killer 77",
        "maya.rodriguez dragon monkey",
    ],
)
def test_what_was_stolen_before_is_refused_and_nobody_is_asked(typed: str) -> None:
    with pytest.raises(PassphraseWeak):
        check_passphrase(typed, "maya.rodriguez")
    assert check_passphrase("summer orange purple tiger", "maya.rodriguez"), "four words are another matter"


@pytest.mark.asvs("6.2.9")
@given(st.integers(64, 256), st.integers(0, 63))
def test_a_long_passphrase_counts_to_its_last_sign(length: int, changed: int) -> None:
    typed = ("seven green kettles whistle over nine stairs " * 6)[:length]
    other = typed[: length - 1 - changed] + "#" + typed[length - changed :]
    assert len(check_passphrase(typed, "ada")) == length
    assert check_passphrase(typed, "ada") != check_passphrase(other, "ada")
