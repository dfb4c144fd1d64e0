"""Keeps the rows of second proofs: a code's secret, passkeys, the codes of the slip of paper; each sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.ids import random_id
from portal.staff.accounts import Accounts
from portal.staff.tables import factors
from portal.store.database import Database
from portal.vault.errors import SealBroken
from portal.vault.factors import open_factor, seal_factor


class Totp(msgspec.Struct, frozen=True, tag="totp"):
    """A secret of twenty bytes in somebody's app, by the name she gave it."""

    name: str
    secret: bytes

    def __repr__(self) -> str:
        return "Totp(...)"


class Passkey(msgspec.Struct, frozen=True, tag="passkey"):
    """A key pair whose private half is in a device of hers; all here is public, and still nobody else's business."""

    name: str
    credential: bytes
    public: bytes

    def __repr__(self) -> str:
        return "Passkey(...)"


class Slip(msgspec.Struct, frozen=True, tag="slip"):
    """The digests of ten codes on paper. Which of them are spent stands beside it, as bits."""

    digests: tuple[bytes, ...]

    def __repr__(self) -> str:
        return "Slip(...)"


Opened = Totp | Passkey | Slip
_packed: Final = msgspec.msgpack.Decoder(Opened)


@dataclass(frozen=True)
class Factor:
    """One second proof of one person; `used`: a passkey's counter, or the bits of the codes that are spent."""

    id: bytes
    person: bytes
    day: str
    used: int
    opened: Opened

    @property
    def kind(self) -> str:
        """What it is, in a word."""
        return _kind(self.opened)


def slips_left(slip: Factor) -> int:
    """How many codes of a slip are not spent; 0 of anything else."""
    return len(slip.opened.digests) - slip.used.bit_count() if isinstance(slip.opened, Slip) else 0


class Factors:
    """The rows. One that this house did not seal for this person counts as not there: it lets nobody in."""

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self._database = database
        self._accounts = accounts

    async def of(self, person: bytes) -> list[Factor]:
        """All of one person's, the oldest first."""
        async with self._database.read() as connection:
            return await self.held(connection, person)

    async def held(self, connection: AsyncConnection, person: bytes) -> list[Factor]:
        """The same, as the caller's transaction sees them."""
        await self._accounts.ready()
        asked = select(factors).where(factors.c.person == person).order_by(factors.c.day, factors.c.id)
        return [found for row in await connection.execute(asked) if (found := self._opened(row)) is not None]

    async def add(
        self, connection: AsyncConnection, person: bytes, opened: Opened, day: date, *, used: int = 0
    ) -> bytes:
        """Write a new one; its id. Raises TooLong."""
        await self._accounts.ready()
        row, number = random_id(), self._accounts.newest_pepper()
        kind = _kind(opened)
        sealed = seal_factor(self._accounts.pepper(number), row, person, kind, msgspec.msgpack.encode(opened))
        await connection.execute(
            insert(factors).values(
                id=row, person=person, kind=kind, day=day.isoformat(), pepper=number, used=used, sealed=sealed
            )
        )
        return row

    async def remove(self, connection: AsyncConnection, person: bytes, ids: Sequence[bytes]) -> None:
        """Take these away."""
        await connection.execute(delete(factors).where(factors.c.person == person, factors.c.id.in_(ids)))

    async def remove_all(self, connection: AsyncConnection, person: bytes) -> None:
        """Take all of one person's away, those that do not open among them."""
        await connection.execute(delete(factors).where(factors.c.person == person))

    async def mark_used(self, factor: Factor, used: int) -> bool:
        """It was used once more. False when somebody else used it meanwhile."""
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(factors)
                .where(factors.c.id == factor.id, factors.c.person == factor.person, factors.c.used == factor.used)
                .values(used=used)
            )
            return bool(changed.rowcount)

    def _opened(self, row: Any) -> Factor | None:  # Any: a row of the database, typed nowhere before this line
        try:
            raw = open_factor(self._accounts.pepper(row.pepper), row.id, row.person, row.kind, row.sealed)
            opened = _packed.decode(raw)
        except (SealBroken, msgspec.ValidationError):
            return None
        return Factor(row.id, row.person, row.day, row.used, opened) if _kind(opened) == row.kind else None


def _kind(opened: Opened) -> str:
    return {Totp: "totp", Passkey: "passkey", Slip: "slip"}[type(opened)]
