"""Knows which words a named native reader has signed; a change of either wording takes the signature away by itself.

`review.json` in a language's folder holds one signature for each phrase key that somebody signed; every other phrase is
`drafted`. No file: nobody has signed anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from i18n.po import Entry

FILE: Final = "review.json"
_FIELDS: Final = frozenset(("by", "on", "english", "own"))


class BrokenReview(ValueError):
    """A file of signatures that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who has read the words of one phrase, on which day, and the digests of what stood there: English and own."""

    by: str
    on: str
    english: str
    own: str

    def fits(self, english: Entry | None, own: Entry | None) -> bool:
        """Whether both wordings still are those that were read."""
        return self.english == digest(english) and self.own == digest(own)


def digest(entry: Entry | None) -> str:
    """What tells one wording from another, every form counted: 16 hex digits of SHA-256; empty for no words."""
    if entry is None:
        return ""
    return hashlib.sha256("\0".join(entry.forms).encode()).hexdigest()[:16]


def sign(english: Entry, own: Entry, *, by: str, on: date) -> Signature:
    """A signature under these words."""
    return Signature(by, on.isoformat(), digest(english), digest(own))


def read_review(folder: Path) -> Mapping[str, Signature]:
    """Every signature kept in the folder of a language, by phrase key. Raises BrokenReview."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    try:
        found = json.loads(text)
        return {key: _signature(kept) for key, kept in found.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise BrokenReview(f"{path.parent.name}/{FILE} cannot be read: {error}") from None


def write_review(folder: Path, signed: Mapping[str, Signature]) -> None:
    """Write all signatures of a language: a line for each, in the order of keys, so that two people's merge."""
    lines = (
        f"{json.dumps(key)}: {json.dumps(asdict(signature), ensure_ascii=False)}"
        for key, signature in sorted(signed.items())
    )
    (folder / FILE).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def standing(
    signed: Mapping[str, Signature], english: Mapping[str, Entry], own: Mapping[str, Entry], keys: Iterable[str]
) -> frozenset[str]:
    """Those of `keys` whose signature still stands; every other one is drafted."""
    return frozenset(key for key in keys if key in signed and signed[key].fits(english.get(key), own.get(key)))


def _signature(kept: Mapping[str, str]) -> Signature:
    if kept.keys() != _FIELDS or not all(isinstance(value, str) and value for value in kept.values()):
        raise ValueError("not a signature")
    date.fromisoformat(kept["on"])
    return Signature(**kept)
