"""Says what an entry of the desk is: one act of one person on one tip, only ever added, never changed.

An entry stands sealed in a part of the kind `desk`. What stood at any moment follows from the entries up to it; acts a
house does not know count for nothing in it, so that a house one step older can stand beside a newer one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

MOST_ENTRIES: Final = 1_000
"""Of one tip. More are refused: each is 4 KiB on the disk, and a page shows them all."""

LONGEST_TEXT: Final = 8_000
"""Letters of what one entry says in words."""


class Entry(msgspec.Struct, frozen=True):
    """One act. `by` is the id of who did it, `alias` her name at work then; `said` what the act needs, by short names.

    `text` is what was written in words. The exact time lives only in here.
    """

    at: datetime
    by: bytes
    alias: str
    act: str
    said: dict[str, str] = {}
    text: str = ""

    def __repr__(self) -> str:
        return "Entry(...)"


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """As they were done."""
    return sorted(entries, key=lambda entry: entry.at)


def of_acts(entries: Iterable[Entry], *acts: str) -> list[Entry]:
    """Those of some kinds, in order."""
    return [entry for entry in in_order(entries) if entry.act in acts]


def encode(entry: Entry) -> bytes:
    """The bytes to seal."""
    return msgspec.json.encode(entry)


def decode(body: bytes) -> Entry:
    """The entry of opened bytes. Raises msgspec.ValidationError when they are something else."""
    return msgspec.json.decode(body, type=Entry)
