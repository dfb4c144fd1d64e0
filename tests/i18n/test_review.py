"""Holds a signature to the words it was put under: whoever changes them, in English or here, takes it away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from i18n.catalogue import Catalogue
from i18n.languages import CATALOGUES, ENGLISH, LANGUAGES
from i18n.po import Entry
from i18n.review import FILE, BrokenReview, Signature, digest, read_review, sign, standing, write_review

ON = date(2026, 12, 1)
ENGLISH_WORDS = {"exit.limit": Entry(("Leaving does not clear history.",)), "live.minutes": Entry(("one", "many"))}
OWN_WORDS = {"exit.limit": Entry(("Salir no borra el historial.",)), "live.minutes": Entry(("uno", "muchos"))}
SPANISH = LANGUAGES["es"]


def signed() -> dict[str, Signature]:
    return {key: sign(ENGLISH_WORDS[key], OWN_WORDS[key], by="A. Reader", on=ON) for key in ENGLISH_WORDS}


def test_a_signature_stands_while_both_wordings_stand() -> None:
    assert standing(signed(), ENGLISH_WORDS, OWN_WORDS, ENGLISH_WORDS) == {"exit.limit", "live.minutes"}


@pytest.mark.parametrize(
    ("english", "own"),
    [
        ({"live.minutes": Entry(("one", "more"))}, {}),
        ({}, {"live.minutes": Entry(("una", "muchos"))}),
        ({}, {"live.minutes": Entry(("uno",))}),
        ({}, {"live.minutes": Entry(("uno", "muchos", "muchos"))}),
    ],
)
def test_a_change_of_either_wording_makes_it_drafted_again(english: dict[str, Entry], own: dict[str, Entry]) -> None:
    left = standing(signed(), ENGLISH_WORDS | english, OWN_WORDS | own, ENGLISH_WORDS)

    assert left == {"exit.limit"}


def test_a_phrase_that_is_gone_is_not_signed() -> None:
    assert standing(signed(), ENGLISH_WORDS, {}, ENGLISH_WORDS) == frozenset()


def test_the_parts_of_a_wording_cannot_be_shifted_between_its_forms() -> None:
    assert digest(Entry(("ab", "c"))) != digest(Entry(("a", "bc"))) != digest(Entry(("abc",)))


def test_what_is_written_is_read_again_a_line_for_each(tmp_path: Path) -> None:
    write_review(tmp_path, signed())

    assert read_review(tmp_path) == signed()
    lines = (tmp_path / FILE).read_text("utf-8").splitlines()
    assert len(lines) == len(ENGLISH_WORDS) + 2
    write_review(tmp_path, {})
    assert read_review(tmp_path) == {}


def test_no_file_means_that_nobody_has_signed(tmp_path: Path) -> None:
    assert read_review(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    [
        "words",
        "[]",
        '{"exit.limit": "A. Reader"}',
        '{"exit.limit": {"by": "A. Reader", "on": "2026-12-01", "english": "0"}}',
        '{"exit.limit": {"by": "", "on": "2026-12-01", "english": "0", "own": "0"}}',
        '{"exit.limit": {"by": "A. Reader", "on": "soon", "english": "0", "own": "0"}}',
        '{"exit.limit": {"by": 7, "on": "2026-12-01", "english": "0", "own": "0"}}',
    ],
)
def test_a_broken_file_is_refused_and_signs_nothing_in_a_running_house(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / FILE).write_text(text, "utf-8")

    with pytest.raises(BrokenReview, match=r"es/review\.json"):
        read_review(tmp_path / "es")
    running = Catalogue.load(tmp_path, strict=False)
    assert running.signed(SPANISH) == frozenset()
    assert "review_unreadable language=es" in caplog.text


def made(by_key: dict[str, Signature], original: str = "en") -> Catalogue:
    words = {"en": ENGLISH_WORDS, "es": OWN_WORDS, "fr": {"exit.limit": Entry(("Quitter",))}}
    return Catalogue(words, signed={"es": by_key}, original=LANGUAGES[original], public=ENGLISH_WORDS)


def test_the_original_stands_beside_what_nobody_has_signed_and_nothing_beside_the_source() -> None:
    half = {"exit.limit": signed()["exit.limit"]}

    assert made({}).beside(SPANISH, "exit.limit") is ENGLISH
    assert made({}, "fr").beside(SPANISH, "exit.limit") is LANGUAGES["fr"]
    assert made({}, "fr").beside(SPANISH, "live.minutes") is ENGLISH  # French has no words for it
    assert made({}, "fr").beside(LANGUAGES["fr"], "exit.limit") is ENGLISH
    assert made(half).beside(SPANISH, "exit.limit") is None
    assert made(half).beside(SPANISH, "live.minutes") is ENGLISH
    assert made({}).beside(ENGLISH, "exit.limit") is None


def test_a_language_is_read_when_every_public_word_of_it_is_signed() -> None:
    assert not made({}).is_read(SPANISH)
    assert not made({"exit.limit": signed()["exit.limit"]}).is_read(SPANISH)
    assert made(signed()).is_read(SPANISH)
    assert made({}).is_read(ENGLISH)


def test_every_signature_in_the_tree_stands_for_a_phrase() -> None:
    catalogue = Catalogue.load()
    for tag, language in LANGUAGES.items():
        assert read_review(CATALOGUES / tag).keys() <= set(catalogue.keys(language)), tag
