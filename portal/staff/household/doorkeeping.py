"""Changes when the chat is open, and in which languages: hours, the zone they are meant in, and the switches."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.doors import Doors, Switch, Word
from portal.hours import Span
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit as audit_lines
from portal.staff.trail import audit
from portal.store.valkey import ValkeyAway

if TYPE_CHECKING:
    from portal.services import Services

DOORS_CHANNEL: Final = b"doors"  # hears that the doors were changed; how, says the next reading

# What the audit calls a take that passed over somebody who had waited longer; the reason follows.
PASSED_OVER: Final = "take."
REASONS: Final = ("language", "known", "danger", "other")


class Doorkeeping:
    """The acts on the chat's doors."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def doors(self) -> Doors:
        """The doors as the database holds them now; a page that changes them never shows an older moment."""
        async with self._services.database.read() as connection:
            return await self._services.doors.read(connection)

    async def set_zone(self, signed: Signed, zone: str) -> None:
        """In which zone all hours are meant."""
        async with self._services.database.write() as connection:
            await self._services.doors.set_zone(connection, zone)
            await self._write_down(connection, "chat.zone", signed)
        await self._tell()

    async def set_hours(self, signed: Signed, language: str, spans: Iterable[Span]) -> None:
        """The whole week of one language, or of every one that has none of its own."""
        async with self._services.database.write() as connection:
            await self._services.doors.set_hours(connection, language, spans)
            await self._write_down(connection, "chat.hours", signed)
        await self._tell()

    async def set_tongue(self, signed: Signed, language: str, *, is_on: bool) -> None:
        """Let chats begin in a language, or no more. Whoever talks or waits in it goes on."""
        async with self._services.database.write() as connection:
            await self._services.doors.set_tongue(connection, language, is_on=is_on)
            await self._write_down(connection, f"chat.{'on' if is_on else 'off'}.{language}", signed)
        await self._tell()

    async def set_calls_back(self, signed: Signed, *, calls_back: bool) -> None:
        """Say on the page of languages, or no more, that somebody can be called with an interpreter."""
        async with self._services.database.write() as connection:
            await self._services.doors.set_calls_back(connection, calls_back=calls_back)
            await self._write_down(connection, "chat.calls_back" if calls_back else "chat.calls_nobody", signed)
        await self._tell()

    async def switch(self, signed: Signed, word: Word, minutes: int | None) -> None:
        """Open or close the chat in every language, for so many minutes or until somebody says otherwise.

        Nobody who talks or waits notices: the doors are looked at when somebody begins.
        """
        until = None if minutes is None else self._services.clock.now() + timedelta(minutes=minutes)
        async with self._services.database.write() as connection:
            await self._services.doors.set_switch(connection, Switch(word, until, signed.staff_id))
            await self._write_down(connection, "chat.opened" if word == "open" else "chat.closed", signed)
        await self._tell()

    async def close_as_last(self, signed: Signed, minutes: int) -> None:
        """Close the chat for whoever goes as the last one; what was closed for longer stays so."""
        now = self._services.clock.now()
        switch, until = (await self.doors()).switched(now), now + timedelta(minutes=minutes)
        if switch is not None and switch.word == "closed" and (switch.until is None or switch.until >= until):
            return
        async with self._services.database.write() as connection:
            await self._services.doors.set_switch(connection, Switch("closed", until, signed.staff_id))
            await self._write_down(connection, "chat.closed_as_last", signed)
        await self._tell()

    async def let_hours_decide(self, signed: Signed) -> None:
        """Take the switch away: the hours decide again."""
        async with self._services.database.write() as connection:
            await self._services.doors.set_switch(connection, None)
            await self._write_down(connection, "chat.by_hours", signed)
        await self._tell()

    async def who_switched(self, switch: Switch | None) -> str:
        """The alias of whoever touched the switch last; empty when nobody did, or she is not there any more."""
        person = None if switch is None else await self._services.staff.accounts.person(switch.by)
        return "" if person is None else person.alias

    async def note_passed_over(self, signed: Signed, reason: str) -> None:
        """Write down that a take passed over somebody who had waited longer, and why; never whom she took."""
        async with self._services.database.write() as connection:
            await self._write_down(connection, PASSED_OVER + reason, signed)

    async def passed_over_today(self) -> Mapping[str, int]:
        """How often that was done today, by reason. By whom is not asked: a table of people makes them look busy."""
        today = self._services.clock.now().date().isoformat()
        acts = [PASSED_OVER + reason for reason in REASONS]
        counted = (
            select(audit_lines.c.act, func.count())
            .where(audit_lines.c.day == today, audit_lines.c.act.in_(acts))
            .group_by(audit_lines.c.act)
        )
        async with self._services.database.read() as connection:
            found = {act.removeprefix(PASSED_OVER): count for act, count in await connection.execute(counted)}
        return {reason: found.get(reason, 0) for reason in REASONS}

    async def _write_down(self, connection: AsyncConnection, act: str, signed: Signed) -> None:
        await audit.line(connection, at=self._services.clock.now(), act=act, staff_id=signed.staff_id)

    async def _tell(self) -> None:
        """Here it counts at once and elsewhere within a second, told or not; a desk that looks on hears of it."""
        self._services.doors.forget()
        with contextlib.suppress(ValkeyAway):
            await self._services.durable.publish(DOORS_CHANNEL, b"d")
