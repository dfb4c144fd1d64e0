"""Counts the answers to the one question after a talk, so that none can be tied to a talk, a person or a minute.

An answer arrives alone: no token, no talk, no language is with it. It raises one of three numbers in the store that has
no disk. Once a week, and only when at least `FLOOR` wait there, all of them are added to the quarter's row in one step.
What a disk shows is a row that grew by twenty or more between two Mondays; what is lost in a power cut was never tied
to anybody either.
"""

import contextlib
import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import insert, select, update

from portal.clock import Clock
from portal.errors import PorchlightError
from portal.quality.tables import afterwards
from portal.store.database import Database
from portal.store.embers import Embers
from portal.web.throttle import Throttle

ANSWERS: Final = ("yes", "some", "no")
FLOOR: Final = 20
WAIT: Final = timedelta(days=180)
_KEYS: Final = [b"af:" + answer.encode() for answer in ANSWERS]

_log = logging.getLogger("porchlight.quality")


class Afterwards:
    """The three numbers. Who presses a hundred times is counted a hundred times: it is a mood and no measure."""

    def __init__(self, embers: Embers, database: Database, clock: Clock) -> None:
        self._embers = embers
        self._database = database
        self._clock = clock
        # A script in a loop makes the figure worthless, and no more than that.
        self._pace = Throttle(burst=30, each_second=0.02, names=1)

    async def said(self, answer: str) -> None:
        """Count one. What is none of ours, or comes too fast, or cannot be counted now, is not counted: no matter."""
        if answer not in ANSWERS or not self._pace.allows():
            return
        with contextlib.suppress(PorchlightError):
            await self._embers.count(_KEYS[ANSWERS.index(answer)], 1, WAIT)

    async def gather(self) -> bool:
        """Add what waits to the quarter's row, once a week and never fewer than `FLOOR` together; whether it was."""
        today = self._clock.now().date()
        monday = (today - timedelta(days=today.weekday())).isoformat()
        try:
            if await self._is_done(monday) or sum(_numbers(await self._embers.get_many(_KEYS))) < FLOOR:
                return False
            taken = _numbers([await self._embers.take(key) for key in _KEYS])
            if sum(taken) >= FLOOR and await self._add(quarter_of(today), monday, taken):
                return True
            # Another process was first: what it left here waits on.
            for key, number in zip(_KEYS, taken, strict=True):
                if number:
                    await self._embers.count(key, number, WAIT)
        except PorchlightError as error:
            _log.warning("not_gathered error=%s", type(error).__name__)
        return False

    async def by_quarter(self) -> Mapping[str, tuple[int, int, int]]:
        """The counts of each quarter, the newest first."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(afterwards).order_by(afterwards.c.quarter.desc()))).all()
        return {row.quarter: (row.yes, row.some, row.no) for row in rows}

    async def _is_done(self, monday: str) -> bool:
        async with self._database.read() as connection:
            asked = select(afterwards.c.week).where(afterwards.c.week >= monday).limit(1)
            return (await connection.execute(asked)).one_or_none() is not None

    async def _add(self, quarter: str, monday: str, taken: list[int]) -> bool:
        added = dict(zip(ANSWERS, taken, strict=True))
        async with self._database.write() as connection:
            rows = (await connection.execute(select(afterwards))).all()
            if any(row.week >= monday for row in rows):
                return False
            one = next((row for row in rows if row.quarter == quarter), None)
            if one is None:
                await connection.execute(insert(afterwards).values(quarter=quarter, week=monday, **added))
                return True
            raised = {name: getattr(one, name) + number for name, number in added.items()}
            of_it = afterwards.c.quarter == quarter
            await connection.execute(update(afterwards).where(of_it).values(week=monday, **raised))
        return True


def quarter_of(day: date) -> str:
    """The quarter a day lies in, like 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _numbers(values: list[bytes | None]) -> list[int]:
    return [int(value) if value else 0 for value in values]
