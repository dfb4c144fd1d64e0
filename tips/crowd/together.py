"""Closes many tips with one act, and opens them again with one: a batch a transaction, each tip as it was drawn or not.

Nothing is kept of an act but entries on its tips. Each says to which act it belongs and which tip comes first in it; on
that one stand the names of all. So whatever a kill leaves is whole: a batch is closed with its entries, or untouched.
"""

import contextlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import Away, NotThere
from portal.ids import ID_SIZE, from_text, to_text
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from tips import store
from tips.access import Doors
from tips.crowd import rows
from tips.tip import Status
from tips.work.book import Book, BookFull
from tips.work.entries import Entry, of_acts
from tips.work.sealed import open_entries

CLOSED: Final = "heap_closed"
LISTED: Final = "heap_listed"
UNDONE: Final = "heap_undone"

BATCH: Final = 25
"""Tips of one transaction: nobody else writes in it, and a frightened person waits no longer than for these."""

WORKS_FOR_SECONDS: Final = 15.0


@dataclass(frozen=True)
class Drawn:
    """A tip as somebody saw it on a page, with its mark then."""

    tip: bytes
    mark: bytes

    @property
    def written(self) -> str:
        """As a field of a form holds it."""
        return f"{to_text(self.tip)}.{to_text(self.mark)}"

    @classmethod
    def read(cls, field: str) -> "Drawn | None":
        """What a field holds; None where it holds something else."""
        tip, _, mark = field.partition(".")
        try:
            return cls(from_text(tip, ID_SIZE), from_text(mark, rows.MARK_SIZE))
        except ValueError:
            return None


@dataclass(frozen=True)
class Outcome:
    """What came of an act: how many tips it moved, how many it left as they are, how many it has not come to yet.

    `first`: the tip that names them all; None where none was moved.
    """

    moved: int
    left: int
    rest: int = 0
    first: bytes | None = None


@dataclass(frozen=True)
class Closing:
    """The act that closed a tip, by its own name and by the tip that names them all."""

    act: bytes
    first: bytes


def closing_of(status: Status, entries: Iterable[Entry]) -> Closing | None:
    """The act that closed this tip together with others; None where it did not, or anything came after it."""
    moves = of_acts(entries, CLOSED, UNDONE, "status")
    if status is not Status.CLOSED or not moves or moves[-1].act != CLOSED:
        return None
    said = moves[-1].said
    try:
        return Closing(from_text(said["heap"], ID_SIZE), from_text(said["first"], ID_SIZE))
    except (KeyError, ValueError):
        return None


