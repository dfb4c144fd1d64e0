"""A card says one service in the person's language, with numbers as plain text and no secret address."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from i18n.catalogue import PUBLIC_DOMAINS
from i18n.languages import LANGUAGES
from portal.directory.book import Listed
from portal.directory.card import Cards
from portal.directory.entry import Open, Service
from tests.portal.directory.conftest import HAVEN, LAWYER, SHELTER
from tests.support.rooms import words_and_files

TAGS = tuple(LANGUAGES) if "services" in PUBLIC_DOMAINS else ("en", "fr")


def card(service: Service, tag: str) -> str:
    at = Listed(bytes(16), service, bytes(16), HAVEN, "2026-01-01", b"", is_stale=False)
    return Cards(words_and_files()[0]).text(LANGUAGES[tag], at, "CA")


@pytest.mark.parametrize("tag", TAGS)
def test_a_card_stands_in_every_language_with_its_number_apart_and_no_secret_address(tag: str) -> None:
    said = card(SHELTER, tag)
    assert "\u20661-807-555-0142\u2069" in said
    assert "Hidden Lane" not in said
    assert "tel:" not in said
    assert "%(" not in said
    assert "Français" in said
    assert len(said) < 1500
    assert "12 Hidden Lane" in card(replace(SHELTER, shows_address=True), tag)


def test_words_nobody_translated_stand_in_their_own_and_it_is_said() -> None:
    said = card(replace(LAWYER, hours=(Open((0, 4), 540, 1020),)), "en")
    assert "These words are only in \u2068Français\u2069:\nAvocats pour les personnes sans papiers." in said
    assert "Open: Monday, Friday" in said
    assert "It is free." in said
    assert "only in" not in card(SHELTER, "en")
    assert "Un lit sûr, jour et nuit." in card(SHELTER, "fr")
    assert card(SHELTER, "fr").count("Ces mots sont seulement en") == 1  # how to reach it safely
