"""Folds words for a search, so that a word is found however it was typed: capitals, accents, vowel signs, digits.

Marks that only colour a letter go (Latin, Greek, Cyrillic, Hebrew and Arabic scripts); those that make a syllable stay
(the scripts of South and South-East Asia, kana, Hangul). Both what is kept and what is asked for pass through here.
"""

import unicodedata
from collections.abc import Iterable
from typing import Final

# Marks that readers leave out when they type: combining accents, Hebrew points, Arabic vowel signs, Syriac points.
_DROPPED_MARKS: Final = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x0730, 0x074A),
    (0x08CA, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)
# Nothing stands between the letters here: joiners, soft hyphen, the stretched line inside Arabic words.
_DROPPED: Final = frozenset("\u00ad\u0640\u200b\u200c\u200d\u2060\ufeff'’ʼʻ`´")

# Letters Unicode does not take apart, that are typed without their stroke, and letters that keyboards swap.
_ALIKE: Final = {
    **dict(zip("øđðłħŧıæœþĸŋ", ("o", "d", "d", "l", "h", "t", "i", "ae", "oe", "th", "k", "n"), strict=True)),
    **dict(zip("ىیېےةۀہھەٱکگڪ", "ييييهههههاككك", strict=True)),
}


def fold(text: str) -> str:
    """The folded letters and digits of a text, single spaces between its words, nothing else."""
    taken_apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", " ".join(taken_apart.translate(_LETTERS).split()))


def folded_words(texts: Iterable[str]) -> str:
    """Each folded word of these texts once, in no order of theirs: enough to find a tip, too little to read it."""
    return " ".join(sorted({word for text in texts for word in fold(text).split()}))


def terms(typed: str) -> tuple[str, ...]:
    """What is looked for when this was typed, each once; nothing where it holds no letter and no digit."""
    return tuple(dict.fromkeys(fold(typed).split()))


def holds(words: str, wanted: tuple[str, ...]) -> bool:
    """Whether every term occurs in folded words; in the middle of one too, for many scripts write none apart."""
    return all(term in words for term in wanted)


class _Letters(dict[int, str]):
    """What becomes of each character; asked once for each there is."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _letter(chr(code), code)
        return found


def _letter(char: str, code: int) -> str:
    if char in _ALIKE:
        return _ALIKE[char]
    if char in _DROPPED or any(first <= code <= last for first, last in _DROPPED_MARKS):
        return ""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    return char if unicodedata.category(char)[0] in "LMN" else " "


_LETTERS: Final = _Letters()
