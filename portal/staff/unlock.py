"""Opens a person's keys with her passphrase, at one pace and one price for right, wrong and unknown alike."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from portal.errors import PorchlightError
from portal.staff.accounts import Accounts, Lock, Person, find_name
from portal.staff.keys.ledger import BookBroken, StatementBook
from portal.staff.passphrase import fold_name
from portal.staff.proofs.asking import HAS_ONE
from portal.staff.rights import Role
from portal.staff.trail.audit_chain import NOBODY
from portal.vault.bundles import (
    Bundle,
    PasswordKeys,
    StaffKeys,
    lock_bundle,
    open_bundle,
    password_bytes,
    password_keys,
    salt_for_unknown,
    staff_keys,
)
from portal.vault.passwords import STAFF, Parameters, Pool, Pools
from portal.vault.statement import Signer
from portal.web.throttle import Throttle

# Ten tries at once, then one in thirty seconds. A stranger can slow one name down while he keeps trying, but in no
# browser that name has signed in from; the moment he stops it opens again everywhere.
TRIES: Final = 10
EACH_SECOND: Final = 1 / 30


class WrongPassphrase(PorchlightError):
    """This name and passphrase do not belong together, or to nobody who may come in."""

    phrase: ClassVar[str] = "desk.error.wrong_passphrase"
    status: ClassVar[int] = 403


class SecondWrong(WrongPassphrase):
    """The passphrase was right and the second proof was not: told to nobody outside, and counted."""

    def __init__(self, person: bytes) -> None:
        super().__init__("second proof")
        self.person = person


class TooManyTries(PorchlightError):
    """This name was tried too often just now."""

    phrase: ClassVar[str] = "desk.error.too_many_tries"
    status: ClassVar[int] = 429


@dataclass(frozen=True)
class Unlocked:
    """A person whose passphrase was right, with her own keys; kept for one act, never stored."""

    person: Person
    keys: StaffKeys

    @property
    def signer(self) -> Signer:
        """The same person as the signer of a statement."""
        return self.keys.signer(self.person.id)


# Whether the person of this row has brought her second proof; asked of None where a name is nobody's.
HasProved = Callable[[Lock | None], Awaitable[bool]]


async def has_proved_nothing(_lock: Lock | None) -> bool:
    """Nobody has: who has a second proof does not come in."""
    return False


def nobody_counts(_act: str, _staff_id: bytes = NOBODY) -> None:
    """For whoever tries passphrases where no audit is kept."""


class Unlocking:
    """Where every passphrase of the desk is tried.

    What fails is told to `count` (`Journal.count`), which writes it down later: for a name that nobody has as for
    others, so that the time an answer takes tells nobody which of the two it was.
    """

    def __init__(
        self, accounts: Accounts, book: StatementBook, pools: Pools, count: Callable[[str, bytes], None] = nobody_counts
    ) -> None:
        self._count = count
        self._accounts = accounts
        self._book = book
        self._pools = pools
        self._pace = Throttle(burst=TRIES, each_second=EACH_SECOND)
        self._pace_key = secrets.token_bytes(32)

    async def by_name(
        self, name: str, passphrase: str, device: bytes | None = None, has_proved: HasProved = has_proved_nothing
    ) -> Unlocked:
        """The person who signs in with this name and passphrase, and with a second proof if she has one.

        `device`: the browser she has signed in from before, with a pace and workers that strangers have no part in.
        Raises WrongPassphrase alike for an unknown name, a wrong passphrase, a wrong second proof and a person who was
        sent away, each after one look at the second proof and one Argon2 run; TooManyTries when this name was tried too
        often; PoolFull when too many try at once.
        """
        folded = fold_name(name)
        self._step(device or folded.encode(), NOBODY)
        lock = await self._accounts.lock_by_name(folded)
        # Before the run, and whoever it is: after it, the time would tell that the passphrase was right.
        is_proved = await has_proved(lock) or (lock is not None and lock.person.second != HAS_ONE)
        pool = self._pools.known if device else self._pools.staff
        try:
            return await self._open(lock, folded, passphrase, pool, is_proved=is_proved)
        except WrongPassphrase:
            self._count("desk.sign_in_failed", NOBODY if lock is None else lock.person.id)
            raise

    async def by_id(self, staff_id: bytes, passphrase: str, *, is_counted: bool = True) -> Unlocked:
        """The signed-in person, proving once more that it is still her. Raises as `by_name`.

        `is_counted`: a wrong passphrase is written down here; the lock and `Proving` write their own.
        """
        self._step(staff_id, staff_id)
        try:
            return await self._open(await self._accounts.lock_of(staff_id), "", passphrase, self._pools.known)
        except WrongPassphrase:
            if is_counted:
                self._count("desk.passphrase_wrong", staff_id)
            raise

    async def seed(self, staff_id: bytes, passphrase: str) -> tuple[Lock, bytes]:
        """The row of the signed-in person and the seed of her keys, to be locked under another passphrase at once.

        Raises as `by_id`; what is wrong is not written down here.
        """
        self._step(staff_id, staff_id)
        lock = await self._accounts.lock_of(staff_id)
        _, keys = await self._run(lock, "", passphrase, self._pools.known)
        if lock is None:
            raise WrongPassphrase("no such person")
        return lock, open_bundle(keys.lock, lock.person.id, lock.bundle).seed

    async def _open(
        self, lock: Lock | None, folded: str, passphrase: str, pool: Pool, *, is_proved: bool = True
    ) -> Unlocked:
        argon, keys = await self._run(lock, folded, passphrase, pool)
        if lock is None:
            raise WrongPassphrase("no such person")
        if not is_proved:
            raise SecondWrong(lock.person.id)
        bundle = open_bundle(keys.lock, lock.person.id, lock.bundle)
        unlocked = await self._with_bundle(lock, bundle, keys.lock)
        if folded and lock.pepper != self._accounts.newest_pepper():
            await self._renew(lock, folded, argon, bundle)
        return unlocked

    async def _run(self, lock: Lock | None, folded: str, passphrase: str, pool: Pool) -> tuple[bytes, PasswordKeys]:
        """What one Argon2 run gives, and the keys of it. Raises WrongPassphrase, for nobody's name after the same."""
        secret = password_bytes(passphrase)
        if lock is None:
            # The same run, and a comparison that cannot fit: who asks learns nothing from the time.
            pepper = self._accounts.pepper(self._accounts.newest_pepper())
            argon = await pool.run(STAFF, secret, salt_for_unknown(pepper, folded))
            password_keys(argon, pepper).fits(bytes(32))
            raise WrongPassphrase("no such person")
        argon = await pool.run(Parameters.decode(lock.parameters), secret, lock.salt)
        keys = password_keys(argon, self._accounts.pepper(lock.pepper))
        if not keys.fits(lock.verifier) or not lock.person.is_active:
            raise WrongPassphrase("wrong passphrase")
        return argon, keys

    async def _renew(self, lock: Lock, folded: str, argon: bytes, bundle: Bundle) -> None:
        """Move a row made with an older pepper under the newest: the same Argon2 run, another HMAC."""
        number, ledger = self._accounts.newest_pepper(), await self._book.current()
        pepper = self._accounts.pepper(number)
        keys = password_keys(argon, pepper)
        newer = lock_bundle(keys.lock, lock.person.id, Bundle(bundle.seed, ledger.root, ledger.latest))
        await self._accounts.move(lock, number, find_name(folded, pepper), keys.stored, newer)

    async def _with_bundle(self, lock: Lock, bundle: Bundle, lock_key: bytes) -> Unlocked:
        ledger = await self._book.current()
        # Her own memory of the book: a server given another chain, or a shorter one, is noticed by whoever comes back.
        if not ledger.knows_root(bundle.root_public) or not ledger.agrees_with(bundle.head):
            raise BookBroken("the book is not the one this person has seen")
        if ledger.head > bundle.head.number:
            newer = Bundle(bundle.seed, ledger.root, ledger.latest)
            await self._accounts.keep_bundle(lock, lock_bundle(lock_key, lock.person.id, newer))
        keys = staff_keys(bundle.seed)
        vouched = ledger.staff(lock.person.id)
        if vouched is not None and (vouched.open_public, vouched.sign_public) != (keys.open_public, keys.sign_public):
            raise BookBroken("the book names other keys for this person")
        return Unlocked(lock.person, keys)

    def _step(self, name: bytes, staff_id: bytes) -> None:
        # A name is remembered as a hash under a key of this process's memory, and only until it is idle.
        if not self._pace.allows(hashlib.blake2b(name, key=self._pace_key, digest_size=16).digest()):
            self._count("desk.slowed", staff_id)
            raise TooManyTries("pace")


