"""Lays a shown table out for a page: its rows in words, and the same as bars with their places in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from i18n import formats
from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES, Language
from i18n.spoken import SPOKEN
from portal.figures.release import ShownTable
from portal.figures.shape import OTHER

WIDTH: Final = 320  # of the picture, in its own measure; about as many points on a small phone
ROW: Final = 40
BAR: Final = 14
# A row of a table that has words in another room of the catalogue, by the table's name.
_WORDS: Final = {"region": "region.{}", "needs": "counts.needs.{}"}
_KINDS: Final = {"labour": "note.kind.1", "sex": "note.kind.2", "both": "note.kind.3", "other": "note.kind.4"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name in words, and its count. `is_rest`: all that is not shown, together. No count: not shown."""

    name: str
    count: int | None
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A row as it stands in the picture. `top`: where its words stand, `width`: how long its bar is."""

    row: Row
    top: int
    width: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The bars of a table, and how high the picture is."""

    bars: tuple[Bar, ...]
    height: int


def picture(rows: Sequence[Row]) -> Picture:
    """Bars in the order of the rows, the longest as wide as the picture; one of a count that is not shown is empty."""
    most = max((row.count or 0 for row in rows), default=0) or 1
    bars = tuple(Bar(row, at * ROW + 16, round((row.count or 0) * WIDTH / most)) for at, row in enumerate(rows))
    return Picture(bars, ROW * len(rows))


def rows_in_words(catalogue: Catalogue, language: Language, name: str, table: ShownTable) -> list[Row]:
    """The rows of a public table in this language, the greatest first, what is not shown last."""
    rows = [Row(row_name(catalogue, language, name, row), count) for row, count in table.rows.items()]
    rows.sort(key=lambda row: -(row.count or 0))
    if table.rest:
        rows.append(Row(catalogue.phrase(language, "counts.rest"), table.rest, is_rest=True))
    return rows


def row_name(catalogue: Catalogue, language: Language, table: str, row: str) -> str:
    """What a row is called in this language."""
    if row == OTHER:
        return catalogue.phrase(language, "counts.rest")
    if table == "language":
        return _language(row, language)
    return catalogue.phrase(language, _KINDS[row] if table == "kind" else _WORDS[table].format(row))


def _language(tag: str, language: Language) -> str:
    if tag in LANGUAGES:
        return formats.named(tag, language.tag)
    return SPOKEN[tag].own_name if tag in SPOKEN else tag
