"""Gathers what stands above the desk's list: a surge, since when something is new, a mail that did not go."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from portal.errors import Away
from portal.services import Services
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from tips.crowd import rows
from tips.crowd.digest import Digest
from tips.crowd.surges import DAYS, Surge, surge_of
from tips.crowd.tally import Tally

ONE_LOOK: Final = timedelta(minutes=10)
"""Within so long after the last page of the list, another one is the same look."""

REMEMBERED: Final = timedelta(days=14)


@dataclass(frozen=True)
class Signs:
    """What a person is shown. `since`: her last look before this one, where it is remembered."""

    surge: Surge | None = None
    since: datetime | None = None
    is_mail_stuck: bool = False


NO_SIGNS: Final = Signs()


class Lookout:
    """Reads the signs. Whatever store is away, the list stands without them."""

    def __init__(self, services: Services, tally: Tally, digest: Digest) -> None:
        self._services = services
        self._tally = tally
        self._digest = digest

    async def look(self, signed: Signed, *, is_hers: bool) -> Signs:
        """The signs for this person; a surge and the mail for whoever arranges who is called.

        `is_hers`: she asked for the page herself. What another site makes her browser ask for is no look of hers.
        """
        since, surge, is_stuck = None, None, False
        with contextlib.suppress(Away):
            since = await self._since(signed.staff_id, is_hers=is_hers)
        if signed.may(Right.ARRANGE_CALLS):
            with contextlib.suppress(Away):
                surge = await self._surge()
            with contextlib.suppress(Away):
                is_stuck = await self._digest.is_stuck()
        return Signs(surge, since, is_stuck)

    async def _since(self, staff_id: bytes, *, is_hers: bool) -> datetime | None:
        name = b"looked:" + sha256(b"looked|" + staff_id).digest()[:16]
        now = int(self._services.clock.now().timestamp())
        kept = await self._services.embers.get(name)
        before, last = (int.from_bytes(kept[:8], "big"), int.from_bytes(kept[8:], "big")) if kept else (0, now)
        if now - last > ONE_LOOK.total_seconds():
            before = last
        if is_hers:
            await self._services.embers.put(name, before.to_bytes(8, "big") + now.to_bytes(8, "big"), REMEMBERED)
        return datetime.fromtimestamp(before, UTC) if before else None

    async def _surge(self) -> Surge | None:
        today = self._services.clock.now().date()
        async with self._services.database.read() as connection:
            counted = await rows.count_by_day(connection, (today - timedelta(days=DAYS)).isoformat())
        by_day = {date.fromisoformat(day): number for day, number in counted.items()}
        first = min(by_day, default=today)
        before = [by_day.get(first + timedelta(days=back), 0) for back in range((today - first).days)]
        this_hour = 0
        with contextlib.suppress(Away):
            this_hour = await self._tally.this_hour()
        return surge_of(by_day.get(today, 0), this_hour, before)
