"""Writes numbers and days the way a language does, and reads digits in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from markupsafe import Markup, escape

from i18n.languages import Language
from i18n.locales import is_known, locale_of, names_days


@dataclass(frozen=True)
class Mended:
    """What Babel has no words for in a language, or others than its people use; what is empty, Babel says."""

    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    """Monday first."""
    halves: tuple[str, ...] = ()
    """Of the day: what stands before the hour, before noon and after it."""
    digits: str = ""
    """Nought to nine, where counts, days and hours are written in other digits than these."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the language is called in those of the desk."""


# Every gap in one table; a test holds each to being one still, so that what Babel has learned leaves it.
#
# Digits: CLDR's own for the language, which is what its people read in Canada. Of all that are served only Persian has
# others: Arabic, Hindi, Punjabi and Urdu are written with these here. A number to dial, to type or to say (emergency,
# receipt, way back) is written with these in every language, because that is what stands on the keys.
MENDED: Mapping[str, Mended] = {
    "fa": Mended(digits="۰۱۲۳۴۵۶۷۸۹"),
    "ht": Mended(
        months=(
            *("janvye", "fevriye", "mas", "avril", "me", "jen"),
            *("jiyè", "out", "septanm", "oktòb", "novanm", "desanm"),
        ),
        weekdays=("lendi", "madi", "mèkredi", "jedi", "vandredi", "samdi", "dimanch"),
    ),
    "ko": Mended(halves=("오전", "오후")),
    "tl": Mended(names={"en": "Tagalog", "fr": "tagalog"}),
}
_NOTHING = Mended()


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


def digits(language: Language) -> str:
    """Nought to nine as counts are written in this language; empty where they are the usual ones."""
    return _mended(language).digits


def number(language: Language, count: int) -> str:
    """A count as people of this language write it. A number to dial or to type is none: it keeps its digits."""
    return _in_digits(language, str(count))


def day(language: Language, when: date) -> str:
    """A day in words, month by name: no order of digits to mistake. Where months have no names, year first."""
    from babel.dates import format_date  # Costly to import, and few pages show a day.

    if months := _mended(language).months:
        return f"{when.day} {months[when.month - 1]} {when.year}"
    pattern = "long" if names_days(language.tag) else "yyyy-MM-dd"
    return _in_digits(language, format_date(when, format=pattern, locale=locale_of(language.tag)))


def weekday(language: Language, number: int) -> str:
    """A day of the week by name; Monday is 0."""
    from babel.dates import get_day_names

    if weekdays := _mended(language).weekdays:
        return weekdays[number]
    # Not "stand-alone", which says the same in all of these: what one language has of its own there Babel writes into
    # what all the others share, and after a page in Urdu a Russian Monday had an Urdu name.
    return str(get_day_names("wide", "format", locale_of(language.tag))[number])


def clock(language: Language, when: datetime | int) -> str:
    """A time of day as people of this language write it; a number counts minutes from midnight."""
    from babel.dates import format_time

    shown = time(when // 60 % 24, when % 60) if isinstance(when, int) else when.time()
    if halves := _mended(language).halves:
        return f"{halves[shown.hour >= 12]} {shown.hour % 12 or 12}:{shown.minute:02}"
    return _in_digits(language, format_time(shown, format="short", locale=locale_of(language.tag)))


def place(language: Language, zone: str) -> str:
    """The place whose clock a zone is named after, in words of this language where it has any."""
    from babel.dates import get_timezone_location

    try:
        named_there = get_timezone_location(zone, locale=locale_of(language.tag), return_city=True)
    except KeyError:  # CLDR knows the language, and no name of any place in it.
        named_there = get_timezone_location(zone, locale="en", return_city=True)
    return named_there.rpartition("/")[2]


def named(tag: str, tongue: str) -> str:
    """The name of a language in another one; its tag where nobody has named it there."""
    if known := MENDED.get(tag, _NOTHING).names.get(tongue):
        return known
    if is_known(tag):
        return locale_of(tag).get_display_name(locale_of(tongue)) or tag
    return str(locale_of(tongue).languages.get(tag.split("-", 1)[0]) or tag)


def own_names(languages: Iterable[Language]) -> Markup:
    """Languages by their own names, each with its script and direction."""
    named = Markup('<bdi lang="{}">{}</bdi>')
    return Markup(", ").join(named.format(each.tag, each.own_name) for each in languages)


def escape_text(text: object) -> Markup:
    """Escape once; what is already markup stays as it is."""
    return escape(text)


def _mended(language: Language) -> Mended:
    return MENDED.get(language.tag, _NOTHING)


def _in_digits(language: Language, text: str) -> str:
    local = digits(language)
    return text.translate(str.maketrans("0123456789", local)) if local else text
