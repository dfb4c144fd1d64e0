"""Holds the numbers to being whole, sourced and never blank."""

from __future__ import annotations

from datetime import date

import pytest

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal.numbers import Region, numbers, one_number, region_ids

REGIONS = numbers().regions


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.id)
def test_a_region_has_a_number_or_says_what_to_do(region: Region) -> None:
    assert region.emergency or region.notes
    assert region.source or not region.emergency, "a number without a source may not ship"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_everything_shown_has_words_in_every_language(tag: str) -> None:
    known, catalogue, language = numbers(), Catalogue.load(), LANGUAGES[tag]
    keys = {f"region.{region.id}" for region in known.regions} | {f"region.{country.id}" for country in known.countries}
    keys |= {note for region in known.regions for note in region.notes}
    keys |= {number.name_key for region in known.regions for number in region.emergency}
    lines = [line for country in known.countries for line in country.lines]
    lines += [line for region in known.regions for line in region.lines]
    keys |= {line.purpose for line in lines}

    assert [key for key in keys if not catalogue.has(language, key)] == []
    assert [line.name for line in lines if not line.source] == []


def test_the_thin_strip_names_a_number_only_where_there_is_one() -> None:
    known = numbers()

    assert one_number(known.region("ca-bc")) == "911"
    assert one_number(known.region("ca-nt")) == "911"
    assert one_number(known.region("ca-nu")) is None, "Nunavut has no 911"
    assert one_number(known.region("ca-on")) == "911"
    assert one_number(known.region("mx")) == "911"
    assert one_number(known.region("gb")) is None, "no source was read for it"
    assert one_number(None) is None


def test_the_north_is_as_its_sources_say() -> None:
    """911 since 2019 in the Northwest Territories, with local numbers for when it is down; none in Nunavut."""
    northwest = numbers().region("ca-nt")
    assert northwest is not None
    assert [way.number for number in northwest.emergency for way in number.ways] == [
        "911",
        "867-669-1111",
        "867-777-1111",
    ]
    nunavut = numbers().region("ca-nu")
    assert nunavut is not None
    assert nunavut.emergency == ()


def test_the_day_of_checking_is_known() -> None:
    assert numbers().checked <= date(2026, 11, 30)
    assert len(set(region_ids())) == len(REGIONS) == 19
