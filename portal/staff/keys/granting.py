"""Gives keys to people and takes them away: each act signed by somebody who may, with her passphrase once more."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import delete, insert

from portal.errors import NotThere, PorchlightError
from portal.staff.accounts import Person
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.ledger import BookPage
from portal.staff.proving import Proving
from portal.staff.rights import Role
from portal.staff.sessions.session import Signed
from portal.staff.signin import SignIn
from portal.staff.tables import grants
from portal.staff.trail import audit
from portal.staff.unlock import Unlocked, Unlocking
from portal.vault.compartments import COMPARTMENTS, OpenedGrants, grant
from portal.vault.sayings import say_grant, say_granter, say_revoke, say_staff
from portal.vault.statements import KeyRight, Ledger, StaffPublic

if TYPE_CHECKING:
    from portal.services import Services


class MayNotGrant(PorchlightError):
    """This person was never given the right to vouch for others or to hand out keys; no role brings it by itself."""

    phrase: ClassVar[str] = "desk.error.may_not_grant"
    status: ClassVar[int] = 403


class CannotGive(PorchlightError):
    """Nobody gives a key she does not hold herself, to somebody who may not have one."""

    phrase: ClassVar[str] = "desk.error.cannot_give"
    status: ClassVar[int] = 422


class HeardOther(PorchlightError):
    """The digits that were typed are not those of this person's keys: misheard, or somebody exchanged the keys."""

    phrase: ClassVar[str] = "desk.keys.error.heard_other"
    status: ClassVar[int] = 422


class LastOne(PorchlightError):
    """The last person who can vouch and grant cannot be taken away: nobody could ever let anyone in again."""

    phrase: ClassVar[str] = "desk.error.last_one"
    status: ClassVar[int] = 422


@dataclass(frozen=True)
class Standing:
    """How one person stands in the book: vouched for, what she may sign, which compartments she can open."""

    is_vouched: bool
    may_sign: frozenset[KeyRight]
    holds: tuple[str, ...]

    @property
    def is_granter(self) -> bool:
        """Whether she can let others in."""
        return {KeyRight.VOUCH, KeyRight.GRANT} <= self.may_sign


def standing(ledger: Ledger, staff_id: bytes) -> Standing:
    """How a person stands in the verified book, whatever the rows say. Who has only an older key holds nothing."""
    public = ledger.staff(staff_id)
    if public is None:
        return Standing(False, frozenset(), ())
    newest = ledger.history.newest
    held = {given.compartment for given in ledger.grants(staff_id) if given.version == newest(given.compartment)}
    return Standing(True, public.rights, tuple(name for name in COMPARTMENTS if name in held))


