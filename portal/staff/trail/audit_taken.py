"""Reads a file of the audit that somebody took away, and says what of it stands by itself: signature, order, chain."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from portal.vault.audit_lines import Break, Line, Walk, is_signed
from portal.vault.statement import DIGEST_BYTES, NOTHING_SAID, Head

CELLS: Final = 8  # of a line
_END: Final = ("head", "signed by", "signature")


class NoSuchFile(Exception):
    """It cannot be read, or is none that the audit's page gave away."""


@dataclass(frozen=True)
class Taken:
    """What the file says: lines, the head they end at, and who signed that.

    Its columns with aliases are for the eye: they are in no digest, and nothing is said of them.
    """

    lines: tuple[Line, ...]
    head: Head
    day: str
    staff: bytes
    public: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def is_signed(self) -> bool:
        """Whether the signature is that of the key in the file, under this head and this day."""
        return is_signed(self.public, self.signature, self.head, self.day)

    @property
    def is_whole(self) -> bool:
        """Whether every line up to the head is in it: then the chain can be followed without the house."""
        return [line.number for line in self.lines] == list(range(1, self.head.number + 1))

    def breaks(self) -> list[Break]:
        """Where the chain inside a whole file does not hold, up to the head that was signed."""
        walk = Walk(NOTHING_SAID, self.head, ())
        for line in self.lines:
            walk.step(line)
        walk.end()
        return walk.breaks


def read_taken(path: Path) -> Taken:
    """Read such a file. Raises NoSuchFile."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
        lines, (head, signed, signature) = rows[1:-3], rows[-3:]
        if tuple(row[0] for row in (head, signed, signature)) != _END:
            raise NoSuchFile("it does not end in a head and a signature")
        said = Head(int(head[2]), bytes.fromhex(head[3]))
        if len(said.digest) != DIGEST_BYTES or len({head[1], signed[1], signature[1]}) != 1:
            raise NoSuchFile("its last three rows do not go together")
        person, public = bytes.fromhex(signed[3]), bytes.fromhex(signed[4])
        return Taken(tuple(_lines(lines)), said, head[1], person, public, bytes.fromhex(signature[2]))
    except (OSError, UnicodeError, csv.Error, ValueError, IndexError) as error:
        raise NoSuchFile(type(error).__name__) from None


def _lines(rows: Iterable[list[str]]) -> Iterable[Line]:
    before = 0
    for row in rows:
        number, day, act, _, staff, _, subject, previous = row
        if int(number) <= before:
            raise NoSuchFile("its lines are not in their order")
        before = int(number)
        yield Line(
            before,
            day,
            act,
            bytes.fromhex(staff),
            bytes.fromhex(subject),
            previous=bytes.fromhex(previous) if previous else None,
        )
