"""What one piece of the library says in one language: a page, a news item or an entry of the shelf."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

LONGEST: Final = {"title": 90, "summary": 240, "body": 8000, "sources": 400}
"""Characters of each part."""

_FENCE: Final = "---\n"
_TOLD: Final = frozenset({"title", "summary", "checked", "sources"})


class Section(StrEnum):
    """Where a piece stands. The first two are pages to read; the others the five parts of the shelf."""

    KNOW = "know"
    HOUSE = "house"
    REPORTS = "reports"
    RELEASES = "releases"
    LINKS = "links"
    LAWS = "laws"
    TRAINING = "training"


PAGES: Final = frozenset({Section.KNOW, Section.HOUSE, Section.RELEASES})
"""Sections whose pieces have an address of their own; those of the others are entries with a link."""

SHELF: Final = (Section.REPORTS, Section.RELEASES, Section.LINKS, Section.LAWS, Section.TRAINING)


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a piece. `body` is Markdown, empty for an entry; `link` an address, empty for a page.

    `checked` is the day its facts were last held to `sources`, as YYYY-MM-DD. `of` is the digest of the original it
    was translated from, empty for an original. `place`: a country whose readers alone it is for, empty: all.
    """

    title: str
    section: Section
    summary: str = ""
    body: str = ""
    link: str = ""
    place: str = ""
    checked: str = ""
    sources: str = ""
    of: str = ""

    @property
    def digest(self) -> str:
        """What a translation names as its original: it changes with the words, and with nothing else."""
        said = "\0".join((self.title, self.summary, self.body, self.link))
        return sha256(said.encode()).hexdigest()[:16]


def read_file(text: str, section: Section) -> Text:
    """A page as it ships: lines `name: words` between two fences, Markdown below. Raises ValueError."""
    opening, head, body = text.split(_FENCE, 2)
    if opening:
        raise ValueError("a page begins with its fence")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    if not _TOLD <= told.keys() <= _TOLD | {"of"}:
        raise ValueError("a page says its title, summary, day of checking and sources")
    return Text(**told, body=body.strip() + "\n", section=section)