class Granting:
    """The acts on other people's keys."""

    def __init__(self, services: "Services", unlocking: Unlocking, sign_in: SignIn) -> None:
        self._services = services
        self._proving = Proving(unlocking, services.staff.journal)
        self._sign_in = sign_in

    async def give(
        self,
        signed: Signed,
        passphrase: str,
        holder_id: bytes,
        compartments: Collection[str],
        *,
        heard: str,
        as_granter: bool = False,
    ) -> None:
        """Vouch for a person's keys if nobody has yet, and let her into the compartments named.

        `heard` are the digits the granter heard from the person herself and typed: no page shows them to her, so nobody
        can press on without the call, and keys that were exchanged behind the person's back have others. A person who
        made new keys is vouched for anew; with that her old ones are let in nowhere. With `as_granter` the person may
        from now on do the same for others. One transaction holds the statements, the sealed keys and the audit line.
        Raises WrongPassphrase, TooManyTries, HeardOther, MayNotGrant, CannotGive, NotThere, BookBroken.
        """
        unlocked = await self._proving.prove(signed, passphrase)
        holder = await self._person(holder_id)
        opened = await self._sign_in.open_grants(await self._services.staff.ledger.current(), unlocked)
        if not hmac.compare_digest(heard.encode(), "".join(spoken_digits(*_keys_of(holder))).encode()):
            await self._services.staff.journal.write_if_it_can("keys.heard_other", signed.staff_id)
            raise HeardOther("not the keys she compared")
        async with self._services.staff.ledger.writing() as page:
            mine = standing(page.ledger, signed.staff_id)
            if not mine.is_granter:
                raise MayNotGrant("no right to vouch or grant")
            if not holder.is_active or not set(compartments) <= set(mine.holds):
                raise CannotGive("not hers to give")
            if (compartments or as_granter) and holder.role is Role.INTERPRETER:
                raise CannotGive("who only joins needs no key: the visitor's yes gives her one")
            public = page.ledger.staff(holder.id)
            if public is None or (public.open_public, public.sign_public) != _keys_of(holder):
                public = await self._vouch(page, unlocked, holder)
            before = standing(page.ledger, holder.id)
            for name in COMPARTMENTS:
                if name in compartments and name not in before.holds:
                    await self._let_in(page, unlocked, holder.id, public, name, opened)
            if as_granter and not before.is_granter:
                await page.write(say_granter(page.latest, unlocked.signer, self._today, holder.id, mine.may_sign))
            await audit.line(
                page.connection,
                at=self._services.clock.now(),
                act="keys.granted",
                staff_id=signed.staff_id,
                subject=holder.id,
            )

    async def take(self, signed: Signed, passphrase: str, holder_id: bytes, compartment: str) -> None:
        """Take a person out of one compartment; she is signed out everywhere and finds its door closed.

        What she read or copied she has; new words stay sealed to a key she once held until the compartment's key is
        changed, which is due from here on (`portal.rotation`). What was sealed to her goes with the grant. Raises as
        `give`, and LastOne for the last holder of a compartment.
        """
        unlocked = await self._proving.prove(signed, passphrase)
        holder = await self._person(holder_id)
        async with self._services.staff.ledger.writing() as page:
            if not page.ledger.may(signed.staff_id, KeyRight.GRANT):
                raise MayNotGrant("no right to grant")
            if all(given.compartment != compartment for given in page.ledger.grants(holder.id)):
                raise NotThere("she does not hold it")
            others = page.ledger.holders(compartment, page.ledger.history.newest(compartment)) - {holder.id}
            if not any(page.ledger.may(other, KeyRight.GRANT) for other in others):
                raise LastOne("nobody else could give this key again")
            await self._forget_seals(page, holder, compartment)
            await page.write(say_revoke(page.latest, unlocked.signer, self._today, holder.id, compartment))
            await self._end_generation(page, signed, holder, "keys.taken", is_active=holder.is_active)
        await self._services.staff.sessions.end_all(holder.id)

    async def send_away(self, signed: Signed, passphrase: str, holder_id: bytes) -> None:
        """Deactivate a person: her sessions and sockets end at once and she cannot sign in.

        Somebody who may vouch also takes her out of the book in the same breath, so that no change of rows can bring
        her back; done by another administrator, that line is still owed and her page says so. Raises as `give`, and
        LastOne for oneself or the last granter.
        """
        unlocked = await self._proving.prove(signed, passphrase)
        holder = await self._person(holder_id)
        if holder.id == signed.staff_id:
            raise LastOne("nobody sends herself away")
        async with self._services.staff.ledger.writing() as page:
            if standing(page.ledger, holder.id).is_vouched and page.ledger.may(signed.staff_id, KeyRight.VOUCH):
                await self._forget_seals(page, holder)
                await page.write(say_revoke(page.latest, unlocked.signer, self._today, holder.id))
            elif standing(page.ledger, holder.id).is_granter:
                raise LastOne("only another granter sends a granter away")
            await self._end_generation(page, signed, holder, "staff.sent_away", is_active=False)
        await self._services.staff.sessions.end_all(holder.id)

    async def bring_back(self, signed: Signed, holder_id: bytes) -> None:
        """Let somebody sign in again. Her keys are given anew, by a granter, or not at all. Raises NotThere."""
        holder = await self._person(holder_id)
        if holder.is_active:
            return
        async with self._services.staff.ledger.writing() as page:
            await self._end_generation(page, signed, holder, "staff.back", is_active=True)

    async def _forget_seals(self, page: BookPage, holder: Person, compartment: str = "") -> None:
        """Delete what is sealed to her of one compartment, or of all: whoever guesses her passphrase finds nothing."""
        numbers = [given.statement for given in page.ledger.grants(holder.id) if compartment in ("", given.compartment)]
        await page.connection.execute(delete(grants).where(grants.c.statement.in_(numbers)))

    async def _vouch(self, page: BookPage, unlocked: Unlocked, holder: Person) -> StaffPublic:
        await self._forget_seals(page, holder)
        await page.write(
            say_staff(
                page.latest,
                unlocked.signer,
                self._today,
                holder.id,
                holder.open_public,
                holder.sign_public,
            )
        )
        public = page.ledger.staff(holder.id)
        if public is None:
            raise CannotGive("the book did not take her in")
        return public

    async def _let_in(
        self, page: BookPage, unlocked: Unlocked, holder: bytes, public: StaffPublic, name: str, opened: OpenedGrants
    ) -> None:
        for version, private in sorted(opened.keys.get(name, {}).items()):
            named = page.ledger.compartment_version(name, version)
            if named is None:
                raise CannotGive("the book names no such key")
            number = await page.write(
                say_grant(page.latest, unlocked.signer, self._today, holder, name, version, public.open_public, named)
            )
            seal = grant(
                private, public.open_public, compartment=name, version=version, holder=holder, statement=number
            )
            await page.connection.execute(insert(grants).values(statement=number, holder=holder, seal=seal))

    async def _end_generation(
        self, page: BookPage, signed: Signed, holder: Person, act: str, *, is_active: bool
    ) -> None:
        accounts = self._services.staff.accounts
        await accounts.change(page.connection, holder.id, is_active=is_active, generation=holder.generation + 1)
        await audit.line(
            page.connection,
            at=self._services.clock.now(),
            act=act,
            staff_id=signed.staff_id,
            subject=holder.id,
        )

    @property
    def _today(self) -> date:
        return self._services.clock.now().date()

    async def _person(self, staff_id: bytes) -> Person:
        person = await self._services.staff.accounts.person(staff_id)
        if person is None:
            raise NotThere("nobody")
        return person


def _keys_of(person: Person) -> tuple[bytes, bytes]:
    return person.open_public, person.sign_public
