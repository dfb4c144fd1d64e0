"""Lets a person in: her passphrase opens her keys, her keys open what she was granted, a session holds it."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.rotation.turning import Turning
from portal.staff.accounts import Lock
from portal.staff.proofs.asking import HAS_ONE, NEVER_ASKED
from portal.staff.proofs.second import NOBODY, NOTHING, Found, SecondProofs, SecondTyped
from portal.staff.sessions.session import Signed
from portal.staff.tables import grants
from portal.staff.unlock import SecondWrong, Unlocked, Unlocking, WrongPassphrase
from portal.vault.compartments import OpenedGrants, open_granted
from portal.vault.statements import Ledger

if TYPE_CHECKING:
    from portal.services import Services

_log = logging.getLogger("porchlight.staff")


@dataclass(frozen=True)
class SignedIn:
    """What a sign-in gives: the cookie's token, and whether a sealed key was not what the book says.

    `is_asked`: she is to make a second proof. `wrong`: how often somebody had her passphrase and not that, lately.
    """

    token: str
    has_refused_keys: bool
    is_asked: bool = False
    wrong: int = 0


class SignIn:
    """The acts of coming in and going out."""

    def __init__(self, services: "Services", unlocking: Unlocking) -> None:
        self._services = services
        self._unlocking = unlocking
        self._seconds = SecondProofs(services)
        self._turning = Turning(services)

    async def sign_in(
        self,
        name: str,
        passphrase: str,
        before: Signed | None = None,
        *,
        device: bytes | None = None,
        second: SecondTyped = NOTHING,
    ) -> SignedIn:
        """A new session for the person with this name, passphrase and second proof; the one this browser came with is
        ended.

        `device`: this browser, where that name has signed in from it before. Whatever of the three is wrong, the answer
        and its time are one. Raises WrongPassphrase, TooManyTries, PoolFull, BookBroken, NotSetUp.
        """
        unlocked = await self._proved_twice(name, passphrase, device, second)
        if before is not None and before.staff_id == unlocked.person.id:
            return await self._in_place_of(before, unlocked)
        if before is not None:
            await self.sign_out(before)
        return await self.let_in(unlocked)

    async def _proved_twice(self, name: str, passphrase: str, device: bytes | None, typed: SecondTyped) -> Unlocked:
        found: Found | None = None

        async def has_proved(lock: Lock | None) -> bool:
            nonlocal found
            found = await self._seconds.look(lock, typed)
            return found is not None

        try:
            unlocked = await self._unlocking.by_name(name, passphrase, device, has_proved)
            if unlocked.person.second == HAS_ONE and (found is None or not await self._seconds.use(found)):
                raise SecondWrong(unlocked.person.id)
        except WrongPassphrase as wrong:
            await self._seconds.failed(wrong.person if isinstance(wrong, SecondWrong) else NOBODY)
            raise
        return unlocked

    async def unlock(self, signed: Signed, passphrase: str) -> SignedIn:
        """A new session in place of a locked one, for whoever proves that it is still her. Raises as `sign_in`.

        New, not the old one opened: whoever came by the old cookie while nobody sat there has nothing of it. Tries are
        counted beside those by name, so that a stranger who knows a name keeps nobody from the people she holds.
        """
        try:
            unlocked = await self._unlocking.by_id(signed.staff_id, passphrase, is_counted=False)
        except WrongPassphrase:
            await self._services.staff.locking.failed(signed.staff_id)
            raise
        return await self._in_place_of(signed, unlocked)

    async def _in_place_of(self, before: Signed, unlocked: Unlocked) -> SignedIn:
        """The new one first: what she holds is hers all the while."""
        signed_in = await self.let_in(unlocked, "desk.unlocked" if before.is_locked else "desk.signed_in")
        await self._services.staff.sessions.end_for_another(before.staff_id, before.session)
        return signed_in

    async def let_in(self, unlocked: Unlocked, act: str = "desk.signed_in") -> SignedIn:
        """A new session for a person whose keys are already open; what is due of the house's keys is changed first.

        Without its line in the audit there is none.
        """
        person = unlocked.person
        await self._services.staff.journal.write(act, person.id)
        await self._turning.turn_if_it_can(unlocked)
        ledger = await self._services.staff.ledger.current()
        opened = await self.open_grants(ledger, unlocked)
        if opened.refused:
            # Loud, but she comes in: with one key less, and with the others she can still help somebody.
            _log.error("sealed_keys_refused statements=%s", ",".join(map(str, opened.refused)))
        token = await self._services.staff.sessions.begin(person.id, person.generation, opened.keys, unlocked.signer)
        is_asked = self._services.staff.asking.asks(person.role, person.second)
        if is_asked and person.second == NEVER_ASKED:
            await self._begin_asking(person.id)
        wrong = await self._seconds.take_wrong(person.id)
        if wrong:
            await self._services.staff.journal.write_if_it_can("second.failed", person.id)
        return SignedIn(token, bool(opened.refused), is_asked, wrong)

    async def _begin_asking(self, staff_id: bytes) -> None:
        """The days in which she may put it off begin with her first sign-in."""
        today = self._services.clock.now().date().isoformat()
        await self._services.staff.accounts.ready()
        async with self._services.database.write() as connection:
            await self._services.staff.accounts.change(connection, staff_id, second=today)

    async def open_grants(self, ledger: Ledger, unlocked: Unlocked) -> OpenedGrants:
        """Every compartment key this person was granted, opened with her own."""
        async with self._services.database.read() as connection:
            rows = await connection.execute(
                select(grants.c.statement, grants.c.seal).where(grants.c.holder == unlocked.person.id)
            )
            sealed = {row.statement: row.seal for row in rows}
        return open_granted(ledger, unlocked.person.id, unlocked.keys.open_private, sealed)

    async def sign_out(self, signed: Signed) -> None:
        """End this session, here and on every socket that lives by it."""
        await self._services.staff.sessions.end(signed.staff_id, signed.session)
        await self._services.staff.journal.write_if_it_can("desk.signed_out", signed.staff_id)

    async def sign_out_everywhere(self, signed: Signed) -> int:
        """End every session of this person; returns how many there were."""
        ended = await self._services.staff.sessions.end_all(signed.staff_id)
        await self._services.staff.journal.write_if_it_can("desk.signed_out_everywhere", signed.staff_id)
        return ended
