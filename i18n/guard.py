"""Says what may not be sent to an engine, and what is odd about what comes back.

Nothing here makes a translation safe to show. It is a stranger's text: whoever draws it escapes it after translation
(a template does; `portal.web.sanitise` where markup would be kept), puts it into a `bdi` of its own language, and shows
the original beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

from i18n.pieces import cut, links
from i18n.translator import Flag

MOST_LETTERS: Final = 2000
"""Characters of a text that is sent."""
FEWEST_LETTERS: Final = 2
LOOKED_AT: Final = 4000
"""Characters of a translation in which repetition is looked for; the search costs more than its length."""

# Directions that reach beyond their own text, and controls. U+200C and U+200D stay: Persian and Indic words are spelt
# with them. So do U+200E and U+200F, which reach no further than where they stand. Half a character is not sent.
_UNSEEN: Final = re.compile(r"[\ud800-\udfff\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")
_GLUED: Final = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")
_DOMAIN: Final = re.compile(
    r"\b[a-z0-9][a-z0-9-]{1,62}(?:\.[a-z0-9-]{1,63}){0,5}\.([a-z]{2,6})\b", re.IGNORECASE | re.ASCII
)
# Beside every country's two letters: what addresses that engines were seen to invent end with, and the commonest.
_ENDINGS: Final = re.compile(
    r"[a-z]{2}|com|org|net|info|biz|xyz|site|online|club|live|cams?|chat|sexy?|porn|adult|xxx|tube|video|top|shop|app"
    r"|dev|link|click|mobi|pro|name|vip"
)
_REPEATED: Final = re.compile(r"(\S.{1,39}?)\1{3,}")
_NARROW: Final = 0.3
_WIDE: Final = 3.5
# Below so many letters on both sides, "No" may well be a whole sentence elsewhere.
_JUDGED_FROM: Final = 20


def may_be_sent(text: str, source: str, target: str) -> bool:
    """Whether an engine may see `text` at all, whatever languages it has.

    Not: a text in its reader's own language already; emoji, digits, phone numbers, links and mail addresses alone, or a
    single letter (there is nothing to translate, and a number to call is nobody's business); more than `MOST_LETTERS`.
    """
    if source == target or len(text) > MOST_LETTERS:
        return False
    said = "".join(piece.text for piece in cut(text) if not piece.is_kept)
    return letters(said) >= FEWEST_LETTERS


def cleaned(text: str) -> str:
    """`text` without controls and without what turns the direction of the words around it."""
    return _UNSEEN.sub("", text)


def flags_of(source: str, translation: str) -> frozenset[Flag]:
    """What is odd about a translation. That a "not" was lost is seen by none of these."""
    found = {
        Flag.NUMBERS_CHANGED: _numbers(source) != _numbers(translation),
        Flag.SAME_AS_ORIGINAL: _bare(source) == _bare(translation),
        Flag.ODD_LENGTH: _is_odd_length(source, translation),
        Flag.REPEATS: _repeats(translation) and not _repeats(source),
        Flag.LINK_ADDED: _adds_link(source, translation),
    }
    return frozenset(flag for flag, is_so in found.items() if is_so)


def letters(text: str) -> int:
    """How many letters of any script stand in `text`; marks on letters are none."""
    return sum(unicodedata.category(character).startswith("L") for character in text)


def _numbers(text: str) -> Counter[str]:
    """Each run of digits of any script, as ASCII; links and mail addresses as they stand."""
    digits = "".join(str(unicodedata.decimal(character, character)) for character in text)
    return Counter(re.findall(r"[0-9]+", digits)) + Counter(links(text))


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalpha())


def _is_odd_length(source: str, translation: str) -> bool:
    said, told = _weight(source), _weight(translation)
    return max(said, told) >= _JUDGED_FROM and not _NARROW * said <= told <= _WIDE * said


def _weight(text: str) -> int:
    """How much `text` says, in letters of an alphabet: a sign of Chinese is a word, one of Korean a syllable."""
    return sum(letter_weight(character) for character in text if unicodedata.category(character).startswith("L"))


def letter_weight(letter: str) -> int:
    """How much one letter says, in letters of an alphabet: a sign of Chinese about three, one of Korean or kana two."""
    if "\u3400" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or letter >= "\U00020000":
        return 3
    if "\u3040" <= letter <= "\u30ff" or "\uac00" <= letter <= "\ud7a3" or "\u1400" <= letter <= "\u167f":
        return 2
    return 1


def _repeats(text: str) -> bool:
    spoken = re.sub(r"[\W\d_]+", " ", text[:LOOKED_AT].casefold())
    return _REPEATED.search(f"{spoken} ") is not None


def _adds_link(source: str, translation: str) -> bool:
    """Whether there is a link the source lacks. A sentence that begins at the full stop of another is none."""
    if len(links(translation)) > len(links(source)):
        return True
    added = _domains(translation) - _domains(source)
    return bool(added) and len(_GLUED.findall(translation)) > len(_GLUED.findall(source))


def _domains(text: str) -> set[str]:
    return {match.group().lower() for match in _DOMAIN.finditer(text) if _ENDINGS.fullmatch(match[1].lower())}
