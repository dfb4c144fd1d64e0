"""Knows whom to call in each place: emergency numbers and helping lines, each with its source and day of checking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).parent / "data" / "emergency.json"


class Way(msgspec.Struct, frozen=True):
    """One way to reach a number: a voice call, a text (`word` is what to write), a text telephone (relay), or without
    a voice by a program for messages (chat; `word` is its name).
    """

    kind: Literal["call", "text", "relay", "chat"]
    number: str
    word: str = ""


class Emergency(msgspec.Struct, frozen=True):
    """An emergency number. `name_key` is a phrase; `place` is a town's name where the number is that town's own."""

    name_key: str
    ways: tuple[Way, ...]
    place: str = ""


class Line(msgspec.Struct, frozen=True):
    """A helping line under its own name; `purpose` is a phrase, `source` says who published the number, and `checked`
    the day on which that was last read.
    """

    name: str
    purpose: str
    ways: tuple[Way, ...]
    source: str
    checked: date


class Region(msgspec.Struct, frozen=True):
    """A place with its own rule. No `emergency` means: none that we could check; then `notes` say what to do.

    `checked` is the day on which `source` was last read for its emergency numbers and notes, None where it names none.
    `also`: other names people write for it, beside the phrase `region.<id>` in each language.
    """

    id: str
    country: str
    emergency: tuple[Emergency, ...]
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    source: str
    checked: date | None = None
    also: tuple[str, ...] = ()


class Country(msgspec.Struct, frozen=True):
    """A country with the lines that answer in all of it. `beside`: others that a house in it also names.

    `partners`: countries whose lines against trafficking work together with its own, and are shown beside it.
    """

    id: str
    lines: tuple[Line, ...]
    beside: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()


class Numbers(msgspec.Struct, frozen=True):
    """The whole file."""

    countries: tuple[Country, ...]
    regions: tuple[Region, ...]

    @property
    def checked(self) -> date:
        """The day since which every source was read: the earliest of all."""
        days = [line.checked for _, line in self.lines()]
        return min((*days, *(region.checked for region in self.regions if region.checked is not None)))

    def lines(self) -> tuple[tuple[str, Line], ...]:
        """Every helping line, each with the country or region it is for."""
        places = [(each.id, each.lines) for each in self.countries] + [(each.id, each.lines) for each in self.regions]
        return tuple((place, line) for place, lines in places for line in lines)

    def partners(self, country_id: str) -> tuple[tuple[str, Line], ...]:
        """The first line, the one against trafficking, of each country that works with this one; by country."""
        return tuple((each, self.country(each).lines[0]) for each in self.country(country_id).partners)

    def region(self, region_id: str) -> Region | None:
        """The region with this id, or None for one we do not know."""
        return next((region for region in self.regions if region.id == region_id), None)

    def country(self, country_id: str) -> Country:
        """The country with this id; one without lines where we know none."""
        return next((country for country in self.countries if country.id == country_id), Country(country_id, ()))

    def is_near(self, region_id: str, here_id: str) -> bool:
        """Whether a house in this region names that one to whoever says where something happened.

        All, where nobody knows where the house is. A list of another country's provinces helps nobody, and says to a
        reader in Lisbon that she is at the wrong place.
        """
        here, there = self.region(here_id), self.region(region_id)
        if here is None or there is None or not here.country or not there.country:
            return True
        return there.country == here.country or there.country in self.country(here.country).beside

    def regions_of(self, country_id: str) -> tuple[Region, ...]:
        """The regions of a country, in the file's order; the whole is left out where there are parts."""
        all_of_it = tuple(region for region in self.regions if region.country == country_id)
        parts = tuple(region for region in all_of_it if region.id != country_id)
        return parts or all_of_it


@cache
def numbers() -> Numbers:
    """The numbers as shipped; read once."""
    return msgspec.json.decode(FILE.read_bytes(), type=Numbers)


def region_ids() -> Iterable[str]:
    """Every region an operator may choose; its name is the phrase `region.<id>`."""
    return [region.id for region in numbers().regions]


def one_number(region: Region | None) -> str | None:
    """The number of the thin strip, where the region is known and has one; its exceptions are on the numbers page."""
    if region is None or not region.emergency:
        return None
    first = region.emergency[0].ways[0]
    return first.number if first.kind == "call" else None
