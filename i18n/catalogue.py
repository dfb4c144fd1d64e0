"""Finds the words for a phrase key in a language."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from i18n import formats
from i18n.languages import CATALOGUES, ENGLISH, LANGUAGES, Language
from i18n.locales import locale_of
from i18n.po import Entry, read_po
from i18n.review import BrokenReview, Signature, read_review, standing

PUBLIC_DOMAINS = (
    "portal",
    "chat",
    "cards",
    "tips",
    "tongues",
    "translation",
    "afterwards",
    "library",
    "services",
    "counts",
)
"""The catalogues a visitor reads, one for each room. All others are the desk's, in its own languages alone."""

_log = logging.getLogger("porchlight.i18n")


class MissingPhrase(KeyError):
    """A phrase key that has no words in a language."""


class Catalogue:
    """Every phrase of every served language, merged over the rooms.

    Strict (the default): a key without words raises `MissingPhrase`, so no test can pass over a gap. Not strict, for a
    running hotline: the English words answer and the gap is logged by its key, because a person in need is better
    helped by an English line than by an error page.

    `signed` are the signatures of each language (i18n/review.py), `original` the language whose words stand beside
    those nobody has signed, `public` the keys a visitor may read.
    """

    def __init__(
        self,
        words: Mapping[str, Mapping[str, Entry]],
        *,
        strict: bool = True,
        signed: Mapping[str, Mapping[str, Signature]] | None = None,
        original: Language = ENGLISH,
        public: Iterable[str] = (),
    ) -> None:
        self._words = words
        self._strict = strict
        self._signed = signed or {}
        self._original = original
        self._public = frozenset(public)
        self._standing: dict[str, frozenset[str]] = {}

    @classmethod
    def load(
        cls,
        folder: Path = CATALOGUES,
        *,
        strict: bool = True,
        original: Language = ENGLISH,
        languages: Iterable[Language] = tuple(LANGUAGES.values()),
    ) -> Catalogue:
        """Read every `<tag>/LC_MESSAGES/*.po` and `<tag>/review.json` below `folder`.

        Raises BrokenPo, and BrokenReview where it is strict; else nothing of that language counts as signed.
        """
        words: dict[str, dict[str, Entry]] = {}
        signed: dict[str, Mapping[str, Signature]] = {}
        public: set[str] = set()
        for tag in (language.tag for language in languages):
            words[tag] = {}
            for path in sorted((folder / tag / "LC_MESSAGES").glob("*.po")):
                read = read_po(path.read_text(encoding="utf-8"), path.name)
                words[tag].update(read)
                if tag == ENGLISH.tag and path.stem in PUBLIC_DOMAINS:
                    public.update(read)
            try:
                signed[tag] = read_review(folder / tag)
            except BrokenReview:
                if strict:
                    raise
                _log.error("review_unreadable language=%s", tag)
        return cls(words, strict=strict, signed=signed, original=original, public=public)

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

    def beside(self, language: Language, key: str) -> Language | None:
        """The language whose words are shown beside these, or None: English is the source, and what is signed stands
        alone.
        """
        if language.tag == ENGLISH.tag or key in self.signed(language):
            return None
        return self._original if language.tag != self._original.tag and self.has(self._original, key) else ENGLISH

    def signed(self, language: Language) -> frozenset[str]:
        """The public keys whose words in this language a named reader has signed, as they stand now."""
        found = self._standing.get(language.tag)
        if found is None:
            kept, english = self._signed.get(language.tag, {}), self._words[ENGLISH.tag]
            found = standing(kept, english, self._words[language.tag], self._public)
            self._standing[language.tag] = found
        return found

    def is_read(self, language: Language) -> bool:
        """Whether every public word of a language stands on its own: it is the source, or all of it is signed."""
        return language.tag == ENGLISH.tag or len(self.signed(language)) == len(self._public)

    @property
    def original(self) -> Language:
        """The language whose words stand beside those nobody has signed, on every page but its own."""
        return self._original

    @property
    def public(self) -> frozenset[str]:
        """The keys a visitor may read."""
        return self._public

    def _entry(self, language: Language, key: str) -> tuple[Language, Entry]:
        entry = self._words[language.tag].get(key)
        if entry is not None:
            return language, entry
        if self._strict:
            raise MissingPhrase(f"{key} has no words in {language.tag}")
        # Not in which language: a line has its second, and who read which language when is hers.
        _log.error("phrase_missing key=%s", key)
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
    return locale_of(tag).plural_form
