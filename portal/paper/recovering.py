"""Brings a house back from two of its sheets: a new secret, new sheets, and where it is asked for a person let in."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import delete, insert, select

from portal.errors import PorchlightError
from portal.ids import random_id
from portal.opening import Opening
from portal.paper import holders
from portal.staff.accounts import Accounts, Lock, Person
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.ledger import BookPage, StatementBook
from portal.staff.passphrase import check_name, check_passphrase, fold_name
from portal.staff.proofs.asking import NEVER_ASKED
from portal.staff.rights import Role
from portal.staff.tables import factors, grants
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY, AuditChain
from portal.staff.unlock import make_lock, new_person, with_keys
from portal.store.database import Database
from portal.vault.bundles import Bundle, StaffKeys, new_seed, staff_keys
from portal.vault.compartments import COMPARTMENTS, grant, open_granted
from portal.vault.keyfiles import new_pepper, seal_peppers
from portal.vault.passwords import Pools
from portal.vault.recovery import RecoveryKeys, new_recovery, recovery_keys
from portal.vault.sayings import say_grant, say_granter, say_recovery, say_root, say_staff
from portal.vault.sheets import SheetSet, new_sheets, set_of_root
from portal.vault.statement import RECOVERY, KeyRight

Opened = Mapping[str, Mapping[int, bytes]]


class NotThisHouse(PorchlightError):
    """The sheets are not those of this house, or of a set that was replaced."""

    phrase: ClassVar[str] = "desk.error.sheet_wrong"
    status: ClassVar[int] = 422


class KeysMissing(PorchlightError):
    """A compartment's key does not open with the recovery pair: rows were changed. A backup is what is left."""

    phrase: ClassVar[str] = "desk.error.book"
    status: ClassVar[int] = 503


@dataclass(frozen=True)
class NewPaper:
    """A new recovery secret with its sheets, shown and on paper before anything is changed."""

    root: RecoveryKeys = field(repr=False)
    sheets: SheetSet = field(repr=False)

    @classmethod
    def made(cls) -> "NewPaper":
        """Fresh ones."""
        secret = new_recovery()
        return cls(recovery_keys(secret), new_sheets(secret))


@dataclass(frozen=True)
class LetIn:
    """Who comes in by the sheets: her name at the sign-in, her passphrase, and the alias of a new account."""

    name: str
    passphrase: str
    alias: str = ""

    def __repr__(self) -> str:
        return "LetIn(...)"


@dataclass(frozen=True)
class Recovered:
    """What was done: the alias of whoever was let in (or empty), and the number of the pepper of new rows."""

    alias: str
    pepper: int


