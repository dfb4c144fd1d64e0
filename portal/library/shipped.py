"""Knows what ships: version 0 of every page in every language, and the entries of the shelf with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from i18n.languages import LANGUAGES
from portal.library.text import Section, Text, read_file

PAGES: Final = Path(__file__).parent / "pages"
ENTRIES: Final = Path(__file__).parents[1] / "data" / "library.json"

# In the order of the list of pages. Dull words, for they stand in addresses.
CORE: Final[Mapping[str, Section]] = MappingProxyType(
    {
        "basics": Section.KNOW,
        "details": Section.KNOW,
        "work": Section.KNOW,
        "friend": Section.KNOW,
        "online": Section.KNOW,
        "ideas": Section.KNOW,
        "about": Section.HOUSE,
        "values": Section.HOUSE,
    }
)


class Entry(msgspec.Struct, frozen=True):
    """One entry of the shelf. `tongue` is what it is written in, `about` a line on it by language.

    `law` is the law's name where it is one; `url` is empty where no address could be checked.
    """

    id: str
    section: Section
    title: str
    about: Mapping[str, str]
    source: str
    checked: str
    tongue: str = "en"
    place: str = ""
    url: str = ""
    law: str = ""


class Rule(msgspec.Struct, frozen=True):
    """A law that the house itself keeps where it stands: in a whole country, or in one region of it."""

    law: Mapping[str, str]
    region: str
    source: str
    checked: str


class Shipped(msgspec.Struct, frozen=True):
    """The whole file of entries and rules."""

    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...]

    def rules_for(self, region: str) -> tuple[Rule, ...]:
        """Those that hold in this region (`ca-on`) or in the country around it (`ca`)."""
        return tuple(rule for rule in self.rules if region == rule.region or region.startswith(f"{rule.region}-"))


@cache
def shipped() -> Shipped:
    """The entries as shipped; read once."""
    return msgspec.json.decode(ENTRIES.read_bytes(), type=Shipped)


@cache
def texts() -> Mapping[str, Mapping[str, Text]]:
    """Every piece that ships, by its name and then by language: the core pages, then the entries."""
    found: dict[str, Mapping[str, Text]] = {
        name: {
            tag: read_file(path.read_text("utf-8"), section)
            for tag in LANGUAGES
            if (path := PAGES / tag / f"{name}.md").is_file()
        }
        for name, section in CORE.items()
    }
    for entry in shipped().entries:
        found[entry.id] = {tag: _entry(entry, tag) for tag in entry.about}
    return MappingProxyType(found)


def _entry(entry: Entry, tag: str) -> Text:
    original = "" if tag == "en" else _entry(entry, "en").digest
    return Text(
        title=entry.title,
        section=entry.section,
        summary=entry.about[tag],
        link=entry.url,
        place=entry.place,
        checked=entry.checked,
        sources=entry.source,
        of=original,
    )
