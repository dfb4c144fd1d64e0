"""What is spoken on the phone is named apart from what is read: every page has its ways, and each its own name."""

from __future__ import annotations

import pytest

from i18n.languages import KNOWN, LANGUAGES
from i18n.spoken import SPOKEN, is_spoken, spoken_of


@pytest.mark.parametrize("tag", [each.tag for each in KNOWN])
def test_every_page_can_be_spoken_about(tag: str) -> None:
    ways = spoken_of(tag)
    assert ways
    written = next(each for each in KNOWN if each.tag == tag)
    assert {each.direction for each in ways} == {written.direction}


def test_mandarin_and_cantonese_are_read_alike_and_spoken_apart() -> None:
    for tag in ("zh-Hans", "zh-Hant"):
        assert [each.tag for each in spoken_of(tag)] == ["cmn", "yue"]
    assert [each.tag for each in spoken_of("fa")] == ["fa", "prs"]
    assert [each.tag for each in spoken_of("es")] == ["es"]
    assert is_spoken("yue", "zh-Hant")
    assert not is_spoken("yue", "es")
    assert not is_spoken("zh-Hans", "zh-Hans")  # nobody speaks a script


def test_names_and_tags_are_their_own() -> None:
    assert len({each.own_name for each in SPOKEN.values()}) == len(SPOKEN)
    assert {tag for each in SPOKEN.values() for tag in each.written} == {each.tag for each in KNOWN} >= set(LANGUAGES)
