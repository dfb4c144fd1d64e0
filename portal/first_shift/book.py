"""Keeps how far each person is in her first shift."""

from dataclasses import replace

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.first_shift.steps import STEPS, Progress, read_done, write_done
from portal.first_shift.tables import first_shifts
from portal.store.database import Database


class FirstShifts:
    """The acts on it. It opens nothing and decides nothing, so it stands under no mark and in no audit.

    Every act raises `DatabaseAway`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person: bytes) -> Progress:
        """How far she is."""
        async with self._database.read() as connection:
            return await _read(connection, person)

    async def tick(self, person: bytes, step: str) -> None:
        """She has done this step; done again it stays done. What is no step is none."""
        if step not in STEPS or step in (await self.of(person)).done:
            return
        async with self._database.write() as connection:
            before = await _read(connection, person)
            await _write(connection, person, replace(before, done=before.done | {step}))

    async def put_away(self, person: bytes, *, is_away: bool) -> None:
        """Offer it to her no more, or again; what she has done stays done."""
        async with self._database.write() as connection:
            await _write(connection, person, replace(await _read(connection, person), is_away=is_away))

    async def begin_again(self, person: bytes) -> None:
        """As if she had done nothing."""
        async with self._database.write() as connection:
            await _write(connection, person, Progress())


async def _read(connection: AsyncConnection, person: bytes) -> Progress:
    row = (await connection.execute(select(first_shifts).where(first_shifts.c.person == person))).one_or_none()
    return Progress() if row is None else Progress(read_done(row.done), row.is_away)


async def _write(connection: AsyncConnection, person: bytes, progress: Progress) -> None:
    await connection.execute(delete(first_shifts).where(first_shifts.c.person == person))
    row = {"person": person, "done": write_done(progress.done), "is_away": progress.is_away}
    await connection.execute(insert(first_shifts).values(row))
