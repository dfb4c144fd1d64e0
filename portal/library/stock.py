"""Decides what a reader of a language is shown: a version of the staff's, what ships, or the original, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from i18n.languages import LANGUAGES, Language
from portal.library import shipped
from portal.library.text import PAGES, Section, Text

AWAY: Final = -1
"""In place of a version: this piece is not shown in this language."""

SHIPPED: Final = 0
"""The version that ships."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which version of a piece a language shows, and who read it through in that language (empty: nobody yet)."""

    number: int
    text: Text | None
    reader: str = ""
    read_on: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece as one reader gets it: the words, the language they are in, and where a newer original is, if one is."""

    name: str
    text: Text
    language: Language
    newer: Language | None = None


@dataclass(frozen=True)
class Stock:
    """All pieces, and what the staff chose to show in place of what ships: name -> language -> version."""

    chosen: Mapping[str, Mapping[str, Shown]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every piece: those that ship, then those the staff made."""
        return tuple(dict.fromkeys((*shipped.texts(), *self.chosen)))

    @property
    def pages(self) -> tuple[str, ...]:
        """Every piece that has an address of its own."""
        return tuple(name for name in self.names if (first := self.original(name)) and first[1].section in PAGES)

    def shown(self, name: str, tag: str) -> Shown:
        """What stands in this language, without stepping in for it."""
        chosen = self.chosen.get(name, {}).get(tag)
        if chosen is not None:
            return chosen
        return Shown(SHIPPED, shipped.texts().get(name, {}).get(tag))

    def original(self, name: str) -> tuple[str, Text] | None:
        """The language and words that translations follow: English, else the first that is shown."""
        for tag in ("en", *LANGUAGES):
            text = self.shown(name, tag).text
            if text is not None:
                return tag, text
        return None

    def is_stale(self, name: str, tag: str) -> bool:
        """Whether these words were translated from an original that reads otherwise by now."""
        original, here = self.original(name), self.shown(name, tag).text
        return original is not None and here is not None and tag != original[0] and here.of != original[1].digest

    def read(self, name: str, tag: str) -> Reading | None:
        """The piece for a reader of this language: her own words, else the original; None where there is none."""
        original = self.original(name)
        if original is None:
            return None
        here = self.shown(name, tag).text
        if here is None:
            return Reading(name, original[1], LANGUAGES[original[0]])
        newer = LANGUAGES[original[0]] if self.is_stale(name, tag) else None
        return Reading(name, here, LANGUAGES[tag], newer)

    def of(self, sections: Iterable[Section], tag: str) -> tuple[Reading, ...]:
        """Every piece of these sections for a reader of this language; news newest first, all else in its order."""
        wanted = tuple(sections)
        found = [each for name in self.names if (each := self.read(name, tag)) and each.text.section in wanted]
        if wanted == (Section.RELEASES,):
            found.sort(key=lambda each: each.text.checked, reverse=True)
        return tuple(found)
