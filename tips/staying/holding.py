"""What the desk does about how long a tip stays: keep it, hold it for the law, end that, erase it by hand."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, PorchlightError
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from tips.access import Doors, OpenTip
from tips.files import store as files
from tips.files.card import open_card
from tips.files.holding import is_held
from tips.parts import day_of
from tips.retention import KEYS, Retention
from tips.staying import rows
from tips.staying.clock import goes_from, waits_beyond
from tips.staying.holds import ACTS, ENDED, HELD, Holds, HoldsBroken
from tips.work.book import Book
from tips.work.card import DeskCard
from tips.work.entries import Entry, of_acts

HOLD: Final = "hold"
HOLD_ENDED: Final = "hold_ended"
FLAG: Final = "held"
SHORTEST_REASON: Final = 3
LONGEST_REASON: Final = 2_000


class ReasonNeeded(PorchlightError):
    """A hold begins and ends with a reason somebody can be asked about."""

    phrase = "deskstay.reason_needed"
    status = 400


class HeldNow(PorchlightError):
    """A hold keeps it: nobody erases it before the hold is ended."""

    phrase = "deskstay.held_now"
    status = 409


@dataclass(frozen=True)
class Stay:
    """How long one tip stays, as its page at the desk says it.

    `goes` is the day from which it would go; `waits`: it only stands because nobody has answered. `is_left`: its
    reporter has erased it. `is_undone`: the tip's own entries say held, the list does not; `is_broken`: somebody
    meddled with the list. `reasons`: every hold and end of one, in order.
    """

    goes: date | None
    waits: bool
    is_held: bool
    is_left: bool
    is_undone: bool
    is_broken: bool
    reasons: tuple[Entry, ...] = field(repr=False)


class Holding:
    """The acts. Each leaves its line in the audit trail, in the same transaction."""

    def __init__(self, services: Services, doors: Doors, book: Book, retention: Retention) -> None:
        self._services = services
        self._doors = doors
        self._book = book
        self._retention = retention

    async def stay(self, tip_id: bytes, entries: Iterable[Entry]) -> Stay:
        """How long this tip stays; `entries` as they were opened. Raises NotThere, DatabaseAway."""
        async with self._services.database.read() as connection:
            stands = await rows.standing(connection, tip_id)
            holds = await self._retention.holds.read(connection)
        if stands is None:
            raise NotThere("no such tip")
        reasons = of_acts(entries, HOLD, HOLD_ENDED)
        today = self._services.clock.now().date()
        return Stay(
            goes=None if stands.is_left else goes_from(stands.step, stands.look, stands.status),
            waits=waits_beyond(stands.step, stands.look, stands.status, today),
            is_held=tip_id in holds.stay,
            is_left=stands.is_left,
            is_undone=bool(reasons) and reasons[-1].act == HOLD and tip_id not in holds.held,
            is_broken=not holds.is_whole,
            reasons=tuple(reasons),
        )

    async def holds(self) -> Holds:
        """The list as it stands, compared with the audit trail. Raises DatabaseAway."""
        async with self._services.database.read() as connection:
            try:
                return await self._retention.holds.audited(connection)
            except HoldsBroken:
                return replace(await self._retention.holds.read(connection), is_whole=False)

    async def hold(self, signed: Signed, tip_id: bytes, reason: str, part: bytes) -> None:
        """Hold it: from now on nothing of it is erased for the desk. Raises NotThere, ReasonNeeded, HoldsBroken."""
        reason = _reason(reason)
        async with self._services.database.write() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            if tip is None:
                raise NotThere("no such tip")
            if tip_id in (await self._retention.holds.audited(connection)).held:
                return
            await self._retention.holds.add(connection, tip_id, HELD)
            held = partial(DeskCard.flagged, flag=FLAG, on=True)
            await self._book.write(connection, signed, tip, HOLD, part=part, text=reason, card=held, line=ACTS[HELD])

    async def end(self, signed: Signed, tip_id: bytes, reason: str, part: bytes) -> bool:
        """End the hold. What its reporter let go meanwhile goes at once: then True. Raises as `hold` does.

        Else the clock begins anew: whoever ended it may have been the last to know of it.
        """
        reason = _reason(reason)
        async with self._services.database.write() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            stands = await rows.standing(connection, tip_id)
            if tip is None or stands is None:
                raise NotThere("no such tip")
            if tip_id not in (await self._retention.holds.audited(connection)).held:
                return False
            await self._retention.holds.add(connection, tip_id, ENDED)
            freed = partial(DeskCard.flagged, flag=FLAG, on=False)
            await self._book.write(
                connection, signed, tip, HOLD_ENDED, part=part, text=reason, card=freed, line=ACTS[ENDED]
            )
            if stands.is_left:
                await self._retention.let_go(connection, [tip_id])
            else:
                await self._let_files_go(connection, tip)
        await self._make_sure(tip_id)
        return stands.is_left

    async def _let_files_go(self, connection: AsyncConnection, tip: OpenTip) -> None:
        """Erase the files their sender erased while the hold kept them, but those that are frozen."""
        for file in await files.of_tip(connection, tip.sealed.id):
            if open_card(tip.words_key, file).is_withdrawn and not await is_held(connection, file.id):
                await files.erase_for_good(connection, file.id, day_of(self._services.clock.now()))

    async def keep(self, signed: Signed, tip_id: bytes) -> None:
        """Somebody of the desk wants it kept: the clock begins anew. Raises NotThere, DatabaseAway."""
        async with self._services.database.write() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            if tip is None or not await rows.begins_anew(connection, tip_id):
                raise NotThere("no such tip")
            now = self._services.clock.now()
            await audit.line(connection, at=now, act="tip.kept", staff_id=signed.staff_id, subject=tip_id)

    async def erase(self, signed: Signed, tip_id: bytes) -> None:
        """Erase it by hand, all of it and its number. Raises NotThere, HeldNow, DatabaseAway."""
        async with self._services.database.write() as connection:
            if await self._doors.tip_for_advocate(connection, signed, tip_id) is None:
                raise NotThere("no such tip")
            if tip_id in (await self._retention.holds.read(connection)).stay:
                raise HeldNow("a hold keeps it")
            await self._retention.let_go(connection, [tip_id])
            now = self._services.clock.now()
            await audit.line(connection, at=now, act="tip.erased", staff_id=signed.staff_id, subject=tip_id)
        await self._make_sure(tip_id)

    async def _make_sure(self, tip_id: bytes) -> None:
        """Leave nothing in the log, and search at once: whoever did this reads on the next page what was found."""
        await self._retention.empty_the_log(*KEYS)
        with contextlib.suppress(PorchlightError, OSError):
            await self._retention.searching.once([tip_id])


def _reason(typed: str) -> str:
    reason = typed.strip()[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded("a hold needs a reason")
    return reason