async def make_lock(
    pools: Pools, person: Person, name: str, passphrase: str, bundle: Bundle, number: int, pepper: bytes
) -> Lock:
    """Run a new passphrase and lock a bundle with it: all of a row but the person herself. Raises PoolFull."""
    salt = secrets.token_bytes(16)
    keys = password_keys(await pools.staff.run(STAFF, password_bytes(passphrase), salt), pepper)
    return Lock(
        person=person,
        find=find_name(fold_name(name), pepper),
        salt=salt,
        parameters=STAFF.encode(),
        pepper=number,
        verifier=keys.stored,
        bundle=lock_bundle(keys.lock, person.id, bundle),
    )


def with_keys(person: Person, keys: StaffKeys) -> Person:
    """The same person with other keys; every session she had is over."""
    return replace(person, open_public=keys.open_public, sign_public=keys.sign_public, generation=person.generation + 1)


def new_person(
    staff_id: bytes,
    keys: StaffKeys,
    *,
    alias: str,
    role: Role,
    languages: tuple[str, ...],
    tongue: str,
    training: frozenset[str] = frozenset(),
) -> Person:
    """A person as she is on her first day: active, and in the first generation of her sessions."""
    return Person(
        id=staff_id,
        alias=alias,
        role=role,
        languages=languages,
        tongue=tongue,
        is_active=True,
        generation=1,
        open_public=keys.open_public,
        sign_public=keys.sign_public,
        training=training,
    )
