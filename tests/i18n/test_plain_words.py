"""Holds what a frightened person reads to short sentences and common words."""

from __future__ import annotations

import re

import pytest

from i18n.catalogue import Catalogue
from i18n.languages import ENGLISH, LANGUAGES

# The path of a person in need, page by page; numbers and names stand for themselves.
PAGES = {
    "home": ("home.", "live.", "strip."),
    "before you start": ("notice.",),
    "your words": ("privacy.",),
    "leaving": ("exit.",),
    "sorry": ("sorry.", "error."),
    "not open": ("closed.",),
    "hear": ("safety.",),
}
# Read first and most often in fear: one grade lower still.
FIRST = ("notice.danger", "notice.seen", "notice.leave", "exit.")

LONGEST_SENTENCE = 20
MEAN_SENTENCE = 12
LONG_NOTICE = (
    "danger danger_numbers seen seen_line leave leave_line window window_line clear clear_line who who_named keep",
    "keep_line tell tell_line choose choose_line drop drop_call start not_now tip",
)
# Names of phones' own menus, which are written as the phone writes them.
NOT_OURS = {"safety.hear_line", "notice.window_line"}

CATALOGUE = Catalogue.load()


def texts(beginnings: tuple[str, ...], tag: str = "en") -> dict[str, str]:
    """The wordings under these keys; a place for a number reads as one short word."""
    language = LANGUAGES[tag]
    return {
        key: re.sub(r"%\(\w+\)s", "5", CATALOGUE.plural_words(language, key, 5))
        if key in ("live.minutes", "live.busy", "notice.keep_line", "privacy.chat_wipe")
        else re.sub(r"%\(\w+\)s", "911", CATALOGUE.words(language, key))
        for key in CATALOGUE.keys(language)
        if key.startswith(beginnings)
    }


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?؟:])\s+", text) if re.search(r"\w", part)]


def syllables(word: str) -> int:
    """Groups of vowels, a silent last e left out: rough, and never too kind to long words."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if not word:
        return 1
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and groups > 1:
        groups -= 1
    if re.search(r"[^aeiouytd]ed$", word) and groups > 1:
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words = re.findall(r"[A-Za-z’']+|\d+", text)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_at_grade_five(page: str) -> None:
    whole = " ".join(
        text if text[-1] in ".?!:" else text + "." for key, text in texts(PAGES[page]).items() if key not in NOT_OURS
    )

    assert grade(whole) <= 5, f"{grade(whole):.1f}"


def test_what_is_read_first_is_easier_still() -> None:
    whole = " ".join(text if text[-1] in ".?!:" else text + "." for text in texts(FIRST).values())

    assert grade(whole) <= 3, f"{grade(whole):.1f}"


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_is_long(page: str, tag: str) -> None:
    # French and Spanish take more short words for the same sense.
    longest = LONGEST_SENTENCE if tag in ("en", "ar") else LONGEST_SENTENCE + 8
    long = [
        sentence
        for key, text in texts(PAGES[page], tag).items()
        if key not in NOT_OURS
        for sentence in sentences(text)
        if len(sentence.split()) > longest
    ]
    assert long == []


@pytest.mark.parametrize("page", PAGES)
def test_sentences_are_short_on_the_whole(page: str) -> None:
    lengths = [len(sentence.split()) for text in texts(PAGES[page]).values() for sentence in sentences(text)]

    assert sum(lengths) / len(lengths) <= MEAN_SENTENCE


def test_the_long_notice_has_at_most_270_words() -> None:
    """Requirements C1 to C11 of docs/safety.md, in their order, each at most three short sentences."""
    whole = texts(("notice.",))

    assert sum(len(whole[f"notice.{part}"].split()) for part in " ".join(LONG_NOTICE).split()) <= 270


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_exit_is_named_in_at_most_22_characters(tag: str) -> None:
    assert len(CATALOGUE.phrase(LANGUAGES[tag], "exit.label")) <= 22


def test_no_wording_scolds_or_labels_the_reader() -> None:
    forbidden = re.compile(r"\b(must not|invalid|forbidden|illegal|victim|failed|wrong input|error)\b", re.IGNORECASE)
    said = {key: text for key in CATALOGUE.keys(ENGLISH) if forbidden.search(text := CATALOGUE.words(ENGLISH, key))}

    assert {key for key in said if not key.startswith("desk.")} == set()
