"""Reads and writes the rows of the people who work here."""

import asyncio
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.opening import is_set_up
from portal.staff.keys.keys_folder import KeysFolder, KeysFolderWrong
from portal.staff.keys.ledger import NotSetUp, StatementBook
from portal.staff.rights import Role
from portal.staff.tables import people
from portal.store.database import Database
from portal.vault.marks import mark
from portal.vault.sealing import sub

# Of whoever was here before there was such a thing: she goes on as she did.
BEFORE_TRAINING: Final = frozenset({"chat"})


@dataclass(frozen=True)
class Person:
    """Somebody who works here, as her row says. What a row says is enough for a list, never for a right or a key.

    `training`: what somebody has signed her off for. `second`: how her second proof stands (proofs/second.py).
    """

    id: bytes
    alias: str
    role: Role
    languages: tuple[str, ...]
    tongue: str
    is_active: bool
    generation: int
    open_public: bytes
    sign_public: bytes
    training: frozenset[str] = frozenset()
    second: str = ""


@dataclass(frozen=True)
class Lock:
    """What a sign-in needs of a row: how the passphrase was run, and what it opens."""

    person: Person
    find: bytes
    salt: bytes
    parameters: bytes
    pepper: int
    verifier: bytes
    bundle: bytes = field(repr=False)


class RowForged(PorchlightError):
    """A person's row was not written by this house: role, state or keys were changed from outside."""

    phrase: ClassVar[str] = "desk.error.row"
    status: ClassVar[int] = 503


class Accounts:
    """The people, looked up by id or by sign-in name; names are found by an HMAC, never kept.

    Every row carries a mark made with the pepper, which lies outside the database: somebody who can write rows can
    remove a person, but can neither make one nor change what she may do.
    """

    def __init__(self, database: Database, folder: KeysFolder) -> None:
        self._database = database
        self._folder = folder
        self._known: dict[int, bytes] = {}

    async def person(self, staff_id: bytes) -> Person | None:
        """One person, or None. Raises RowForged."""
        lock = await self.lock_of(staff_id)
        return None if lock is None else lock.person

    async def everyone(self) -> list[Person]:
        """Everybody, those who left included, in the order of their aliases. Raises RowForged."""
        await self.ready()
        async with self._database.read() as connection:
            rows = (await connection.execute(select(people).order_by(func.lower(people.c.alias), people.c.id))).all()
        return [self._believed(row).person for row in rows]

    async def lock_of(self, staff_id: bytes) -> Lock | None:
        """What the passphrase of one person is checked against, or None. Raises RowForged."""
        await self.ready()
        async with self._database.read() as connection:
            row = (await connection.execute(select(people).where(people.c.id == staff_id))).one_or_none()
        return None if row is None else self._believed(row)

    async def lock_by_name(self, folded: str) -> Lock | None:
        """The same by folded sign-in name, under any live pepper, or None."""
        await self.ready()
        finds = [find_name(folded, pepper) for pepper in self._known.values()]
        async with self._database.read() as connection:
            row = (await connection.execute(select(people).where(people.c.find.in_(finds)))).one_or_none()
        return None if row is None else self._believed(row)

    async def person_in(self, connection: AsyncConnection, staff_id: bytes) -> Person | None:
        """One person as the caller's transaction sees her, or None. Raises RowForged."""
        lock = await self.lock_in(connection, staff_id)
        return None if lock is None else lock.person

    async def lock_in(self, connection: AsyncConnection, staff_id: bytes) -> Lock | None:
        """The same with what her passphrase is checked against. Raises RowForged."""
        row = (await connection.execute(select(people).where(people.c.id == staff_id))).one_or_none()
        return None if row is None else self._believed(row)

    async def add(self, connection: AsyncConnection, lock: Lock, pepper: bytes) -> None:
        """Write a new person's row inside the caller's transaction; IntegrityError when her sign-in name is taken.

        `pepper` is the one `lock.pepper` numbers; handed in because the set-up writes the first row before the keys
        count as finished.
        """
        await connection.execute(insert(people).values(_row(lock, pepper)))

    async def change(self, connection: AsyncConnection, staff_id: bytes, **changes: Any) -> Person | None:
        """Change fields of a person (see Person) inside the caller's transaction; None when there is nobody.

        Raises RowForged. Any: the fields have different types; `dataclasses.replace` refuses unknown ones.
        """
        row = (await connection.execute(select(people).where(people.c.id == staff_id))).one_or_none()
        if row is None:
            return None
        before = self._believed(row)
        after = replace(before, person=replace(before.person, **changes))
        await connection.execute(
            update(people)
            .where(people.c.id == staff_id)
            .values(**_changeable(after.person), mark=mark_of(after, self.pepper(after.pepper)))
        )
        return after.person

    async def renew(self, connection: AsyncConnection, lock: Lock, pepper: bytes) -> None:
        """Write a known person's row anew, keys, passphrase and all, inside the caller's transaction.

        `pepper` as in `add`. IntegrityError when somebody else signs in with this name.
        """
        row = _row(lock, pepper)
        await connection.execute(update(people).where(people.c.id == row.pop("id")).values(row))

    async def move(self, before: Lock, pepper: int, find: bytes, verifier: bytes, bundle: bytes) -> None:
        """Put a person's row under another pepper, unless her passphrase was changed or moved meanwhile."""
        async with self._database.write() as connection:
            moved = replace(before, pepper=pepper, find=find, verifier=verifier, bundle=bundle)
            await self.relock(connection, before, moved)

    async def relock(self, connection: AsyncConnection, before: Lock, after: Lock) -> bool:
        """Put another lock on a person's row inside the caller's transaction; who she is and may do stays as it stands.

        False, and nothing is written, where her row is locked otherwise than in `before` by now. Raises RowForged.
        """
        row = (await connection.execute(select(people).where(people.c.id == before.person.id))).one_or_none()
        if row is None or (row.pepper, row.verifier) != (before.pepper, before.verifier):
            return False
        await self.renew(connection, replace(after, person=self._believed(row).person), self.pepper(after.pepper))
        return True

    async def keep_bundle(self, before: Lock, bundle: bytes) -> None:
        """Replace a bundle by a newer one of the same seed, unless somebody else did so first."""
        async with self._database.write() as connection:
            await connection.execute(
                update(people)
                .where(people.c.id == before.person.id, people.c.bundle == before.bundle)
                .values(bundle=bundle)
            )

    async def remove(self, connection: AsyncConnection, staff_id: bytes) -> None:
        """Take away the row of a person nobody ever vouched for."""
        await connection.execute(delete(people).where(people.c.id == staff_id))

    async def ready(self) -> None:
        """Read the peppers, once per process. Raises NotSetUp before the house is set up, KeysFolderWrong."""
        if self._known:
            return
        if not await asyncio.to_thread(self._folder.is_begun):
            raise NotSetUp("there are no keys")
        if await asyncio.to_thread(self._folder.is_unfinished):
            async with self._database.read() as connection:
                was_finished = await is_set_up(connection)
            if not was_finished:
                raise NotSetUp("a set-up was cut short")
            # Everything was committed and only the mark stayed behind: a kill in the very last step.
            await asyncio.to_thread(self._folder.finish)
        if await asyncio.to_thread(self._folder.prepared_root) is not None:
            # Whoever reads the book puts the files of a recovery in their place, the new pepper among them.
            await StatementBook(self._database, self._folder).current()
        self._known = await asyncio.to_thread(self._folder.peppers)

    def pepper(self, number: int) -> bytes:
        """The pepper of this number. Raises KeysFolderWrong when it is not among the keys."""
        try:
            return self._known[number]
        except KeyError:
            raise KeysFolderWrong("a pepper that rows still use is missing") from None

    def live_peppers(self) -> Collection[bytes]:
        """Every pepper a mark may have been made with."""
        return tuple(self._known.values())

    def newest_pepper(self) -> int:
        """The number of the pepper that new rows are made with."""
        return max(self._known)

    def _believed(self, row: Any) -> Lock:  # Any: a row of the database, typed nowhere before this line
        person = Person(
            id=row.id,
            alias=row.alias,
            role=Role(row.role),
            languages=tuple(row.languages.split()),
            tongue=row.tongue,
            is_active=row.is_active,
            generation=row.generation,
            open_public=row.open_public,
            sign_public=row.sign_public,
            training=BEFORE_TRAINING if row.training is None else frozenset(row.training.split()),
            second=row.second or "",
        )
        lock = Lock(person, row.find, row.salt, row.parameters, row.pepper, row.verifier, row.bundle)
        made = mark_of(lock, self.pepper(row.pepper), is_older=row.training is None and row.second is None)
        if not hmac.compare_digest(row.mark, made):
            raise RowForged("a person's row was changed from outside")
        return lock


