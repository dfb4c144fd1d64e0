"""Reads the labels of tips: short words, folded so that each is written one way, and never many."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from portal.web.sanitise import tidy_text

LONGEST: Final = 30
"""Letters of one label."""

MOST: Final = 10
"""Labels on one tip: with eight people asked beside them its card still is of the smallest step."""

MOST_OF_THE_HOUSE: Final = 40
"""Labels on the list the house keeps."""

# Commas as they are typed in the scripts the desk's staff write in, and new lines.
_BETWEEN: Final = re.compile(r"[,،、;؛\n]")


@dataclass(frozen=True)
class Change:
    """What one press changes of a tip's labels."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def read_label(typed: str) -> str:
    """One label as it is kept: one line, small letters; nothing where it holds no letter and no digit."""
    tidy = unicodedata.normalize("NFKC", tidy_text(typed))
    folded = unicodedata.normalize("NFC", " ".join(tidy.casefold().split()))
    return folded if any(unicodedata.category(char)[0] in "LN" for char in folded) else ""


def read_labels(typed: str) -> tuple[str, ...]:
    """Each label once, in the order it was typed, between commas or on lines of their own. They may be too long."""
    return tuple(dict.fromkeys(label for each in _BETWEEN.split(typed) if (label := read_label(each))))


def are_short(labels: Iterable[str]) -> bool:
    """Whether each of them fits."""
    return all(len(label) <= LONGEST for label in labels)


def change(had: Iterable[str], ticked: Iterable[str], typed: Iterable[str]) -> Change:
    """What was changed on a page that showed `had`: so two who change other labels at once undo nothing."""
    before, chosen = tuple(had), (*ticked, *typed)
    return Change(
        tuple(dict.fromkeys(label for label in chosen if label not in before)),
        tuple(label for label in before if label not in chosen),
    )


def fit(stand: Iterable[str], change: Change) -> bool:
    """Whether a tip that has these labels has room for the change."""
    return len({*stand} - {*change.removed} | {*change.added}) <= MOST
