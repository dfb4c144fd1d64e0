"""Holds the desk to knowing a region by every name the house has for it, and no two regions by one."""

from __future__ import annotations

from chat.pages.desk import names_of
from i18n.languages import LANGUAGES
from portal.numbers import numbers
from tests.support.rooms import words_and_files


def test_a_name_in_any_language_means_one_region() -> None:
    catalogue = words_and_files()[0]
    meant: dict[str, set[str]] = {}
    for region in numbers().regions:
        names = names_of(region, catalogue)
        # "Another place" is no place: nobody who writes it is to be given a number.
        assert bool(names) == bool(region.country), region.id
        for name in names:
            meant.setdefault(name.casefold(), set()).add(region.id)
        for language in LANGUAGES.values():
            assert not region.country or catalogue.phrase(language, f"region.{region.id}") in names

    assert {name: regions for name, regions in meant.items() if len(regions) > 1} == {}
    assert all("|" not in name for name in meant)
