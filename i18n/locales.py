"""Finds what CLDR knows of a language, through Babel; for one it does not know, English answers."""

from __future__ import annotations

from functools import cache

from babel.core import Locale, UnknownLocaleError

_ENGLISH = Locale("en")


def locale_of(tag: str) -> Locale:
    """The locale of a tag; of its language alone where there is none for it; else English.

    Babel has none for most dialects of Cree and Ojibwe, for Inuinnaqtun, or for Dari.
    """
    return _found(tag) or _ENGLISH


def is_known(tag: str) -> bool:
    """Whether CLDR knows this language by itself."""
    return _found(tag) is not None


@cache
def names_days(tag: str) -> bool:
    """Whether months and days have names in this language: some locales are there and hold only numbers, or English."""
    locale = locale_of(tag)
    if not is_known(tag) or str(locale.months["format"]["wide"][1]).startswith("M0"):
        return False
    return locale.language == "en" or locale.days["format"]["wide"][0] != _ENGLISH.days["format"]["wide"][0]


@cache
def _found(tag: str) -> Locale | None:
    for wanted in (tag, tag.split("-", 1)[0]):
        try:
            return Locale.parse(wanted, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None
