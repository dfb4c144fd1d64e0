"""Languages are found at the desk by the name they have there, their own behind it, in the order of the alphabet."""

from __future__ import annotations

import pytest

from i18n.languages import DESK_TAGS, LANGUAGES
from i18n.naming import in_both, listed
from i18n.spoken import SPOKEN

OWN_NAMES = {tag: each.own_name for tag, each in SPOKEN.items()}
OWN_NAMES |= {tag: each.own_name for tag, each in LANGUAGES.items()}


@pytest.mark.parametrize("tongue", DESK_TAGS)
@pytest.mark.parametrize("tags", [list(LANGUAGES), list(SPOKEN)], ids=["served", "spoken"])
def test_every_language_has_a_line_of_its_own_that_ends_in_its_own_name(tongue: str, tags: list[str]) -> None:
    lines = dict(listed(tongue, tags))

    assert set(lines) == set(tags)
    assert len(set(lines.values())) == len(tags)
    assert [tag for tag in tags if not lines[tag].casefold().endswith(OWN_NAMES[tag].casefold())] == []


def test_the_order_is_that_of_the_desks_alphabet_whatever_the_accent() -> None:
    order = [tag for tag, _ in listed("fr", ["en", "th", "iu", "zh-Hant", "es", "ar"])]
    assert order == ["en", "ar", "zh-Hant", "es", "iu", "th"]


@pytest.mark.parametrize(
    ("tag", "tongue", "line"),
    [
        ("pa", "en", "Punjabi · ਪੰਜਾਬੀ"),
        ("pa", "fr", "Pendjabi · ਪੰਜਾਬੀ"),
        ("en", "en", "English"),
        ("tl", "fr", "Tagalog"),
        ("prs", "fr", "Dari · دری"),
        ("cmn", "en", "Mandarin · 普通话 / 國語"),
        ("ciw", "en", "Anishinaabemowin"),
    ],
)
def test_a_name_is_said_in_both_languages_and_once_where_they_say_the_same(tag: str, tongue: str, line: str) -> None:
    assert in_both(tag, tongue) == line
