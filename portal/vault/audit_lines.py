"""One line of the audit and the chain it stands in: what its digest covers, what its mark says, where a chain breaks.

    digest     SHA-256 of ctx("audit line", number 4, digest of the line before 32, day, act, staff, subject)
    mark       HMAC-SHA256(sub(pepper, "mark", "audit line"), ctx(digest))
    signature  Ed25519 over ctx("audit head", number 4, digest 32, day), by whoever takes lines away as a file

Numbers are big-endian, the day is written 2026-11-23. Anybody can compute a digest anew; nobody without the pepper,
which lies outside the database, makes a mark.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.vault.marks import mark, mark_key
from portal.vault.sealing import ctx
from portal.vault.statement import Head, Signer

PURPOSE: Final = "audit line"
MOST_BREAKS: Final = 50
"""So many places are named; a chain that breaks more often is read by nobody line by line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `previous`: the digest of the line before; None where a version that made no chain wrote it."""

    number: int
    day: str
    act: str
    staff: bytes
    subject: bytes
    previous: bytes | None = None
    mark: bytes | None = None

    def digest(self, before: bytes) -> bytes:
        """The digest of this line behind a line of digest `before`."""
        parts = self.number.to_bytes(4, "big"), before, self.day, self.act, self.staff, self.subject
        return sha256(ctx(PURPOSE, *parts)).digest()


def next_line(head: Head, pepper: bytes, *, day: str, act: str, staff: bytes, subject: bytes) -> tuple[Line, Head]:
    """The line that follows `head`, chained and marked, and the head it makes."""
    bare = Line(head.number + 1, day, act, staff, subject, previous=head.digest)
    digest = bare.digest(head.digest)
    return replace(bare, mark=mark(pepper, PURPOSE, digest)), Head(bare.number, digest)


Kind = Literal["missing", "cut", "changed", "not_ours", "rewritten"]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, from line `first` to line `last`.

    `missing`: they are not there. `cut`: they were there once, at the end. `changed`: they are not as they were when
    the next line was written. `not_ours`: no process of this house wrote them. `rewritten`: this house has seen
    another line in the place of the last of them.
    """

    kind: Kind
    first: int
    last: int


@dataclass
class Walk:
    """Goes along the lines in their order, from behind `head` to the end.

    `kept` is how far this house has seen the chain go, by what it keeps outside the database. A mark is asked for
    behind it: what stands before it is what was seen, whatever became of the pepper it was marked with.
    """

    head: Head
    kept: Head
    peppers: Collection[bytes] = field(repr=False)
    breaks: list[Break] = field(default_factory=list)
    taken_in: list[tuple[int, int]] = field(default_factory=list)
    """First and last of each run of lines that a version without a chain wrote, and that a later line took in."""
    loose: int = 0
    """Such lines at the very end, which no line has taken in yet."""
    _unmarked: int = 0
    _keys: list[bytes] = field(default_factory=list, repr=False)

    def step(self, line: Line) -> None:
        """One line further."""
        expected, before = self.head.number + 1, self.head.digest
        if line.number != expected:
            self._found("missing", expected, line.number - 1)
        if line.previous is None:
            self.loose += 1
        else:
            before = self._chained(line, line.previous, is_next=line.number == expected)
        self.head = Head(line.number, line.digest(before))
        if self.head.number == self.kept.number and self.head != self.kept:
            self._found("rewritten", self._unmarked or line.number, line.number)

    def end(self) -> None:
        """There is no line more."""
        if self.head.number < self.kept.number:
            self._found("cut", self.head.number + 1, self.kept.number)

    def _chained(self, line: Line, previous: bytes, *, is_next: bool) -> bytes:
        is_ours = self._is_ours(line.mark or b"", line.digest(previous))
        if previous != self.head.digest and is_next:
            # Whoever marked it had the line before it in view, so it is that one that was changed.
            first, last = (line.number - max(1, self.loose), line.number - 1) if is_ours else (line.number, line.number)
            self._found("changed", first, last)
        elif self.loose:
            self.taken_in.append((line.number - self.loose, line.number - 1))
        self.loose = 0
        if not is_ours:
            self._unmarked = self._unmarked or line.number
            if line.number > self.kept.number:
                self._found("not_ours", line.number, line.number)
        return previous

    def _is_ours(self, found: bytes, digest: bytes) -> bool:
        # As `is_marked`, its keys derived once: a walk asks this for each of a hundred thousand lines.
        if not self._keys:
            self._keys = [mark_key(pepper, PURPOSE) for pepper in self.peppers]
        return any(hmac.compare_digest(found, hmac.digest(key, ctx(digest), "sha256")) for key in self._keys)

    def _found(self, kind: Kind, first: int, last: int) -> None:
        is_known = any(each.first <= first and last <= each.last for each in self.breaks)
        if not is_known and len(self.breaks) < MOST_BREAKS:
            self.breaks.append(Break(kind, first, last))


def sign_head(signer: Signer, head: Head, day: str) -> bytes:
    """64 bytes by which a person stands behind a head she took away."""
    return Ed25519PrivateKey.from_private_bytes(signer.private).sign(_said(head, day))


def is_signed(public: bytes, signature: bytes, head: Head, day: str) -> bool:
    """Whether the holder of this Ed25519 public key (32 bytes) signed just this head on this day."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _said(head, day))
    except (InvalidSignature, ValueError):
        return False
    return True


def _said(head: Head, day: str) -> bytes:
    return ctx("audit head", head.number.to_bytes(4, "big"), head.digest, day)
