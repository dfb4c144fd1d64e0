"""Knows which old private halves are still sealed to somebody in the rows, and erases those nothing needs any more."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.rotation.due import ends_on
from portal.rotation.source import EVERY, of_compartment
from portal.staff.tables import grants
from portal.staff.trail import audit
from portal.vault.statements import Ledger

if TYPE_CHECKING:
    from portal.services import Services

_log = logging.getLogger("porchlight.staff")
NOBODY: Final = bytes(16)  # the house itself
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class OldHalf:
    """One version of a compartment that was followed by another, and the grants in which its private half lies."""

    compartment: str
    version: int
    statements: tuple[int, ...]


class OldHalves:
    """What is left of keys that were changed. The recovery pair's copy goes with the others': it opens nothing else."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def there(self, ledger: Ledger) -> list[OldHalf]:
        """Every old half that still lies in a row, the oldest version of a compartment first. Raises DatabaseAway."""
        async with self._services.database.read() as connection:
            return _among(ledger, list(await connection.scalars(select(grants.c.statement))))

    async def erase(self) -> list[OldHalf]:
        """Erase what is past its day and what no row needs; what was erased. It takes nobody's keys.

        What was sealed to it goes from logs and files first: killed after that, it is done again. Then the last look
        and the erasing are one transaction nobody else writes beside: a row that is still sealed to a version keeps
        that version's half, whatever day it is. Raises DatabaseAway, BookBroken.
        """
        ledger = await self._services.staff.ledger.current()
        today, gone = self._services.clock.now().date(), []
        for half in await self.there(ledger):
            ends = ends_on(ledger, half.compartment, half.version)
            if ends is not None and today >= ends and await self._erase_one(half):
                gone.append(half)
        if gone:
            await self._services.database.checkpoint(grants)
        return gone

    async def _erase_one(self, half: OldHalf) -> bool:
        database = self._services.database
        async with database.read() as connection:
            if await self._is_needed(connection, half):
                return False
        sources = of_compartment(self._services.sources, half.compartment)
        if not await database.checkpoint(*{source.table.name: source.table for source in sources}.values()):
            return False
        async with database.write() as connection:
            if await self._is_needed(connection, half):
                return False
            await self._erase(connection, half)
        return True

    async def _is_needed(self, connection: AsyncConnection, half: OldHalf) -> bool:
        sources = self._services.sources
        if not set(sources) >= EVERY:
            _log.error("old_key_kept reason=a_room_is_missing")
            return True
        counts = [
            await source.older(connection, half.version + 1) for source in of_compartment(sources, half.compartment)
        ]
        return any(counts)

    async def _erase(self, connection: AsyncConnection, half: OldHalf) -> None:
        for at in range(0, len(half.statements), _AT_ONCE):
            some = half.statements[at : at + _AT_ONCE]
            await connection.execute(delete(grants).where(grants.c.statement.in_(some)))
        await audit.line(
            connection,
            at=self._services.clock.now(),
            act="keys.old_erased",
            staff_id=NOBODY,
            subject=f"{half.compartment} {half.version}".encode(),
        )


def _among(ledger: Ledger, statements: list[int]) -> list[OldHalf]:
    found: dict[tuple[str, int], list[int]] = {}
    for number in statements:
        place = ledger.history.place_of(number)
        if place is not None and place[1] < ledger.history.newest(place[0]):
            found.setdefault(place, []).append(number)
    return [OldHalf(*place, tuple(sorted(numbers))) for place, numbers in sorted(found.items())]


def versions(halves: list[OldHalf]) -> Mapping[str, tuple[int, ...]]:
    """The same by compartment."""
    found: dict[str, tuple[int, ...]] = {}
    for half in halves:
        found[half.compartment] = (*found.get(half.compartment, ()), half.version)
    return found
