"""Knows what is looked for: known bytes, in every form in which a program might have written them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import quote

# Whether it can be read by whoever finds it, is sealed, or only shows that something was there.
Sort = Literal["words", "sealed", "name"]

# Shorter pieces would be found by chance in a large file.
SHORTEST: Final = 8
PIECE: Final = 24


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing to look for; `name` is what a person reads when it is found, never the thing itself."""

    name: str
    sort: Sort
    forms: frozenset[bytes] = field(repr=False)


def words(name: str, text: str) -> Needle:
    """Readable words, as any program might have kept them."""
    raw = text.encode()
    escaped = json.dumps(text)[1:-1].encode()
    wide = (text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("utf-32-le"))
    return Needle(name, "words", _long_enough([raw, escaped, quote(text, safe="").encode(), *wide, *_coded(raw)]))


def name(called: str, raw: bytes) -> Needle:
    """A random name or key: whoever finds it knows that something was there, or could open it."""
    return Needle(called, "name", _long_enough([raw, *_coded(raw)]))


def sealed(called: str, raw: bytes) -> Needle:
    """Sealed bytes: beginning, middle and end, so that a piece of them is found too."""
    middle = len(raw) // 2
    pieces = [raw[4 : 4 + PIECE], raw[middle : middle + PIECE], raw[-PIECE:]]
    return Needle(called, "sealed", _long_enough([form for piece in pieces for form in (piece, *_coded(piece))]))


def _coded(raw: bytes) -> list[bytes]:
    """As hexadecimal, and inside base64 at any of three offsets."""
    found = [raw.hex().encode(), raw.hex().upper().encode()]
    for offset in range(3):
        for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
            coded = alphabet(bytes(offset) + raw)
            # The first and the last group depend on the neighbours; what lies between is its own.
            found.append(coded[4 if offset else 0 : (offset + len(raw)) // 3 * 4])
    return found


def _long_enough(forms: Iterable[bytes]) -> frozenset[bytes]:
    return frozenset(form for form in forms if len(form) >= SHORTEST)


class Haystack:
    """Finds which of the needles stand in some bytes."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._forms = [(form, needle) for needle in needles for form in needle.forms]

    def found_in(self, content: bytes) -> set[Needle]:
        """Every needle that stands there, in any form."""
        return {needle for form, needle in self._forms if form in content}
