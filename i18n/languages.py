"""The languages served: each a line of a table, and a folder with words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from i18n.communities import COMMUNITIES
from i18n.language import Direction as Direction, Language as Language

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


def served(known: Iterable[Language], folder: Path = CATALOGUES) -> Mapping[str, Language]:
    """Those of `known` that have a folder with words and a name of their own, by tag."""
    return {each.tag: each for each in known if each.own_name and (folder / each.tag).is_dir()}


LANGUAGES: Mapping[str, Language] = served((*KNOWN, *COMMUNITIES))
"""Those that are served: a line above, and a folder with words."""

ENGLISH = LANGUAGES["en"]

# The desk is read by trained staff; it speaks the two languages they share.
DESK_TAGS = ("en", "fr")


def find_language(tag: str) -> Language | None:
    """The served language with exactly this tag, or None."""
    return LANGUAGES.get(tag)
