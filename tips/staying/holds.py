"""Keeps which tips a legal hold keeps: a list only ever added to, each row marked together with the one before it."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.services import Services
from portal.staff.tables import audit
from portal.vault.marks import is_marked, mark
from tips.staying.tables import tip_holds

HELD: Final = "held"
ENDED: Final = "ended"
Word = Literal["held", "ended"]

# The acts of the audit trail, one line for each row here.
ACTS: Final = {HELD: "tip.hold", ENDED: "tip.hold_ended"}

_PURPOSE: Final = "tip hold"
BEGINNING: Final = bytes(32)
_log = logging.getLogger("porchlight.tips")


class HoldsBroken(PorchlightError):
    """The list of holds is not as this house wrote it: nothing is purged, nothing held or freed, until it is."""

    phrase = "deskstay.broken"
    status = 409


@dataclass(frozen=True)
class Holds:
    """What the list says. `named` are all tips it ever held; `is_whole`: every row is ours and none is missing."""

    held: frozenset[bytes]
    named: frozenset[bytes]
    is_whole: bool
    length: int = 0
    last_mark: bytes = BEGINNING

    @property
    def stay(self) -> frozenset[bytes]:
        """What must not be erased: where somebody meddled with the list, everything it names."""
        return self.held if self.is_whole else self.named


def fold(rows: Iterable[tuple[int, bytes, str, bytes]], peppers: Collection[bytes]) -> Holds:
    """What rows (number, tip, word, mark) in their order say."""
    held: set[bytes] = set()
    named: set[bytes] = set()
    is_whole, before, length = True, BEGINNING, 0
    for number, tip, word, found in rows:
        length += 1
        is_whole &= number == length and is_marked(peppers, found, *said(number, tip, word, before))
        named.add(tip)
        (held.add if word == HELD else held.discard)(tip)
        before = found
    return Holds(frozenset(held), frozenset(named), is_whole, length, before)


class HoldList:
    """Reads the list, and adds to it, inside the caller's transaction."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def read(self, connection: AsyncConnection) -> Holds:
        """The list as it stands. Where it was changed from outside, that is logged and said by `is_whole`."""
        rows = (await connection.execute(select(tip_holds).order_by(tip_holds.c.n))).all()
        holds = fold(_typed(rows), (await self._peppers()).values())
        if not holds.is_whole:
            _log.error("tip_holds_refused")
        return holds

    async def audited(self, connection: AsyncConnection) -> Holds:
        """The same, compared with the audit trail too: rows cut off at the end are missed there."""
        holds = await self.read(connection)
        lines = await connection.scalar(select(func.count()).where(audit.c.act.in_(ACTS.values())))
        if holds.is_whole and lines == holds.length:
            return holds
        _log.error("tip_holds_refused")
        raise HoldsBroken("the list of holds was changed from outside")

    async def add(self, connection: AsyncConnection, tip_id: bytes, word: Word) -> None:
        """One row more; its line of the audit trail is the caller's, in the same transaction. Raises HoldsBroken."""
        holds = await self.audited(connection)
        peppers = await self._peppers()
        number = holds.length + 1
        made = mark(peppers[max(peppers)], *said(number, tip_id, word, holds.last_mark))
        await connection.execute(insert(tip_holds).values(n=number, tip=tip_id, word=word, mark=made))

    async def _peppers(self) -> Any:  # Any: a mapping of numbers to secrets, which has no type of its own
        return await asyncio.to_thread(self._services.staff.folder.peppers)


def said(number: int, tip: bytes, word: str, before: bytes) -> tuple[str, *tuple[bytes | str, ...]]:
    """What the mark of a row is made of, behind a row with the mark `before`: its purpose, then its parts."""
    return _PURPOSE, number.to_bytes(4, "big"), tip, word, before


def _typed(rows: Sequence[Row[Any]]) -> list[tuple[int, bytes, str, bytes]]:
    return [(row.n, row.tip, row.word, row.mark) for row in rows]
