"""Breaks words of any language into what is looked up, so that two databases find the same by them.

A database's own breaking differs from one to the next, and neither knows where a word ends in Thai or Chinese. So the
text is broken here, and they are handed plain signs: letters of a word as hexadecimal digits of its UTF-8, which
nothing breaks again, and of which the beginning is still the beginning.
"""

import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final

LONGEST_WORD: Final = 24
GRAM: Final = 3

# Letters that Unicode does not take apart though people leave their marks out: Polish, Danish, Vietnamese, Turkish.
_PLAIN: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
# One letter in several shapes: Arabic, Persian and Urdu keyboards each have their own.
_ARABIC: Final = str.maketrans(
    {"ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ـ": None, "\u200c": " "}
)
# Marks of Latin, Greek and Cyrillic, Hebrew points, Arabic vowels: left out in a hurry. Vowels of India and Thailand
# are marks too, and are never left out.
_MARKS: Final = frozenset((*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x670))
# Written without a space between words: Thai, Lao, Burmese, Khmer, kana and the Chinese characters.
_JOINED: Final = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_ARTICLES: Final = ("وال", "بال", "لل", "ال")


def folded(text: str) -> str:
    """The text without what people leave out or write in two ways: capitals, accents, widths, other digits."""
    # Taken apart first: an ornamental capital becomes a plain one, and only then a small one.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(sign for sign in apart if ord(sign) not in _MARKS)
    whole = unicodedata.normalize("NFC", bare).translate(_PLAIN).translate(_ARABIC)
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in whole)


def kept(text: str) -> set[str]:
    """What a text is found by."""
    signs: set[str] = set()
    for run, is_joined in _runs(text):
        if is_joined:
            signs.update(run[at : at + GRAM] for at in range(len(run)))
        else:
            signs.update((run[:LONGEST_WORD], _without_article(run)[:LONGEST_WORD]))
    return {_sign(each) for each in signs}


def wanted(text: str) -> list[str]:
    """What must be there for a text to be found by what was typed; each may be the beginning of a longer sign."""
    signs: list[str] = []
    for run, is_joined in _runs(text):
        if not is_joined:
            signs.append(_without_article(run)[:LONGEST_WORD])
        elif len(run) <= GRAM:
            signs.append(run)
        else:
            signs.extend(run[at : at + GRAM] for at in range(len(run) - GRAM + 1))
    return [_sign(each) for each in dict.fromkeys(signs)]


def named(kind: str, code: str) -> str:
    """The sign of something chosen from a list: it never is the beginning of a word's."""
    return "f" + f"{kind}={code}".encode().hex() + "z"


def sort_key(text: str) -> bytes:
    """By what entries stand in order, alike in every database."""
    return folded(text).strip().encode()[:80]


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text; of writing without spaces, everything that stands together."""
    for shape, signs in groupby(folded(text), key=_shape):
        if shape:
            yield "".join(signs), shape == 2


def _shape(sign: str) -> int:
    """0: between words; 1: of a word; 2: of writing without spaces."""
    code = ord(sign)
    if any(first <= code <= last for first, last in _JOINED):
        return 2 if unicodedata.category(sign)[0] in "LMN" else 0
    return 1 if unicodedata.category(sign)[0] in "LMN" else 0


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) > len(article) + 2:
            return word[len(article) :]
    return word


def _sign(word: str) -> str:
    return "w" + word.encode().hex()
