"""Lets somebody who forgot her passphrase begin anew: with keys that open nothing until a granter has heard her."""

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sqlalchemy import delete, insert, select

from portal.errors import NotThere, PorchlightError
from portal.staff.accounts import find_name
from portal.staff.codes import find_code, new_code, read_code
from portal.staff.keys.granting import LastOne, MayNotGrant, standing
from portal.staff.passphrase import check_name, check_passphrase
from portal.staff.proving import Proving
from portal.staff.sessions.session import Signed
from portal.staff.tables import anew_codes, grants
from portal.staff.trail import audit
from portal.staff.unlock import make_lock, with_keys
from portal.vault.bundles import Bundle, new_seed, staff_keys
from portal.vault.marks import mark
from portal.vault.sayings import say_revoke
from portal.vault.statements import KeyRight
from portal.web.throttle import Throttle

if TYPE_CHECKING:
    from portal.services import Services

LASTS: Final = timedelta(hours=24)
_PURPOSE: Final = "reset"


class AnewOver(PorchlightError):
    """The code is unknown, used, too old, or not for this name; all alike."""

    phrase: ClassVar[str] = "deskpaper.anew.over"
    status: ClassVar[int] = 403


class BeginningAnew:
    """The two halves of a reset: a granter takes the old keys and makes a code, its person makes herself new ones.

    Neither half opens anything. What the old keys opened is given again by a granter who compares digits, or not at
    all; whoever talks a granter into making a code has an account that reads nothing.
    """

    def __init__(self, services: "Services", proving: Proving) -> None:
        self._services = services
        self._proving = proving
        self._pace = Throttle(burst=20, each_second=0.2, names=1)

    async def begin(self, signed: Signed, passphrase: str, holder_id: bytes) -> str:
        """Revoke what a person held, end her sessions, and make a code for her; shown once, good for a day.

        Only somebody who may vouch does it, so that book and row never speak of different keys. Raises
        WrongPassphrase, TooManyTries, MayNotGrant, NotThere, and LastOne for oneself and for somebody without whom
        nobody could give keys any more: then two sheets are needed.
        """
        unlocked = await self._proving.prove(signed, passphrase)
        holder = await self._services.staff.accounts.person(holder_id)
        if holder is None or not holder.is_active:
            raise NotThere("nobody")
        if holder.id == signed.staff_id:
            raise LastOne("her own is changed, not taken")
        code, now = new_code(), self._services.clock.now()
        async with self._services.staff.ledger.writing() as page:
            if not page.ledger.may(signed.staff_id, KeyRight.VOUCH):
                raise MayNotGrant("no right to vouch")
            if standing(page.ledger, holder.id).is_vouched:
                await page.write(say_revoke(page.latest, unlocked.signer, now.date(), holder.id))
            await page.connection.execute(delete(grants).where(grants.c.holder == holder.id))
            accounts = self._services.staff.accounts
            await accounts.change(page.connection, holder.id, generation=holder.generation + 1)
            await page.connection.execute(delete(anew_codes).where(anew_codes.c.person == holder.id))
            ends = int((now + LASTS).timestamp())
            find, number = find_code(code.replace("-", "")), accounts.newest_pepper()
            row = {"find": find, "person": holder.id, "made_by": signed.staff_id, "ends": ends}
            marked = mark(accounts.pepper(number), _PURPOSE, *_parts(row))
            await page.connection.execute(insert(anew_codes).values(**row, pepper=number, mark=marked))
            await audit.line(
                page.connection, at=now, act="staff.reset_begun", staff_id=signed.staff_id, subject=holder.id
            )
        await self._services.staff.sessions.end_all(holder.id)
        return code

    async def accept(self, code: str, name: str, passphrase: str) -> None:
        """Use a code up: the same person with a new seed, which nobody has vouched for. Her sign-in name stays, and so
        does her second proof: whoever has the code alone has not that.

        Raises AnewOver, NameWrong, PassphraseWeak and its kinds, PoolFull. Whatever is wrong with name or passphrase,
        the code stays good.
        """
        found = await self._find(code)
        accounts = self._services.staff.accounts
        folded = check_name(name)
        check_passphrase(passphrase, folded)
        before = await accounts.lock_of(found.person)
        if before is None or not before.person.is_active:
            raise AnewOver("nobody")
        if not hmac.compare_digest(find_name(folded, accounts.pepper(before.pepper)), before.find):
            raise AnewOver("another name")
        number, seed = accounts.newest_pepper(), new_seed()
        keys, pepper = staff_keys(seed), accounts.pepper(number)
        ledger = await self._services.staff.ledger.current()
        person = with_keys(before.person, keys)
        bundle = Bundle(seed, ledger.root, ledger.latest)
        lock = await make_lock(self._services.pools, person, name, passphrase, bundle, number, pepper)
        async with self._services.staff.ledger.writing() as page:
            used = await page.connection.execute(delete(anew_codes).where(anew_codes.c.find == found.find))
            # Let in again meanwhile, with the keys she had: then those are hers, and the code is good for nothing.
            if used.rowcount != 1 or page.ledger.staff(person.id) is not None:
                raise AnewOver("used")
            await accounts.renew(page.connection, lock, pepper)
            await audit.line(page.connection, at=self._services.clock.now(), act="staff.reset", staff_id=person.id)
        await self._services.staff.sessions.end_all(person.id)

    async def remove_ended(self) -> None:
        """Take away what nobody used in time."""
        async with self._services.database.write() as connection:
            await connection.execute(delete(anew_codes).where(anew_codes.c.ends <= self._now()))

    async def _find(self, code: str) -> Any:  # Any: a row of the database
        signs = read_code(code)
        if signs is None or not self._pace.allows():
            raise AnewOver("no code")
        accounts = self._services.staff.accounts
        await accounts.ready()
        async with self._services.database.read() as connection:
            asked = select(anew_codes).where(anew_codes.c.find == find_code(signs), anew_codes.c.ends > self._now())
            row = (await connection.execute(asked)).one_or_none()
        if row is None:
            raise AnewOver("unknown")
        marked = mark(accounts.pepper(row.pepper), _PURPOSE, *_parts(row._mapping))
        if not hmac.compare_digest(row.mark, marked):
            raise AnewOver("forged")
        return row

    def _now(self) -> int:
        return int(self._services.clock.now().timestamp())


def _parts(row: Any) -> tuple[bytes | str, ...]:  # Any: a mapping of columns of different types
    return (row["find"], row["person"], row["made_by"], str(row["ends"]))
