"""The languages people speak on the phone: by tag and own name; one written language may be spoken in several ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from i18n.languages import Direction


@dataclass(frozen=True)
class Spoken:
    """One spoken language. `tag` is BCP 47; `written` are the tags of the pages its speakers may be reading."""

    tag: str
    own_name: str
    direction: Direction = "ltr"
    written: tuple[str, ...] = ()


# Tags and names after the IANA language subtag registry and CLDR 46. What is written alike and spoken apart has a line
# each: Mandarin and Cantonese, Persian of Iran and Dari. Then what is spoken at home in Canada beyond the languages of
# these pages (census of 2021, and the Indigenous languages with most speakers); the dialects of Cree and Ojibwe are
# named by the tags of their communities. An interpreter is found by this list, so it is longer than what can be read.
_ALL: Final = (
    Spoken("en", "English", written=("en",)),
    Spoken("fr", "Français", written=("fr",)),
    Spoken("es", "Español", written=("es",)),
    Spoken("tl", "Tagalog", written=("tl",)),
    Spoken("pa", "ਪੰਜਾਬੀ", written=("pa",)),
    Spoken("cmn", "普通话 / 國語", written=("zh-Hans", "zh-Hant")),
    Spoken("yue", "广东话 / 廣東話", written=("zh-Hans", "zh-Hant")),
    Spoken("ar", "العربية", "rtl", written=("ar",)),
    Spoken("hi", "हिन्दी", written=("hi",)),
    Spoken("ur", "اردو", "rtl", written=("ur",)),
    Spoken("fa", "فارسی", "rtl", written=("fa",)),
    Spoken("prs", "دری", "rtl", written=("fa",)),
    Spoken("uk", "Українська", written=("uk",)),
    Spoken("ru", "Русский", written=("ru",)),
    Spoken("vi", "Tiếng Việt", written=("vi",)),
    Spoken("ko", "한국어", written=("ko",)),
    Spoken("th", "ไทย", written=("th",)),
    Spoken("pt", "Português", written=("pt",)),
    Spoken("ro", "Română", written=("ro",)),
    Spoken("hu", "Magyar", written=("hu",)),
    Spoken("ht", "Kreyòl ayisyen", written=("ht",)),
    Spoken("am", "አማርኛ"),
    Spoken("bn", "বাংলা"),
    Spoken("ceb", "Cebuano"),
    Spoken("gu", "ગુજરાતી"),
    Spoken("ilo", "Ilokano"),
    Spoken("ne", "नेपाली"),
    Spoken("pl", "Polski"),
    Spoken("ps", "پښتو", "rtl"),
    Spoken("so", "Soomaali"),
    Spoken("sw", "Kiswahili"),
    Spoken("ta", "தமிழ்"),
    Spoken("ti", "ትግርኛ"),
    Spoken("tr", "Türkçe"),
    Spoken("iu", "ᐃᓄᒃᑎᑐᑦ"),
    Spoken("crk", "ᓀᐦᐃᔭᐍᐏᐣ"),
    Spoken("csw", "ᓀᐦᐃᓇᐍᐏᐣ"),
    Spoken("ojs", "Anishininiimowin"),
    Spoken("ciw", "Anishinaabemowin"),
)

SPOKEN: Final[Mapping[str, Spoken]] = {each.tag: each for each in _ALL}


def spoken_of(written: str) -> tuple[Spoken, ...]:
    """How what a page is written in may be spoken: for most languages in one way."""
    return tuple(each for each in _ALL if written in each.written)


def is_spoken(tag: str, written: str) -> bool:
    """Whether somebody who reads `written` may be spoken with in `tag`."""
    return tag in SPOKEN and written in SPOKEN[tag].written


def ways_to_speak(written: str) -> tuple[Spoken, ...]:
    """In which ways what a page is written in is spoken; none to ask about where there is but one."""
    ways = spoken_of(written)
    return ways if len(ways) > 1 else ()