class Recovering:
    """One recovery of a house that does not run."""

    def __init__(self, database: Database, folder: KeysFolder, pools: Pools) -> None:
        self._database = database
        self._folder = folder
        self._pools = pools
        self._book = StatementBook(database, folder)
        self._accounts = Accounts(database, folder)
        self._opening = Opening(database, folder)
        # Where no process of the house writes, somebody has to know the audit's end.
        database.beside = database.beside or AuditChain(folder)

    async def look(self) -> frozenset[bytes]:
        """Read the book, and put in its place what a recovery that was cut off left behind.

        Answers which sets of sheets were this house's and were replaced since. Raises BookBroken.
        """
        return frozenset(set_of_root(each) for each in (await self._book.current()).roots[:-1])

    async def check(self, old: RecoveryKeys) -> None:
        """Whether these sheets are the house's and open all its keys. Raises NotThisHouse, KeysMissing, BookBroken."""
        await self._open(old)

    async def knows(self, name: str) -> bool:
        """Whether somebody signs in with this name already."""
        return await self._accounts.lock_by_name(fold_name(name)) is not None

    async def recover(
        self, old: RecoveryKeys, new: NewPaper, names: Sequence[str], at: datetime, let_in: LetIn | None = None
    ) -> Recovered:
        """Give the house a new root, recovery pair, sheets and pepper; `names` says who keeps which sheet.

        The new files of the keys folder are written beside the old ones, one transaction names the new root in the
        book and holds everything else, then the files change places. Killed before the commit, the recovery was not
        begun; after it, whoever reads the book next puts the files in their place. `let_in` becomes, with new keys of
        her own, an administrator who holds every compartment, by the word of the root itself. Raises NotThisHouse,
        KeysMissing, NameWrong, PassphraseWeak and its kinds, BookBroken, KeysFolderWrong, DatabaseAway.
        """
        opened = await self._open(old)
        await self._accounts.ready()
        peppers = await asyncio.to_thread(self._folder.every_pepper)
        number, pepper = max(peppers) + 1, new_pepper()
        coming = None if let_in is None else await self._coming(let_in, new, number, pepper)
        await asyncio.to_thread(
            self._folder.prepare,
            {**peppers, number: pepper},
            new.root.root_public,
            seal_peppers({**peppers, number: pepper}, new.root.open_public, new.sheets.locks),
        )
        async with self._book.writing() as page:
            await _hand_over(page, old, new, at.date(), opened)
            if coming is not None:
                await self._seat(page, new, coming, at.date(), opened, pepper)
            await holders.begin(page.connection, new.sheets.sheets, names, number, pepper)
            await self._opening.change(page.connection, is_sheet_kept=False)
            await audit.line(page.connection, at=at, act="keys.recovered", staff_id=NOBODY)
        await asyncio.to_thread(self._folder.settle)
        return Recovered(coming.lock.person.alias if coming else "", number)

    async def _open(self, old: RecoveryKeys) -> Opened:
        ledger = await self._book.current()
        if ledger.root != old.root_public or ledger.recovery != old.open_public:
            raise NotThisHouse("another root")
        async with self._database.read() as connection:
            found = await connection.execute(
                select(grants.c.statement, grants.c.seal).where(grants.c.holder == RECOVERY)
            )
            sealed = {row.statement: row.seal for row in found}
        opened = open_granted(ledger, RECOVERY, old.open_private, sealed)
        # An older version's key may have been erased on purpose: what was sealed to it is to stay closed.
        missing = [name for name in COMPARTMENTS if ledger.compartment(name).version not in opened.keys.get(name, {})]
        if missing:
            raise KeysMissing(f"the newest key of {', '.join(missing)} does not open")
        return opened.keys

    async def _coming(self, let_in: LetIn, new: NewPaper, number: int, pepper: bytes) -> "_Coming":
        check_passphrase(let_in.passphrase, check_name(let_in.name))
        before = await self._accounts.lock_by_name(fold_name(let_in.name))
        seed = new_seed()
        keys = staff_keys(seed)
        person = _person(before, keys, let_in)
        bundle = Bundle(seed, new.root.root_public, (await self._book.current()).latest)
        lock = await make_lock(self._pools, person, let_in.name, let_in.passphrase, bundle, number, pepper)
        return _Coming(lock, keys, is_new=before is None)

    async def _seat(
        self, page: BookPage, new: NewPaper, coming: "_Coming", day: date, opened: Opened, pepper: bytes
    ) -> None:
        root, person, keys = new.root.signer(), coming.lock.person, coming.keys
        await page.write(say_staff(page.latest, root, day, person.id, keys.open_public, keys.sign_public))
        await page.write(say_granter(page.latest, root, day, person.id, KeyRight))
        await page.connection.execute(delete(grants).where(grants.c.holder == person.id))
        # Whoever lost everything lost her second proof too; she is asked to make another when she comes in.
        await page.connection.execute(delete(factors).where(factors.c.person == person.id))
        await _grant_all(page, new, day, person.id, keys.open_public, opened)
        write = self._accounts.add if coming.is_new else self._accounts.renew
        await write(page.connection, coming.lock, pepper)


@dataclass(frozen=True)
class _Coming:
    lock: Lock
    keys: StaffKeys = field(repr=False)
    is_new: bool = True


def _person(before: Lock | None, keys: StaffKeys, let_in: LetIn) -> Person:
    """An administrator: the same person with other keys, or somebody new."""
    if before is not None:
        known = with_keys(before.person, keys)
        alias = let_in.alias or known.alias
        return replace(known, role=Role.ADMINISTRATOR, is_active=True, alias=alias, second=NEVER_ASKED)
    alias = let_in.alias or let_in.name
    return new_person(random_id(), keys, alias=alias, role=Role.ADMINISTRATOR, languages=("en",), tongue="en")


async def _hand_over(page: BookPage, old: RecoveryKeys, new: NewPaper, day: date, opened: Opened) -> None:
    """The old root's last word, the new one's first, and every compartment for the new recovery pair."""
    await page.write(say_root(page.latest, old.signer(), day, old.root_public, new.root.root_public))
    await page.write(say_recovery(page.latest, new.root.signer(), day, new.root.open_public))
    await page.connection.execute(delete(grants).where(grants.c.holder == RECOVERY))
    await _grant_all(page, new, day, RECOVERY, new.root.open_public, opened)


async def _grant_all(page: BookPage, new: NewPaper, day: date, holder: bytes, public: bytes, opened: Opened) -> None:
    for name in COMPARTMENTS:
        for version, private in sorted(opened[name].items()):
            named = page.ledger.compartment_version(name, version)
            if named is None:
                raise KeysMissing("the book names no such key")
            number = await page.write(
                say_grant(page.latest, new.root.signer(), day, holder, name, version, public, named)
            )
            seal = grant(private, public, compartment=name, version=version, holder=holder, statement=number)
            await page.connection.execute(insert(grants).values(statement=number, holder=holder, seal=seal))
