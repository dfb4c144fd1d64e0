"""Finds the words for a phrase key in a language."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from babel.core import Locale

from i18n import formats
from i18n.languages import CATALOGUES, ENGLISH, LANGUAGES, Language
from i18n.po import Entry, read_po

PUBLIC_DOMAINS = ("portal", "chat", "cards", "tips", "tongue")
"""The catalogues a visitor reads, one for each room. All others are the desk's, in its own languages alone."""

_log = logging.getLogger("porchlight.i18n")


class MissingPhrase(KeyError):
    """A phrase key that has no words in a language."""


class Catalogue:
    """Every phrase of every served language, merged over the rooms.

    Strict (the default): a key without words raises `MissingPhrase`, so no test can pass over a gap. Not strict, for a
    running hotline: the English words answer and the gap is logged by its key, because a person in need is better
    helped by an English line than by an error page.
    """

    def __init__(self, words: Mapping[str, Mapping[str, Entry]], *, strict: bool = True) -> None:
        self._words = words
        self._strict = strict

    @classmethod
    def load(cls, folder: Path = CATALOGUES, *, strict: bool = True) -> Catalogue:
        """Read every `<tag>/LC_MESSAGES/*.po` below `folder`. Raises `i18n.po.BrokenPo`."""
        words: dict[str, dict[str, Entry]] = {}
        for tag in LANGUAGES:
            words[tag] = {}
            for path in sorted((folder / tag / "LC_MESSAGES").glob("*.po")):
                words[tag].update(read_po(path.read_text(encoding="utf-8"), path.name))
        return cls(words, strict=strict)

    def phrase(self, language: Language, key: str, **values: object) -> str:
        """The words for `key`, its `%(name)s` places filled. Raises MissingPhrase, KeyError for a place left empty."""
        return fill(self.words(language, key), values)

    def plural(self, language: Language, key: str, number: int, **values: object) -> str:
        """The words for `key` in the plural form that `number` asks for; `%(n)s` is the number itself."""
        return fill(self.plural_words(language, key, number), {"n": formats.number(language, number), **values})

    def words(self, language: Language, key: str) -> str:
        """The words for `key`, unfilled."""
        return self._entry(language, key)[1].forms[0]

    def plural_words(self, language: Language, key: str, number: int) -> str:
        """The words for `key` in the form `number` asks for, unfilled."""
        spoken, entry = self._entry(language, key)
        return entry.forms[form_index(spoken, number, len(entry.forms))]

    def has(self, language: Language, key: str) -> bool:
        """Whether `key` has words of its own in this language."""
        return key in self._words[language.tag]

    def keys(self, language: Language) -> Iterable[str]:
        """Every key with words in this language."""
        return self._words[language.tag].keys()

    def _entry(self, language: Language, key: str) -> tuple[Language, Entry]:
        entry = self._words[language.tag].get(key)
        if entry is not None:
            return language, entry
        if self._strict:
            raise MissingPhrase(f"{key} has no words in {language.tag}")
        _log.error("phrase_missing key=%s language=%s", key, language.tag)
        return ENGLISH, self._words[ENGLISH.tag].get(key) or Entry((key,))


def fill(words: str, values: Mapping[str, object]) -> str:
    """Fill the `%(name)s` places of a phrase. A phrase without places may hold a bare percent sign."""
    return words % values if "%(" in words else words


def form_index(language: Language, number: int, forms: int) -> int:
    """Which of `forms` plural forms of a catalogue `number` takes."""
    categories = _categories(language, forms)
    category = _plural_form(language.tag)(number)
    return categories.index(category if category in categories else categories[-1])


def _categories(language: Language, forms: int) -> tuple[str, ...]:
    """The category of each form."""
    if forms == len(language.plurals):
        return language.plurals
    fewer = tuple(category for category in language.plurals if category != language.rare)
    if forms == len(fewer):
        return fewer
    raise MissingPhrase(f"{forms} plural forms in {language.tag}, wanted {len(language.plurals)}")


@lru_cache(maxsize=len(LANGUAGES))
def _plural_form(tag: str):  # type: ignore[no-untyped-def]  # Babel's PluralRule, a callable number -> category
    return Locale.parse(tag, sep="-").plural_form
