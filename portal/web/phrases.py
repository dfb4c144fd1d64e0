"""Says phrases in a template: in the language of the page, the original beside them while nobody has signed them."""

from __future__ import annotations

from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from i18n import formats
from i18n.catalogue import Catalogue, fill
from i18n.languages import ENGLISH, Language

# The element means a side remark; with a language it is an original (static/css/base.css).
_ORIGINAL: Final = Markup(' <small lang="{}" dir="{}">{}</small>')
_INSTEAD: Final = Markup('<span lang="{}" dir="{}">{}</span>')


class Phrases:
    """What templates ask for words.

    `t(key, **values)` and `tn(key, number, **values)`: words, escaped, as markup; values are escaped too.
    `both` and `bothn`: the same for a sentence of safety or law. Beside words that no named reader has signed stands
    the original, small and marked with its language. Where words are missing in a running house, English stands in
    their place, marked too: such a sentence never falls back silently.
    `original` and `originaln`: only what stands beside, where its place is another one; nothing once it is signed.

    Attributes, buttons and headings take `t`: an original there would break the page, or hide the way out.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def names(self) -> dict[str, Any]:
        """The functions by the names templates call them."""
        return {
            "t": self.one,
            "tn": self.counted,
            "both": self.both,
            "bothn": self.both_counted,
            "original": self.original,
            "originaln": self.original_counted,
        }

    def unread(self, spoken: Language) -> Language | None:
        """Whose words stand beside those of a page nobody has read through yet; None where somebody has."""
        if self._catalogue.is_read(spoken):
            return None
        return self._catalogue.original if spoken.tag != self._catalogue.original.tag else ENGLISH

    @pass_context
    def one(self, context: Context, key: str, **values: Any) -> Markup:
        """The words for a key."""
        language = context["language"]
        return fill_escaped(self._catalogue.words(language, key), _counted(language, values))

    @pass_context
    def counted(self, context: Context, key: str, number: int, **values: Any) -> Markup:
        """The words for a key in the form a number asks for."""
        language = context["language"]
        words = self._catalogue.plural_words(language, key, number)
        return fill_escaped(words, _counted(language, {"n": number, **values}))

    @pass_context
    def both(self, context: Context, key: str, **values: Any) -> Markup:
        """The words, and the original beside them."""
        said = self.one(context, key, **values)
        if not self._has(context, key):
            return _instead(said)
        return said + self.original(context, key, **values)

    @pass_context
    def both_counted(self, context: Context, key: str, number: int, **values: Any) -> Markup:
        """The words in their form, and the original beside them."""
        said = self.counted(context, key, number, **values)
        return (
            said + self.original_counted(context, key, number, **values) if self._has(context, key) else _instead(said)
        )

    @pass_context
    def original(self, context: Context, key: str, **values: Any) -> Markup:
        """What stands beside the words, or nothing."""
        beside = self._catalogue.beside(context["language"], key)
        return (
            Markup("") if beside is None else _beside(beside, fill_escaped(self._catalogue.words(beside, key), values))
        )

    @pass_context
    def original_counted(self, context: Context, key: str, number: int, **values: Any) -> Markup:
        """What stands beside the words, in the form a number asks for in its own language, or nothing."""
        beside = self._catalogue.beside(context["language"], key)
        if beside is None:
            return Markup("")
        words = self._catalogue.plural_words(beside, key, number)
        return _beside(beside, fill_escaped(words, {"n": number, **values}))

    def _has(self, context: Context, key: str) -> bool:
        return self._catalogue.has(context["language"], key)


def _counted(language: Language, values: dict[str, Any]) -> dict[str, Any]:
    """Counts in the digits of the language; what is a number to dial or to type comes as text and stays."""
    return {name: formats.number(language, value) if type(value) is int else value for name, value in values.items()}


def fill_escaped(words: str, values: dict[str, Any]) -> Markup:
    """A phrase as markup: its own text escaped, each value escaped unless it is markup already."""
    return Markup(fill(str(escape(words)), {name: escape(value) for name, value in values.items()}))  # noqa: S704


def _beside(language: Language, words: Markup) -> Markup:
    return _ORIGINAL.format(language.tag, language.direction, words)


def _instead(words: Markup) -> Markup:
    return _INSTEAD.format(ENGLISH.tag, ENGLISH.direction, words)
