"""Writes lines of the audit that stand beside an act, and keeps those of what failed to a few a day."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portal.errors import Away, PorchlightError
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY

if TYPE_CHECKING:
    from portal.clock import Clock
    from portal.store.database import Database
    from portal.store.embers import Embers

WRITTEN_EVERY_S: Final = 3.0
COUNTED_FOR: Final = timedelta(hours=26)
MOST_WAITING: Final = 2_000
"""So many kinds of failures by so many people wait to be written; of more, nobody could make anything."""

_log = logging.getLogger("porchlight.staff")


class Journal:
    """What was done, by whom, on which day; each line in a transaction of its own.

    So a line of what failed stands though the transaction that failed was rolled back. Failures come in storms, and a
    row for each would let a stranger fill the disk and hide one true line among ten thousand. So they are counted, for
    each person and day, and the first, tenth, hundredth and so on is written down: `desk.sign_in_failed`, then
    `desk.sign_in_failed:10`. Of a name that nobody has, nothing is kept: it counts as nobody's.
    """

    def __init__(self, database: "Database", clock: "Clock", counts: "Embers") -> None:
        self._database = database
        self._clock = clock
        self._counts = counts
        self._waiting: Counter[tuple[str, bytes]] = Counter()

    async def write(self, act: str, staff_id: bytes, subject: bytes = b"") -> None:
        """One line. Raises DatabaseAway: for what must not be done without it."""
        async with self._database.write() as connection:
            await audit.line(connection, at=self._clock.now(), act=act, staff_id=staff_id, subject=subject)

    async def write_if_it_can(self, act: str, staff_id: bytes, subject: bytes = b"") -> None:
        """One line for what has happened already, and stands whether or not it can be written down."""
        try:
            await self.write(act, staff_id, subject)
        except PorchlightError as error:
            _log.error("not_noted act=%s error=%s", act, type(error).__name__)

    async def once_a_day(self, act: str, staff_id: bytes) -> None:
        """One line for the first time today that this person does it. Raises DatabaseAway: before it is done."""
        try:
            if not await self._counts.put_new(self._key(act, staff_id), b"1", COUNTED_FOR):
                return
        except Away:
            pass  # With nobody to remember it, it is written each time.
        try:
            await self.write(act, staff_id)
        except PorchlightError:
            with suppress(Away):
                await self._counts.delete(self._key(act, staff_id))
            raise

    async def refused(self, act: str, staff_id: bytes, subject: bytes = b"", *, times: int = 1) -> None:
        """Somebody tried this and was refused; written down now, where it is one of those that are."""
        number = await self._counted(act, staff_id, times)
        if number:
            await self.write_if_it_can(act if number == 1 else f"{act}:{number}", staff_id, subject)

    def count(self, act: str, staff_id: bytes = NOBODY) -> None:
        """The same, a moment later: whoever is refused learns nothing from how long the answer took."""
        if len(self._waiting) < MOST_WAITING or (act, staff_id) in self._waiting:
            self._waiting[act, staff_id] += 1

    async def settle(self) -> None:
        """Write down what was counted."""
        waiting, self._waiting = self._waiting, Counter()
        for (act, staff_id), times in waiting.items():
            await self.refused(act, staff_id, times=times)

    async def run(self) -> None:
        """Settle, for as long as the process lives, and once more at its end."""
        try:
            while True:
                await asyncio.sleep(WRITTEN_EVERY_S)
                await self.settle()
        finally:
            with suppress(Exception):
                await asyncio.wait_for(self.settle(), 1.0)

    async def _counted(self, act: str, staff_id: bytes, times: int) -> int:
        """The power of ten that was reached with these, or nothing."""
        try:
            now = await self._counts.count(self._key(act, staff_id), times, COUNTED_FOR)
        except Away:
            return 1
        return power_reached(now - times, now)

    def _key(self, act: str, staff_id: bytes) -> bytes:
        return b"au:" + self._clock.now().date().isoformat().encode() + act.encode() + staff_id


def power_reached(before: int, now: int) -> int:
    """The largest power of ten that lies behind `before` and not behind `now`; nothing where none does."""
    power = 1
    while power * 10 <= now:
        power *= 10
    return power if before < power <= now else 0
