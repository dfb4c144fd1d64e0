"""Lists languages for whoever works here: by their names in the desk's language, each with its own name behind it."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

from i18n import formats
from i18n.languages import LANGUAGES
from i18n.locales import locale_of
from i18n.spoken import SPOKEN

# Babel's tables name none of them by its tag. In a language of no column here the English name stands.
_UNNAMED: Final = {
    "cmn": {"en": "Mandarin"},
    "prs": {"en": "Dari"},
    "cwd": {"en": "Woods Cree", "fr": "cri des bois"},
    "ojg": {"en": "Eastern Ojibwe", "fr": "ojibwé de l’Est"},
    "otw": {"en": "Odawa", "fr": "odawa"},
}


def listed(tongue: str, tags: Iterable[str]) -> list[tuple[str, str]]:
    """Each tag with what a list in `tongue` says of it, in the order of the alphabet.

    The name of the desk's language comes first: that is what somebody types to find a script she does not read.
    """
    return sorted(((tag, in_both(tag, tongue)) for tag in tags), key=lambda each: _plain(each[1]))


def name_in(tag: str, tongue: str) -> str:
    """The name of a language, served or only spoken, in another one; its own where nobody has named it there."""
    if tag in LANGUAGES:
        return formats.named(tag, tongue)
    own = SPOKEN[tag].own_name if tag in SPOKEN else tag
    if tag in _UNNAMED:
        return _UNNAMED[tag].get(tongue, _UNNAMED[tag]["en"])
    return str(locale_of(tongue).languages.get(tag, own))


@cache
def in_both(tag: str, tongue: str) -> str:
    """That name and its own behind it; once where they are the same."""
    own = LANGUAGES[tag].own_name if tag in LANGUAGES else SPOKEN[tag].own_name if tag in SPOKEN else tag
    known = name_in(tag, tongue)
    known = known[:1].upper() + known[1:]
    return known if known.casefold() == own.casefold() else f"{known} · {own}"


def _plain(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if not unicodedata.combining(sign))
