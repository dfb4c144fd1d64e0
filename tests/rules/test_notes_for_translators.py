"""Holds every public phrase to a note that tells a translator where it stands and what stands in its places."""

from __future__ import annotations

import re

from i18n.catalogue import PUBLIC_DOMAINS
from i18n.upkeep.files import notes
from tests.support.catalogues import phrases

NOTES = {key: " ".join(note.lines) for key, note in notes().items()}
ENGLISH = {key: wordings[-1] for domain in PUBLIC_DOMAINS for key, wordings in phrases(domain, "en").items()}


def test_every_public_phrase_says_where_it_stands() -> None:
    assert {key for key in ENGLISH if not NOTES[key]} == set()


def test_every_place_in_a_phrase_is_told() -> None:
    untold = {
        (key, place)
        for key, words in ENGLISH.items()
        for place in re.findall(r"%\(\w+\)s", words)
        if place not in NOTES[key] and not re.search(r"See \w", NOTES[key])
    }
    assert untold == set()
