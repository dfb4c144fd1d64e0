"""Cuts a text into what is translated and what is kept as it stands: phones, addresses, money, names of accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

_LINK: Final = re.compile(
    r"\b(?:https?|ftp)://[^\s<>\"']+|\bwww\.[^\s<>\"']+"
    r"|\b(?:[\w-]{1,63}\.){1,6}(?:com|org|net|info|biz|ca|gov|edu)\b(?:/[^\s<>\"']*)?",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_ACCOUNT: Final = re.compile(r"(?<![\w.@])@\w[\w.]{1,40}")
_PHONE: Final = re.compile(r"(?<![\w.,])[+(]{0,2}\d(?:[\s().\u2010-\u2015\u00a0/-]{0,3}\d){6,18}(?!\w)")
_SIGNS: Final = "$€£¥₹₽₩₱฿₫₴₦₵₪₨"
_CODES: Final = "CAD|USD|EUR|GBP|MXN|PHP|INR|CNY|RMB|KRW|JPY|THB|VND|UAH|RUB|RON|HUF|BRL|HTG|COP|GTQ"
_SUM: Final = r"\d+(?:[.,\u00a0 ]\d{2,3})*"
_MONEY: Final = re.compile(
    rf"(?:[A-Z]{{0,2}}[{_SIGNS}]|\b(?:{_CODES})\b)\s?{_SUM}|(?<![\w.,]){_SUM}\s?(?:[{_SIGNS}]|(?:{_CODES})\b)"
)
# A number beside one of these is a house's or a door's. The name of the street is translated with the rest: where a
# name ends is known to no rule.
_STREET: Final = (
    r"st|street|ave|avenue|rd|road|dr|drive|blvd|boulevard|lane|ln|hwy|highway|rue|chemin|boul|route|calle|avenida|av"
    r"|carrera|carretera|rua|strada|str|bulevardul|utca|út|улица|ул|вулиця|вул|проспект|пр|شارع|خیابان|سڑک|سٹریٹ"
)
_DOOR: Final = (
    r"apt|apartment|unit|suite|room|rm|floor|app|appt|appartement|chambre|bureau|apto|depto|departamento|cuarto"
    r"|habitación|piso|apartamento|quarto|apartament|camera|szoba|lakás|кв|квартира|комната|кімната|غرفة|شقة|اتاق|کمرہ"
)
_NUMBER: Final = r"\d{1,6}[A-Za-z]?(?!\w)"
_BEFORE_STREET: Final = re.compile(
    rf"(?<![\w.,])({_NUMBER})(?=,?(?:\s+[\w.'’-]+){{0,2}}?\s+(?:{_STREET})\b)", re.IGNORECASE
)
_AFTER_STREET: Final = re.compile(
    rf"\b(?:{_STREET})\b\.?(?:\s+[^\s\d,]+){{0,4}}[\s,]+(?:n[oºr°]\.?\s*|№\s*|#\s*)?({_NUMBER})", re.IGNORECASE
)
_AFTER_DOOR: Final = re.compile(rf"\b(?:{_DOOR})\b\.?\s*(?:n[oºr°]\.?\s*|№\s*|#\s*)?({_NUMBER})", re.IGNORECASE)
_WHOLE: Final = (_LINK, _MAIL, _ACCOUNT, _PHONE, _MONEY)
# A full stop or a bracket behind an address ends the sentence, not the address.
_BEHIND: Final = ".,;:!?)]}»”"
_BLANKS: Final = " \t\n\r\u00a0\u202f\u3000"
_FIRST_GROUP: Final = (_BEFORE_STREET, _AFTER_STREET, _AFTER_DOOR)


@dataclass(frozen=True)
class Piece:
    """A part of a text: to be translated, or kept as it stands. Joined in their order, all of them are the text."""

    text: str = field(repr=False)
    is_kept: bool


def cut(text: str) -> list[Piece]:
    """`text` as pieces. What has no letter, and the blanks around what has some, is kept too."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _spans(text):
        pieces += _spoken(text[at:start])
        pieces.append(Piece(text[start:end], is_kept=True))
        at = end
    return [*pieces, *_spoken(text[at:])]


def joined(pieces: Sequence[Piece], translated: Sequence[str]) -> str:
    """The pieces with those that were to be translated replaced, in their order."""
    words = iter(translated)
    return "".join(piece.text if piece.is_kept else next(words).strip() for piece in pieces)


def links(text: str) -> list[str]:
    """Every link and mail address in `text`, as it stands."""
    return [match.group().rstrip(_BEHIND) for pattern in (_LINK, _MAIL) for match in pattern.finditer(text)]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where something is kept, in order, none over another."""
    found = sorted(_found(text), key=lambda span: (span[0], -span[1]))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
        elif end > apart[-1][1]:
            apart[-1] = (apart[-1][0], end)
    return apart


def _found(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _WHOLE:
        for match in pattern.finditer(text):
            yield match.start(), match.start() + len(match.group().rstrip(_BEHIND))
    for pattern in _FIRST_GROUP:
        for match in pattern.finditer(text):
            yield match.span(1)


def _spoken(text: str) -> Iterator[Piece]:
    if not any(character.isalpha() for character in text):
        if text:
            yield Piece(text, is_kept=True)
        return
    # What ends a sentence before the cut begins none behind it.
    words = text.strip().lstrip(_BEHIND + _BLANKS).lstrip()
    start = text.index(words)
    if start:
        yield Piece(text[:start], is_kept=True)
    yield Piece(words, is_kept=False)
    if start + len(words) < len(text):
        yield Piece(text[start + len(words) :], is_kept=True)
