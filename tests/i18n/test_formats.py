"""Holds numbers and days to reading right in either direction."""

from __future__ import annotations

from datetime import date, time

import pytest
from babel.core import Locale
from babel.dates import format_date, format_time, get_day_names, get_month_names

from i18n import formats
from i18n.catalogue import Catalogue
from i18n.languages import DESK_TAGS, KNOWN, Language
from i18n.po import Entry

BY_TAG = {language.tag: language for language in KNOWN}
TONGUES = pytest.mark.parametrize("language", KNOWN, ids=lambda language: language.tag)
FRIDAY = date(2026, 11, 20)


def test_a_number_keeps_its_order_inside_right_to_left_words() -> None:
    assert formats.isolate(911) == '<bdi dir="ltr">911</bdi>'
    assert formats.isolate("Harbour") == "<bdi>Harbour</bdi>"


def test_what_is_isolated_is_escaped() -> None:
    assert formats.isolate("<b>") == "<bdi>&lt;b&gt;</bdi>"


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("1-800-555-0142", "18005550142"),
        ("+1 (800) 555-0142", "+18005550142"),
        ("٥٥٥-٠١٤٢", "5550142"),
        ("9-8-8", "988"),
    ],
)
def test_a_telephone_dials_digits_only(written: str, dialled: str) -> None:
    assert formats.dialled(written) == dialled


def test_a_telephone_link_shows_the_number_as_people_write_it() -> None:
    assert formats.phone_link("555-0142", css_class="call") == (
        '<a href="tel:5550142" class="call"><bdi dir="ltr">555-0142</bdi></a>'
    )


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"])
def test_digits_of_any_script_are_read(digits: str) -> None:
    assert formats.plain_digits(digits) == "0123456789"


@TONGUES
def test_a_day_names_its_month_and_its_year(language: Language) -> None:
    """Where months have no names but numbers (Chinese, Korean, Vietnamese), the word for month stands beside it."""
    written = formats.day(language, FRIDAY)
    month = {"zh-Hans": "11月", "zh-Hant": "11月", "ko": "11월", "vi": "tháng 11"}.get(language.tag)

    assert "2026" in formats.plain_digits(written)
    assert (month in written) if month else ("11" not in formats.plain_digits(written))


WEEK = {
    "en": "Monday", "fr": "lundi", "es": "lunes", "tl": "Lunes", "pa": "ਸੋਮਵਾਰ",
    "zh-Hans": "星期一", "zh-Hant": "星期一", "ar": "الاثنين", "hi": "सोमवार", "ur": "پیر",
    "fa": "دوشنبه", "uk": "понеділок", "ru": "понедельник", "vi": "Thứ Hai", "ko": "월요일",
    "th": "วันจันทร์", "pt": "segunda-feira", "ro": "luni", "hu": "hétfő", "ht": "lendi",
}  # fmt: skip


@pytest.mark.parametrize("first", ["ur", "zh-Hant", "ht"])
def test_a_monday_keeps_its_name_whichever_tongue_was_spoken_before(first: str) -> None:
    """After a page in Urdu, Babel's own "stand-alone" names of Russian days are Urdu ones."""
    get_day_names("wide", "stand-alone", first.replace("-", "_"))

    assert {language.tag: formats.weekday(language, 0) for language in KNOWN} == {
        language.tag: WEEK[language.tag] for language in KNOWN
    }


@TONGUES
def test_a_week_has_seven_days_and_a_clock_two_halves(language: Language) -> None:
    assert len({formats.weekday(language, number) for number in range(7)}) == 7
    assert len({formats.clock(language, minute) for minute in range(0, 24 * 60, 15)}) == 96
    assert "AM" not in formats.clock(language, 485) or language.tag in ("en", "tl", "ur")


def test_what_is_mended_is_still_broken() -> None:
    """What Babel has learned leaves the table."""
    early = time(8, 5)

    assert get_month_names("wide", "format", "ht") == get_month_names("wide", "format", "fr")
    assert get_day_names("wide", "format", "ht") == get_day_names("wide", "format", "fr")
    assert format_time(early, "short", locale="ko") == "AM 8:05"
    assert format_date(FRIDAY, "long", locale="fa") == formats.plain_digits(formats.day(BY_TAG["fa"], FRIDAY))
    assert (Locale.parse("tl").get_display_name("en") or "") != "Tagalog"
    assert set(formats.MENDED) == {"fa", "ht", "ko", "tl"}


def test_haitian_and_korean_say_days_and_hours_as_their_people_do() -> None:
    assert formats.day(BY_TAG["ht"], FRIDAY) == "20 novanm 2026"
    assert [formats.weekday(BY_TAG["ht"], day) for day in (0, 2, 6)] == ["lendi", "mèkredi", "dimanch"]
    assert [formats.clock(BY_TAG["ko"], minute) for minute in (0, 485, 720, 1230)] == [
        "오전 12:00",
        "오전 8:05",
        "오후 12:00",
        "오후 8:30",
    ]


@TONGUES
def test_counts_days_and_hours_have_the_digits_of_their_tongue(language: Language) -> None:
    """CLDR's own for the language. Not for a country: Arabic in Canada is written with the digits of its phones."""
    system = Locale.parse(language.tag, sep="-").default_numbering_system
    zero = {"latn": "", "arabext": "۰", "arab": "٠", "deva": "०", "guru": "੦"}[system]

    assert formats.digits(language)[:1] == zero
    assert formats.plain_digits(formats.digits(language)) in ("", "0123456789")


def test_persian_counts_in_persian_digits_and_dials_in_those_on_the_keys() -> None:
    persian = BY_TAG["fa"]
    catalogue = Catalogue({"fa": {"wait": Entry(("%(n)s دقیقه",) * 2)}})

    assert formats.number(persian, 2026) == "۲۰۲۶"
    assert formats.clock(persian, 485) == "۸:۰۵"
    assert formats.day(persian, FRIDAY) == "۲۰ نوامبر ۲۰۲۶"
    assert catalogue.plural(persian, "wait", 15) == "۱۵ دقیقه"
    assert str(formats.isolate("911")) == '<bdi dir="ltr">911</bdi>'
    assert "911" in formats.phone_link("911")


@pytest.mark.parametrize("tongue", DESK_TAGS)
def test_the_desk_names_every_tongue_in_its_own(tongue: str) -> None:
    named = {language.tag: formats.named(language.tag, tongue) for language in KNOWN}

    assert len(set(named.values())) == len(KNOWN)
    assert named["tl"].lower() == "tagalog"
    assert all(name.isascii() or tongue == "fr" for name in named.values())
