"""The languages served: tag, own name, direction, and the order of their plural forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language as a visitor meets it."""

    tag: str
    """BCP 47 tag, also the first part of every public address."""
    own_name: str
    """Its name in its own script; a language is never named in another one, nor by a flag."""
    direction: Direction
    plurals: tuple[str, ...]
    """CLDR categories in the order of `msgstr[0]`, `msgstr[1]`, ... in its catalogue."""
    reviewed: bool
    """True once a native reader with knowledge of such hotlines has read every public phrase."""


# Two known gaps of tools are closed here, and held by a test. Babel's gettext table puts Arabic's last two forms as
# "other, many", while every translator's tool writes "many, other". French and Spanish have a `many` form that starts
# at a million: a catalogue may leave it out, and `other` answers for it.
_SERVED = (
    Language("en", "English", "ltr", ("one", "other"), reviewed=False),
    Language("fr", "Français", "ltr", ("one", "many", "other"), reviewed=False),
    Language("es", "Español", "ltr", ("one", "many", "other"), reviewed=False),
    Language("ar", "العربية", "rtl", ("zero", "one", "two", "few", "many", "other"), reviewed=False),
)

LANGUAGES: Mapping[str, Language] = {language.tag: language for language in _SERVED}
ENGLISH = LANGUAGES["en"]

DESK_TAGS = ("en", "fr")
"""The languages the desk itself speaks; staff answer visitors in many more."""

# The desk is read by trained staff; it speaks the two languages they share.
DESK_TAGS = ("en", "fr")


def find_language(tag: str) -> Language | None:
    """The served language with exactly this tag, or None."""
    return LANGUAGES.get(tag)