def find_name(folded: str, pepper: bytes) -> bytes:
    """What a sign-in name is looked up by: without the pepper nobody can try names against a stolen disk."""
    return sub(pepper, "sign-in name", folded)


def _row(lock: Lock, pepper: bytes) -> dict[str, Any]:
    person = lock.person
    return {
        "id": person.id,
        "find": lock.find,
        **_changeable(person),
        "open_public": person.open_public,
        "sign_public": person.sign_public,
        "salt": lock.salt,
        "parameters": lock.parameters,
        "pepper": lock.pepper,
        "verifier": lock.verifier,
        "bundle": lock.bundle,
        "mark": mark_of(lock, pepper),
    }


def _changeable(person: Person) -> dict[str, Any]:
    return {
        "alias": person.alias,
        "role": person.role.value,
        "languages": " ".join(person.languages),
        "tongue": person.tongue,
        "is_active": person.is_active,
        "generation": person.generation,
        **_added(person),
    }


def _added(person: Person) -> dict[str, str]:
    return {"training": " ".join(sorted(person.training)), "second": person.second}


def mark_of(lock: Lock, pepper: bytes, *, is_older: bool = False) -> bytes:
    """The mark of a row. `is_older`: as a house marked it that knew of no training and no second proof."""
    person = lock.person
    added = _added(person)
    parts: tuple[bytes | str, ...] = (
        person.id,
        lock.find,
        *(str(value) for name, value in _changeable(person).items() if name not in added),
        person.open_public,
        person.sign_public,
        lock.salt,
        lock.parameters,
        lock.verifier,
        *(() if is_older else added.values()),
    )
    return mark(pepper, "staff row", *parts)
