"""The languages served: tag, own name, direction, and the order of their plural forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
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
    rare: str = ""
    """The one of them that no count of ours reaches, so that a catalogue may leave it out."""


# Two known gaps of tools are closed here, and held by a test. Babel's gettext table puts Arabic's last two forms as
# "other, many", while every translator's tool writes "many, other", and has forms of its own for some others. French,
# Spanish, Portuguese and Haitian Creole have a `many` form that starts at a million, Russian and Ukrainian an `other`
# one for parts of a whole: a catalogue may leave those out, and no page here counts so far or so finely.
KNOWN = (
    Language("en", "English", "ltr", ("one", "other")),
    Language("fr", "Français", "ltr", ("one", "many", "other"), rare="many"),
    Language("es", "Español", "ltr", ("one", "many", "other"), rare="many"),
    Language("tl", "Tagalog", "ltr", ("one", "other")),
    Language("pa", "ਪੰਜਾਬੀ", "ltr", ("one", "other")),
    Language("zh-Hans", "简体中文", "ltr", ("other",)),
    Language("zh-Hant", "繁體中文", "ltr", ("other",)),
    Language("ar", "العربية", "rtl", ("zero", "one", "two", "few", "many", "other")),
    Language("hi", "हिन्दी", "ltr", ("one", "other")),
    Language("ur", "اردو", "rtl", ("one", "other")),
    Language("fa", "فارسی", "rtl", ("one", "other")),
    Language("uk", "Українська", "ltr", ("one", "few", "many", "other"), rare="other"),
    Language("ru", "Русский", "ltr", ("one", "few", "many", "other"), rare="other"),
    Language("vi", "Tiếng Việt", "ltr", ("other",)),
    Language("ko", "한국어", "ltr", ("other",)),
    Language("th", "ไทย", "ltr", ("other",)),
    Language("pt", "Português", "ltr", ("one", "many", "other"), rare="many"),
    Language("ro", "Română", "ltr", ("one", "few", "other")),
    Language("hu", "Magyar", "ltr", ("one", "other")),
    Language("ht", "Kreyòl ayisyen", "ltr", ("one", "many", "other"), rare="many"),
)

CATALOGUES = Path(__file__).parent / "catalogues"

LANGUAGES: Mapping[str, Language] = {
    language.tag: language for language in KNOWN if (CATALOGUES / language.tag).is_dir()
}
"""Those that are served: a line above, and a folder with words."""

ENGLISH = LANGUAGES["en"]

# The desk is read by trained staff; it speaks the two languages they share.
DESK_TAGS = ("en", "fr")


def find_language(tag: str) -> Language | None:
    """The served language with exactly this tag, or None."""
    return LANGUAGES.get(tag)
