"""Writes numbers and days the way a language does, and reads digits in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time

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


def weekday(language: Language, number: int) -> str:
    """A day of the week by name; Monday is 0."""
    from babel.dates import get_day_names

    return str(get_day_names("wide", "stand-alone", language.tag.replace("-", "_"))[number])


def clock(language: Language, when: datetime | int) -> str:
    """A time of day as people of this language write it; a number counts minutes from midnight."""
    from babel.dates import format_time

    shown = time(when // 60 % 24, when % 60) if isinstance(when, int) else when.time()
    return format_time(shown, format="short", locale=language.tag.replace("-", "_"))


def place(language: Language, zone: str) -> str:
    """The place whose clock a zone is named after, in words of this language where it has any."""
    from babel.dates import get_timezone_location

    return get_timezone_location(zone, locale=language.tag.replace("-", "_"), return_city=True).rpartition("/")[2]


def own_names(languages: Iterable[Language]) -> Markup:
    """Languages by their own names, each with its script and direction."""
    named = Markup('<bdi lang="{}">{}</bdi>')
    return Markup(", ").join(named.format(each.tag, each.own_name) for each in languages)


def escape_text(text: object) -> Markup:
    """Escape once; what is already markup stays as it is."""
    return escape(text)
