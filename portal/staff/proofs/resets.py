"""Takes a lost second proof away: one colleague asks, another who has heard her voice does it."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, PorchlightError
from portal.staff.accounts import Person
from portal.staff.proofs.asking import HAS_ONE, TAKEN_AWAY
from portal.staff.proofs.second import SecondProofs
from portal.staff.proving import Proving
from portal.staff.sessions.session import Signed
from portal.staff.tables import resets
from portal.staff.trail import audit
from portal.vault.marks import mark

if TYPE_CHECKING:
    from portal.services import Services

LASTS: Final = timedelta(days=2)


class NeedsTwo(PorchlightError):
    """A second proof is taken away by two people, and by none of them from herself."""

    phrase: ClassVar[str] = "coming.error.needs_two"
    status: ClassVar[int] = 422


@dataclass(frozen=True)
class Asked:
    """Somebody asked for it: who, on which day."""

    by: bytes
    day: str


@dataclass(frozen=True)
class Standing:
    """How a colleague's second proof stands: whether she has one, who asked to take it away, whether you may do so."""

    has_one: bool
    asked_by: str = ""
    is_mine_to_do: bool = False


class Resets:
    """The acts on a colleague's lost second proof.

    What they open: nothing. Keys are locked by the passphrase alone, so with both colleagues and without it there is
    no way to a word; with a passphrase that became known there is, which is why it takes two, by voice.
    """

    def __init__(self, services: "Services", proving: Proving, seconds: SecondProofs) -> None:
        self._services = services
        self._proving = proving
        self._seconds = seconds

    async def asked(self, person: bytes) -> Asked | None:
        """Whether somebody asked for it within two days."""
        async with self._services.database.read() as connection:
            return await self._asked(connection, person)

    async def standing(self, person: Person, signed: Signed) -> Standing:
        """The same for the page about her."""
        asked = await self.asked(person.id)
        if asked is None:
            return Standing(person.second == HAS_ONE)
        first = await self._services.staff.accounts.person(asked.by)
        is_mine = signed.staff_id not in (asked.by, person.id)
        return Standing(person.second == HAS_ONE, first.alias if first else "", is_mine)

    async def ask(self, signed: Signed, passphrase: str, person: bytes) -> None:
        """The first of two. Raises NeedsTwo for oneself, NotThere for one who has none, and as `Proving.prove`."""
        await self._check(signed, passphrase, person)
        day = self._services.clock.now().date().isoformat()
        async with self._services.database.write() as connection:
            await self._has_one(connection, person)
            await connection.execute(delete(resets).where(resets.c.person == person))
            row = {"person": person, "asked_by": signed.staff_id, "day": day}
            await connection.execute(insert(resets).values(row | {"mark": self._mark(person, signed.staff_id, day)}))
            await self._note(connection, signed, "second.reset_asked", person)

    async def do(self, signed: Signed, passphrase: str, person: bytes) -> None:
        """The second of two: her proofs are gone, and so are her sessions. Signing in she makes new ones first.

        Raises NeedsTwo for oneself and for whoever asked; NotThere when nobody did, and as `Proving.prove`.
        """
        await self._check(signed, passphrase, person)
        accounts = self._services.staff.accounts
        async with self._services.database.write() as connection:
            asked, generation = await self._asked(connection, person), await self._has_one(connection, person)
            if asked is None:
                raise NotThere("nobody asked")
            first = await accounts.person_in(connection, asked.by)
            if asked.by == signed.staff_id or first is None or not first.is_active:
                raise NeedsTwo("the same one, or one who left")
            await self._seconds.factors.remove_all(connection, person)
            await connection.execute(delete(resets).where(resets.c.person == person))
            await accounts.change(connection, person, second=TAKEN_AWAY, generation=generation + 1)
            await self._note(connection, signed, "second.reset", person)
        await self._services.staff.sessions.end_all(person)

    async def refuse(self, signed: Signed, person: bytes) -> None:
        """Somebody says that it must not be; she herself may too. It can be asked for again."""
        async with self._services.database.write() as connection:
            if (await connection.execute(delete(resets).where(resets.c.person == person))).rowcount:
                await self._note(connection, signed, "second.reset_refused", person)

    async def _check(self, signed: Signed, passphrase: str, person: bytes) -> None:
        if person == signed.staff_id:
            raise NeedsTwo("herself")
        await self._proving.prove(signed, passphrase)

    async def _has_one(self, connection: AsyncConnection, staff_id: bytes) -> int:
        person = await self._services.staff.accounts.person_in(connection, staff_id)
        if person is None or person.second != HAS_ONE:
            raise NotThere("nothing to take away")
        return person.generation

    async def _asked(self, connection: AsyncConnection, person: bytes) -> Asked | None:
        await self._services.staff.accounts.ready()
        row = (await connection.execute(select(resets).where(resets.c.person == person))).one_or_none()
        if row is None or row.day <= (self._services.clock.now() - LASTS).date().isoformat():
            return None
        # A row somebody else wrote would be half of what it takes.
        if not hmac.compare_digest(row.mark, self._mark(person, row.asked_by, row.day)):
            return None
        return Asked(row.asked_by, row.day)

    def _mark(self, person: bytes, by: bytes, day: str) -> bytes:
        accounts = self._services.staff.accounts
        return mark(accounts.pepper(accounts.newest_pepper()), "second proof lost", person, by, day)

    async def _note(self, connection: AsyncConnection, signed: Signed, act: str, person: bytes) -> None:
        await audit.line(connection, at=self._services.clock.now(), act=act, staff_id=signed.staff_id, subject=person)