class Together:
    """The acts. Safe to do twice, by two at once, and to go on with after a kill."""

    def __init__(self, services: Services, doors: Doors, book: Book) -> None:
        self._services = services
        self._doors = doors
        self._book = book

    async def drawn(self, tip_ids: Sequence[bytes]) -> list[Drawn]:
        """These tips as they are now, in this order. Raises DatabaseAway."""
        found: dict[bytes, bytes] = {}
        for at in range(0, len(tip_ids), 10 * BATCH):
            async with self._services.database.read() as connection:
                found |= await rows.marks(connection, tip_ids[at : at + 10 * BATCH])
        return [Drawn(tip, found[tip]) for tip in tip_ids if tip in found]

    async def close(self, signed: Signed, act: bytes, chosen: Sequence[Drawn]) -> Outcome:
        """Close these tips, but not one that is another than it was drawn: she wrote again, or a colleague had it.

        One audit line a batch, with how many; one entry a tip. Raises DatabaseAway, ChainBroken.
        """
        ends, outcome = time.monotonic() + WORKS_FOR_SECONDS, Outcome(0, 0)
        for at in range(0, len(chosen), BATCH):
            if at and time.monotonic() > ends:
                return Outcome(outcome.moved, outcome.left, len(chosen) - at, outcome.first)
            batch = chosen[at : at + BATCH]
            moved, first = await self._close_batch(signed, act, batch, outcome.first)
            outcome = Outcome(outcome.moved + moved, outcome.left + len(batch) - moved, 0, first)
            for each in batch:
                with contextlib.suppress(Away):
                    # Nobody need be called any more for what was judged here.
                    await self._services.alerts.settle("tip", each.tip, by=signed.staff_id)
        return outcome

    async def open_again(self, signed: Signed, closing: Closing) -> Outcome:
        """Put back what an act closed and nobody has moved since, each to where it stood. Raises NotThere,
        DatabaseAway, ChainBroken.
        """
        ends, outcome = time.monotonic() + WORKS_FOR_SECONDS, Outcome(0, 0, first=closing.first)
        named = await self._named(signed, closing)
        for at in range(0, len(named), BATCH):
            if at and time.monotonic() > ends:
                return Outcome(outcome.moved, outcome.left, len(named) - at, closing.first)
            batch = named[at : at + BATCH]
            moved = await self._open_batch(signed, closing, batch)
            outcome = Outcome(outcome.moved + moved, outcome.left + len(batch) - moved, 0, closing.first)
        return outcome

    async def _close_batch(
        self, signed: Signed, act: bytes, batch: Sequence[Drawn], first: bytes | None
    ) -> tuple[int, bytes | None]:
        closed: list[bytes] = []
        before = 0
        async with self._services.database.write() as connection:
            now = await rows.marks(connection, [each.tip for each in batch])
            for each in batch:
                if await rows.has_part(connection, each.tip, _part(act, CLOSED, each.tip)):
                    first, before = first or each.tip, before + 1
                elif now.get(each.tip) == each.mark and await self._close_one(connection, signed, act, each.tip, first):
                    first = first or each.tip
                    closed.append(each.tip)
            if closed and first is not None:
                await self._list(connection, signed, act, first, closed)
                await self._line(connection, signed, CLOSED, len(closed), first)
        return len(closed) + before, first

    async def _close_one(
        self, connection: AsyncConnection, signed: Signed, act: bytes, tip_id: bytes, first: bytes | None
    ) -> bool:
        tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
        if tip is None or tip.sealed.status is Status.CLOSED:
            return False
        said = {"heap": to_text(act), "first": to_text(first or tip_id), "from": tip.sealed.status.value}
        part = _part(act, CLOSED, tip_id)
        try:
            await self._book.write(connection, signed, tip, CLOSED, part=part, said=said, line=None)
        except BookFull:
            return False
        return await store.set_status(connection, tip_id, Status.CLOSED)

    async def _list(
        self, connection: AsyncConnection, signed: Signed, act: bytes, first: bytes, closed: Sequence[bytes]
    ) -> None:
        tip = await self._doors.tip_for_advocate(connection, signed, first)
        if tip is not None:
            text, said = " ".join(to_text(each) for each in closed), {"heap": to_text(act)}
            part = _part(act, LISTED, closed[0])
            with contextlib.suppress(BookFull):
                await self._book.write(connection, signed, tip, LISTED, part=part, said=said, text=text, line=None)

    async def _named(self, signed: Signed, closing: Closing) -> list[bytes]:
        entries = await self._entries(signed, closing.first)
        lists = [each.text for each in of_acts(entries, LISTED) if each.said.get("heap") == to_text(closing.act)]
        named = [from_text(name, ID_SIZE) for text in lists for name in text.split()]
        if not named:
            raise NotThere("no such act")
        return named

    async def _entries(self, signed: Signed, tip_id: bytes) -> list[Entry]:
        async with self._services.database.read() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            kept = await store.read_parts(connection, tip_id)
        if tip is None:
            raise NotThere("no such tip")
        return open_entries(tip, kept)[0]

    async def _open_batch(self, signed: Signed, closing: Closing, batch: Sequence[bytes]) -> int:
        moved = 0
        async with self._services.database.write() as connection:
            for tip_id in batch:
                moved += await self._open_one(connection, signed, closing, tip_id)
            if moved:
                await self._line(connection, signed, UNDONE, moved, closing.first)
        return moved

    async def _open_one(self, connection: AsyncConnection, signed: Signed, closing: Closing, tip_id: bytes) -> bool:
        tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
        if tip is None:
            return False
        entries, _ = open_entries(tip, await store.read_parts(connection, tip_id))
        if closing_of(tip.sealed.status, entries) != closing:
            return False
        was = Status(of_acts(entries, CLOSED)[-1].said.get("from", Status.NEW.value))
        said, part = {"heap": to_text(closing.act), "to": was.value}, _part(closing.act, UNDONE, tip_id)
        try:
            await self._book.write(connection, signed, tip, UNDONE, part=part, said=said, line=None)
        except BookFull:
            return False
        return await store.set_status(connection, tip_id, was)

    async def _line(self, connection: AsyncConnection, signed: Signed, act: str, number: int, first: bytes) -> None:
        now = self._services.clock.now()
        await audit.line(connection, at=now, act=f"tip.{act}:{number}", staff_id=signed.staff_id, subject=first)


def _part(act: bytes, what: str, tip_id: bytes) -> bytes:
    """The name of an entry: the same for the same act, so that pressed twice it is written once."""
    return sha256(b"|".join([act, what.encode(), tip_id])).digest()[:ID_SIZE]
