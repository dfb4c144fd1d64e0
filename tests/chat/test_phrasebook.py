"""Holds that a sentence of the book is found by what it says in the desk's language, whoever has signed that."""

from __future__ import annotations

import pytest

from chat.cards import BESIDE, CARDS, Speech
from chat.phrasebook import Phrasebook
from i18n.languages import DESK_TAGS
from tests.support.rooms import words_and_files

SPEECH = Speech(words_and_files()[0])


@pytest.mark.parametrize("tag", DESK_TAGS)
def test_every_sentence_is_found_without_the_original_that_goes_out_below_it(tag: str) -> None:
    book = Phrasebook(SPEECH)

    assert not BESIDE.isdisjoint(CARDS)
    for name in CARDS:
        assert book.find(tag, "Robin", SPEECH.line(tag, f"cards.{name}", "Robin")) == name
    assert book.find(tag, "Robin", "Is there a place to sleep above the mill?") == ""
