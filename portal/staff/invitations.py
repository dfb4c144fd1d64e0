"""Brings a new person in: a one-time code that lasts a day, and the account she makes with it."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from portal.errors import PorchlightError
from portal.ids import random_id
from portal.staff.codes import find_code, new_code, read_code
from portal.staff.passphrase import check_name, check_passphrase
from portal.staff.rights import Role
from portal.staff.sessions.session import Signed
from portal.staff.tables import invitations
from portal.staff.trail import audit
from portal.staff.unlock import Unlocked, make_lock, new_person
from portal.vault.bundles import Bundle, new_seed, staff_keys
from portal.vault.marks import mark
from portal.web.throttle import Throttle

if TYPE_CHECKING:
    from portal.services import Services

LASTS: Final = timedelta(hours=24)


class InvitationOver(PorchlightError):
    """The code is unknown, used, too old or was taken back; all alike."""

    phrase: ClassVar[str] = "desk.error.invitation_over"
    status: ClassVar[int] = 403


class NameTaken(PorchlightError):
    """Somebody here already signs in with this name."""

    phrase: ClassVar[str] = "desk.error.name_taken"
    status: ClassVar[int] = 422


@dataclass(frozen=True)
class Invitation:
    """An invitation nobody has used yet. The code itself is kept nowhere."""

    find: bytes
    role: Role
    alias: str
    languages: tuple[str, ...]
    tongue: str
    invited_by: bytes
    ends: int
    training: frozenset[str] = frozenset()


class Invitations:
    """The acts of inviting and of accepting. What a person may read is given later, by somebody who knows her voice."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._pace = Throttle(burst=20, each_second=0.2, names=1)

    async def invite(
        self,
        signed: Signed,
        *,
        role: Role,
        alias: str,
        languages: tuple[str, ...],
        tongue: str,
        training: frozenset[str] = frozenset(),
    ) -> str:
        """A new one-time code, shown once and good for a day. `training`: what is known that they have learned."""
        code = new_code()
        ends = int((self._services.clock.now() + LASTS).timestamp())
        invitation = Invitation(
            find_code(code.replace("-", "")), role, alias, languages, tongue, signed.staff_id, ends, training
        )
        accounts = self._services.staff.accounts
        await accounts.ready()
        mark = _mark(invitation, accounts.pepper(accounts.newest_pepper()))
        async with self._services.database.write() as connection:
            await connection.execute(
                insert(invitations).values(
                    find=invitation.find,
                    role=role.value,
                    alias=alias,
                    languages=" ".join(languages),
                    tongue=tongue,
                    invited_by=signed.staff_id,
                    ends=ends,
                    mark=mark,
                    training=" ".join(sorted(training)),
                )
            )
            await self._note(connection, "staff.invited", signed.staff_id)
        return code

    async def waiting(self) -> list[Invitation]:
        """Invitations that can still be used, the next to end first."""
        async with self._services.database.read() as connection:
            rows = await connection.execute(
                select(invitations).where(invitations.c.ends > self._now()).order_by(invitations.c.ends)
            )
            return [_invitation(row) for row in rows]

    async def take_back(self, signed: Signed, find: bytes) -> None:
        """Make an invitation good for nothing; one that is over already is no matter."""
        async with self._services.database.write() as connection:
            gone = await connection.execute(delete(invitations).where(invitations.c.find == find))
            if gone.rowcount:
                await self._note(connection, "staff.uninvited", signed.staff_id)

    async def accept(self, code: str, name: str, passphrase: str) -> Unlocked:
        """Use a code up: a new person with keys of her own, whom nobody has vouched for yet.

        Raises InvitationOver, NameTaken, NameWrong, PassphraseWeak and its kinds, PoolFull. Whatever is wrong with
        the name or the passphrase, the code stays good.
        """
        invitation = await self._find(code)
        check_passphrase(passphrase, check_name(name))
        ledger = await self._services.staff.ledger.current()
        accounts = self._services.staff.accounts
        await accounts.ready()
        number, seed, staff_id = accounts.newest_pepper(), new_seed(), random_id()
        keys = staff_keys(seed)
        person = new_person(
            staff_id,
            keys,
            alias=invitation.alias,
            role=invitation.role,
            languages=invitation.languages,
            tongue=invitation.tongue,
            training=invitation.training,
        )
        bundle = Bundle(seed, self._services.staff.ledger.root_public, ledger.latest)
        pepper = accounts.pepper(number)
        lock = await make_lock(self._services.pools, person, name, passphrase, bundle, number, pepper)
        try:
            async with self._services.database.write() as connection:
                # Removed and counted in the transaction that makes the person: of two who use one code, one comes in.
                used = await connection.execute(delete(invitations).where(invitations.c.find == invitation.find))
                if used.rowcount != 1:
                    raise InvitationOver("used")
                await accounts.add(connection, lock, pepper)
                await self._note(connection, "staff.joined", staff_id)
        except IntegrityError:
            raise NameTaken("name") from None
        return Unlocked(person, keys)

    async def remove_ended(self) -> None:
        """Take away what nobody used in time."""
        async with self._services.database.write() as connection:
            await connection.execute(delete(invitations).where(invitations.c.ends <= self._now()))

    async def _find(self, code: str) -> Invitation:
        signs = read_code(code)
        if signs is None or not self._pace.allows():
            raise InvitationOver("no code")
        async with self._services.database.read() as connection:
            row = (
                await connection.execute(
                    select(invitations).where(invitations.c.find == find_code(signs), invitations.c.ends > self._now())
                )
            ).one_or_none()
        if row is None:
            raise InvitationOver("unknown")
        invitation = _invitation(row)
        accounts = self._services.staff.accounts
        await accounts.ready()
        pepper = accounts.pepper(accounts.newest_pepper())
        if not hmac.compare_digest(row.mark, _mark(invitation, pepper, is_older=row.training is None)):
            # Somebody who can write rows wrote himself a better role.
            raise InvitationOver("forged")
        return invitation

    def _now(self) -> int:
        return int(self._services.clock.now().timestamp())

    async def _note(self, connection: Any, act: str, staff_id: bytes) -> None:  # Any: SQLAlchemy's own connection
        await audit.line(connection, at=self._services.clock.now(), act=act, staff_id=staff_id)


def _invitation(row: Any) -> Invitation:  # Any: a row of the database, typed nowhere before this line
    return Invitation(
        row.find,
        Role(row.role),
        row.alias,
        tuple(row.languages.split()),
        row.tongue,
        row.invited_by,
        row.ends,
        frozenset((row.training or "").split()),
    )


def _mark(invitation: Invitation, pepper: bytes, *, is_older: bool = False) -> bytes:
    parts = (
        invitation.find,
        invitation.role.value,
        invitation.alias,
        " ".join(invitation.languages),
        invitation.tongue,
        invitation.invited_by,
        str(invitation.ends),
        *(() if is_older else (" ".join(sorted(invitation.training)),)),
    )
    return mark(pepper, "invitation", *parts)
