"""Writes numbers and days the way a language does, and reads digits in any script."""

from __future__ import annotations

import unicodedata
from datetime import date

from markupsafe import Markup, escape

from i18n.languages import Language


def isolate(text: object) -> Markup:
    """`text` in a `bdi`, so that a name or number keeps its order inside words of the other direction.

    What holds no letter is a number: it is left to right in every language and never broken over two lines.
    """
    if any(character.isalpha() for character in str(text)):
        return Markup("<bdi>{}</bdi>").format(text)
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def phone_link(number: str, *, css_class: str = "") -> Markup:
    """A telephone link for a number as people write it, isolated and always left to right."""
    shown = Markup('<bdi dir="ltr">{}</bdi>').format(number)
    named = Markup(' class="{}"').format(css_class) if css_class else Markup("")
    return Markup('<a href="tel:{}"{}>{}</a>').format(dialled(number), named, shown)


def dialled(number: str) -> str:
    """Only what a telephone dials: digits, and a leading plus (RFC 3966 without its visual separators)."""
    kept = "".join(character for character in plain_digits(number) if character in "0123456789")
    return f"+{kept}" if number.strip().startswith("+") else kept


def plain_digits(text: str) -> str:
    """`text` with every Unicode decimal digit, Arabic or Devanagari or any other, as ASCII."""
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def day(language: Language, when: date) -> str:
    """A day in words, month by name: no order of digits to mistake."""
    from babel.dates import format_date  # Costly to import, and few pages show a day.

    return format_date(when, format="long", locale=language.tag.replace("-", "_"))


def escape_text(text: object) -> Markup:
    """Escape once; what is already markup stays as it is."""
    return escape(text)
