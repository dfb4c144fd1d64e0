"""Holds the tools of whoever keeps the catalogues to finding what is wrong, and to signing only what was asked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from i18n.languages import CATALOGUES, LANGUAGES
from i18n.review import read_review
from i18n.upkeep.__main__ import main, table
from i18n.upkeep.asked import Asked, asked
from i18n.upkeep.files import SAFETY, SHOWN_ALONE, notes, path_of
from i18n.upkeep.signing import CannotSign, safety_keys, sign_words, state_of, take_back
from i18n.upkeep.wholeness import faults
from tests.support.source import REPOSITORY

ON = date(2026, 12, 1)
FEW = [LANGUAGES[tag] for tag in ("en", "fr", "ar")]


@cache
def every_phrase() -> Asked:
    """What the code asks for: read when a test wants it, for each process collects this file."""
    return asked(REPOSITORY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Catalogues of three languages that may be spoiled."""
    for language in FEW:
        shutil.copytree(CATALOGUES / language.tag, tmp_path / language.tag)
    return tmp_path


def spoil(folder: Path, tag: str, domain: str, change: Callable[[str], str]) -> None:
    path = path_of(tag, domain, folder)
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


def test_the_catalogues_of_every_language_are_whole() -> None:
    assert list(faults(every_phrase())) == []


PAY = 'msgid "cards.pay"'
SPOILED: list[tuple[str, str, Callable[[str], str], str]] = [
    ("ar", "chat", lambda text: re.sub(r'msgid "talk.send"\nmsgstr.*\n', "", text), "ar/chat.po: talk.send is missing"),
    ("ar", "chat", lambda text: f'{text}\nmsgid "talk.never"\nmsgstr "x"\n', "talk.never does not stand in English"),
    ("en", "desk", lambda text: f'{text}\nmsgid "nobody.asks"\nmsgstr "x"\n', "en: nobody.asks is asked for by nobody"),
    ("ar", "tips", lambda text: text.replace("%(n)s", "%(m)s"), "ar/tips.po: note.busy has the places ['m']"),
    ("ar", "portal", lambda text: text.replace("nplurals=6", "nplurals=5"), "more translations than num_plurals"),
    ("ar", "portal", lambda text: text.replace("n==1 ? 1", "n==1 ? 2"), "its Plural-Forms put [1] elsewhere"),
    ("fr", "cards", lambda text: text.replace("Language: fr", "Language: es"), "its header names another language"),
    (
        "fr",
        "cards",
        lambda text: text.replace('msgid "cards.pay"', '#, fuzzy\nmsgid "cards.pay"'),
        "cards.pay is marked",
    ),
    (
        "fr",
        "cards",
        lambda text: text.replace('msgid "cards.pay"\nmsgstr "', 'msgid "cards.pay"\nmsgstr '),
        "fr/cards.po: cards.po: line",
    ),
    ("fr", "cards", lambda text: re.sub(r'(msgid "cards.pay"\nmsgstr ").*', r'\1"', text), "cards.pay has no words"),
]


@pytest.mark.parametrize(("tag", "domain", "change", "said"), SPOILED, ids=[case[3] for case in SPOILED])
def test_what_is_wrong_is_found(folder: Path, tag: str, domain: str, change: Callable[[str], str], said: str) -> None:
    spoil(folder, tag, domain, change)

    found = list(faults(every_phrase(), folder, [LANGUAGES["en"], LANGUAGES[tag]]))

    assert any(said in line for line in found), found


def test_a_phrase_a_template_asks_for_and_nobody_wrote_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('<p>{{ both("talk.send") }}</p>\n{{ t("talk.nothing." ~ n) }}\n')

    assert asked(tmp_path).missing({"talk.send"}) == {"talk.nothing.*": "templates/page.html:2"}


def test_words_are_signed_by_name_whole_by_catalogue_and_one_by_one(folder: Path) -> None:
    assert sign_words("ar", "A. Reader", ON, keys=["exit.limit"], folder=folder) == 1
    cards = sign_words("ar", "B. Reader", ON, domains=["cards"], folder=folder)
    state = state_of("ar", safety_keys(folder), folder)
    assert (state.signed, state.by, state.newest) == (cards + 1, ("A. Reader", "B. Reader"), "2026-12-01")

    assert sign_words("ar", "C. Reader", ON, folder=folder) == state.phrases
    assert state_of("ar", (), folder).signed == state.phrases
    assert take_back("ar", domains=["cards"], folder=folder) == cards
    assert read_review(folder / "ar").keys() & {"exit.limit", "cards.pay"} == {"exit.limit"}


def test_changed_words_fall_back_to_drafted_and_the_table_says_so(folder: Path) -> None:
    sign_words("ar", "A. Reader", ON, domains=["portal"], folder=folder)
    before = state_of("ar", (), folder)
    spoil(folder, "ar", "portal", lambda text: re.sub(r'(msgid "exit.limit"\nmsgstr ")', r"\1x", text))
    spoil(folder, "en", "portal", lambda text: re.sub(r'(msgid "home.lead"\nmsgstr ")', r"\1x", text))

    after = state_of("ar", (), folder)

    assert (after.signed, after.fallen_back) == (before.signed - 2, 2)
    assert "A. Reader, 2026-12-01" in list(table([after]))[1]


@pytest.mark.parametrize(
    ("tag", "by", "keys", "domains"),
    [
        ("ar", "  ", [], []),
        ("ar", "a\nb", [], []),
        ("ar", "A. Reader", ["no.such"], []),
        ("ar", "A. Reader", [], ["desk"]),
        ("es", "A. Reader", [], []),
    ],
)
def test_nobody_signs_what_is_not_there_or_without_a_name(
    folder: Path, tag: str, by: str, keys: list[str], domains: list[str]
) -> None:
    with pytest.raises(CannotSign):
        sign_words(tag, by, ON, keys=keys, domains=domains, folder=folder)
    assert read_review(folder / "ar") == {}


def test_the_commands_answer_with_lines_and_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["state"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(LANGUAGES) + 1
    assert main(["show", "exit.limit"]) == 0
    shown = capsys.readouterr().out
    assert "templates/layouts/public.html" in shown
    assert all(re.search(rf"^{tag} ", shown, re.MULTILINE) for tag in LANGUAGES)
    assert main(["show", "no.such"]) == 2


def every_note() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for key, note in notes().items():
        yield key, note.mark, note.lines


def test_the_words_of_safety_alone_can_be_signed(folder: Path) -> None:
    number = sign_words("ar", "A. Reader", ON, safety_alone=True, folder=folder)

    state = state_of("ar", safety_keys(folder), folder)
    assert number == state.safety_signed == state.safety > 100
    assert {mark for _, mark, _ in every_note()} == {"", SAFETY, SHOWN_ALONE}
