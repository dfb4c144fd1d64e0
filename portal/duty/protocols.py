"""Keeps a house's own protocol for each region: how it refers and reports there, in its own words."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, select

from portal.clock import Clock
from portal.duty.tables import protocols
from portal.numbers import region_ids
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.marks import is_marked, mark
from portal.web.sanitise import strip_markup, tidy_text

LONGEST: Final = 6_000  # letters
KEPT: Final = "protocol.kept"
_PURPOSE: Final = "region protocol"

_log = logging.getLogger("porchlight.gate")


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a house wrote for one region, its paragraphs in plain words, and on which day."""

    region: str
    words: str
    day: str

    @property
    def paragraphs(self) -> list[str]:
        """Its paragraphs; a line stays a line."""
        return [each for each in self.words.split("\n\n") if each.strip()]


class TooLong(ValueError):
    """More words than anybody reads with somebody on the line."""


class Protocols:
    """The book of protocols. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock

    async def all(self) -> Mapping[str, Protocol]:
        """Every one there is, by its region."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            rows = (await connection.execute(select(protocols))).all()
        read = [self._read(row) for row in rows]
        return {each.region: each for each in read if each is not None}

    async def of(self, region: str) -> Protocol | None:
        """The one of this region, None where the house wrote none."""
        return (await self.all()).get(region)

    async def keep(self, signed: Signed, region: str, words: str) -> None:
        """Write one, in place of what stood there; empty: there is none any more.

        Raises ValueError for a region nobody knows, TooLong.
        """
        if region not in set(region_ids()):
            raise ValueError("no such region")
        tidy = tidy_text(strip_markup(words.replace("\r\n", "\n"))).strip()
        if len(tidy) > LONGEST:
            raise TooLong("too many words")
        await self._staff.accounts.ready()
        number, day = self._staff.accounts.newest_pepper(), self._clock.now().date().isoformat()
        marked = mark(self._staff.accounts.pepper(number), _PURPOSE, region, tidy, day, signed.staff_id)
        kept = {"region": region, "words": tidy, "day": day, "by": signed.staff_id, "pepper": number, "mark": marked}
        async with self._database.write() as connection:
            await connection.execute(delete(protocols).where(protocols.c.region == region))
            if tidy:
                await connection.execute(insert(protocols).values(**kept))
            await audit.line(connection, at=self._clock.now(), act=KEPT, staff_id=signed.staff_id)

    def _read(self, row: Any) -> Protocol | None:  # Any: a row of the database
        if not is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, *said(row)):
            _log.error("protocol_refused")
            return None
        return Protocol(row.region, row.words, row.day)


def said(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: a row of the database
    """What the mark of a row is made of: its purpose, then its parts."""
    return _PURPOSE, row.region, row.words, row.day, row.by
