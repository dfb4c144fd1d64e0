"""Holds every sentence of safety and law to standing beside its original until somebody has signed its words."""

from __future__ import annotations

import re

from chat.cards import BESIDE as CARDS_BESIDE
from i18n.catalogue import PUBLIC_DOMAINS
from i18n.upkeep.files import SAFETY, SHOWN_ALONE, notes
from tests.support.catalogues import phrases
from tests.support.source import REPOSITORY

NOTES = notes()
BESIDE = {key for key, note in NOTES.items() if note.mark == SAFETY}
ALONE = {key for key, note in NOTES.items() if note.mark == SHOWN_ALONE}

# Asked for by a value alone: a list of lines, the note of a place, the answers that are consents.
NAMED_BY_VALUE = {
    "erased.text",
    "note.young.hint",
    "numbers.note.by_place",
    "numbers.note.if_down",
    "numbers.note.north",
    "numbers.note.nunavut",
    "numbers.unchecked",
}

# What has to be in one of the two whatever else is: danger, the way out and what stays, what is not so, people under
# 18, what she agrees to, erasing, and what a law or a court can do.
OF_SAFETY = re.compile(
    r"(exit|leaving|erase|erased)\.|notice\.\w+_line|talk\.start\.(?!heading|more)|note\.(young\.[hlt]|ok\.|who\.)"
)
OF_LAW = re.compile(r"\b(court|law|under 18|exceptions)\b", re.IGNORECASE)
# One of several steps or lists where such a word stands in passing.
IN_PASSING = {"note.signs.21", "note.work.28", "cards.choice.under18"}

CALLS = re.compile(r"""(?<![\w.])(both|bothn|original|originaln)\(\s*["']([\w.]+)["']\s*(~?)""")


def shown_beside() -> tuple[set[str], set[str]]:
    """The keys a template asks for with their originals, and the beginnings of such."""
    keys: set[str] = set()
    beginnings: set[str] = set()
    for path in sorted((REPOSITORY / "templates").rglob("*.html")):
        for _, key, goes_on in CALLS.findall(path.read_text("utf-8")):
            (beginnings if goes_on else keys).add(key)
    return keys, beginnings


def test_what_is_shown_with_its_original_is_marked_so_and_the_other_way_round() -> None:
    keys, beginnings = shown_beside()

    assert sorted(keys - BESIDE) == []
    in_the_chat = ("cards.", "translation.ask.")
    unshown = {key for key in BESIDE - keys if not key.startswith((*beginnings, *in_the_chat))}
    assert unshown == NAMED_BY_VALUE


def test_cards_of_limits_and_consent_are_sent_with_their_originals() -> None:
    assert {f"cards.{name}" for name in CARDS_BESIDE} == {key for key in BESIDE if key.startswith("cards.")}


def test_words_of_danger_leaving_limits_consent_and_law_are_marked() -> None:
    english = {key: wordings[-1] for domain in PUBLIC_DOMAINS for key, wordings in phrases(domain, "en").items()}
    wanted = {key for key, words in english.items() if OF_SAFETY.match(key) or OF_LAW.search(words)}

    assert len(wanted) > 60
    assert sorted(wanted - BESIDE - ALONE - IN_PASSING) == []


def test_a_mark_stands_on_public_words_alone_and_on_what_exists() -> None:
    assert {NOTES[key].domain for key in BESIDE | ALONE} <= set(PUBLIC_DOMAINS)
    assert len(BESIDE) > 100
