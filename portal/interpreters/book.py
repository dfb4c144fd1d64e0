"""Keeps the cards of those who interpret for this house; an account number opens only by an act written down."""

import contextlib
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update

from i18n.spoken import spoken_of
from portal.clock import Clock
from portal.errors import PorchlightError
from portal.ids import random_id
from portal.interpreters.form import CardForm
from portal.interpreters.tables import interpreters
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.interpreters import open_account, seal_account
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, account_again

MOST: Final = 12
"""Cards a house keeps."""

KEPT_SECONDS: Final = 5.0
_PURPOSE: Final = "interpreter card"

_log = logging.getLogger("porchlight.interpreters")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One card. `languages`: tags of what is spoken there, none: every language; the number itself is not in it."""

    id: bytes
    provider: str
    phone: str
    hours: str
    languages: tuple[str, ...]
    has_account: bool

    def speaks(self, written: str) -> bool:
        """Whether somebody who reads `written` may find her language here."""
        return not self.languages or any(each.tag in self.languages for each in spoken_of(written))


class Full(PorchlightError):
    """There are as many cards as a house keeps."""

    phrase = "desk.interpreters.wrong.full"
    status = 409


class Interpreters:
    """The cards. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock
        self._known: tuple[Interpreter, ...] = ()
        self._read_at: float | None = None

    async def all(self) -> tuple[Interpreter, ...]:
        """Every card, in the order in which they were made. A row that is none of ours is left out, loudly."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            rows = (await connection.execute(select(interpreters).order_by(interpreters.c.place))).all()
        return tuple(_read(row) for row in rows if self._is_ours(row))

    async def known(self) -> tuple[Interpreter, ...]:
        """The same for pages everybody reads, some seconds old; what was known before while the database is away."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at > KEPT_SECONDS:
            self._read_at = now
            with contextlib.suppress(PorchlightError):
                self._known = await self.all()
        return self._known

    async def speaks(self, written: str) -> bool:
        """Whether an interpreter can be asked for somebody who reads this language. Never fails."""
        return any(each.speaks(written) for each in await self.known())

    async def add(self, signed: Signed, typed: CardForm) -> bytes:
        """A new card; answers its name. Raises Full, TooLong."""
        row = random_id()
        sealed = await self._sealed(row, typed.account)
        async with self._database.write() as connection:
            last, many = (
                await connection.execute(select(func.max(interpreters.c.place), func.count()).select_from(interpreters))
            ).one()
            if many >= MOST:
                raise Full
            values = self._marked(row, typed, sealed)
            await connection.execute(insert(interpreters).values(id=row, place=(last or 0) + 1, **values))
            await audit.line(
                connection, at=self._clock.now(), act="interpreter.added", staff_id=signed.staff_id, subject=row
            )
        self._read_at = None
        return row

    async def change(self, signed: Signed, row: bytes, typed: CardForm, *, drops_account: bool = False) -> bool:
        """What stands on a card; an empty account number leaves the one that is there, unless it is dropped.

        False where there is no such card. Raises TooLong.
        """
        sealed = await self._sealed(row, typed.account)
        await self._staff.accounts.ready()
        async with self._database.write() as connection:
            one = interpreters.c.id == row
            found = (await connection.execute(select(interpreters).where(one))).one_or_none()
            if found is None or not self._is_ours(found):
                return False
            kept = sealed or (b"" if drops_account else found.account)
            await connection.execute(update(interpreters).where(one).values(**self._marked(row, typed, kept)))
            await audit.line(
                connection, at=self._clock.now(), act="interpreter.changed", staff_id=signed.staff_id, subject=row
            )
        self._read_at = None
        return True

    async def remove(self, signed: Signed, row: bytes) -> None:
        """Take a card away, with its number. Done twice it is done once."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(interpreters).where(interpreters.c.id == row))
            if gone.rowcount:
                await audit.line(
                    connection, at=self._clock.now(), act="interpreter.removed", staff_id=signed.staff_id, subject=row
                )
        await self._database.checkpoint(interpreters)
        self._read_at = None

    async def write_opening(self, signed: Signed, row: bytes) -> bool:
        """Write down who opens a number, before it is shown to her; by whom and on which day, never for whom."""
        if await self._one(row) is None:
            return False
        async with self._database.write() as connection:
            await audit.line(
                connection, at=self._clock.now(), act="interpreter.opened", staff_id=signed.staff_id, subject=row
            )
        return True

    async def account(self, signed: Signed, row: bytes) -> str | None:
        """The number, with her key of the chat; None where there is none, or nothing of hers opens it."""
        found = await self._one(row)
        if found is None or not found.account:
            return None
        try:
            return open_account(signed.compartment_keys("chat"), row, found.account)
        except (KeyMissing, SealBroken):
            return None

    def source(self) -> Source:
        """What of the cards is sealed to a compartment, for whoever seals it to a newer key."""
        columns = interpreters.c
        return Source("interpreters.account", columns.id, columns.account, self._again)

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: as in `_one`
        if not self._is_ours(row):
            raise SealBroken("this card was not written here")
        account, number = account_again(row.account, turn, row.id), self._staff.accounts.newest_pepper()
        words = row.provider, row.phone, row.hours, row.languages
        made = mark(turn.pepper, _PURPOSE, row.id, *words, account)
        return {"account": account, "pepper": number, "mark": made}

    async def _one(self, row: bytes) -> Any:  # Any: a row of the database, typed nowhere before `_read`
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            found = (await connection.execute(select(interpreters).where(interpreters.c.id == row))).one_or_none()
        return found if found is not None and self._is_ours(found) else None

    async def _sealed(self, row: bytes, account: str) -> bytes:
        if not account:
            return b""
        version, public = (await self._staff.ledger.current()).compartment("chat")
        return seal_account(public, version, row, account)

    def _marked(self, row: bytes, typed: CardForm, account: bytes) -> dict[str, object]:
        words = typed.provider, typed.phone, typed.hours, " ".join(typed.languages)
        number = self._staff.accounts.newest_pepper()
        marked = mark(self._staff.accounts.pepper(number), _PURPOSE, row, *words, account)
        kept = dict(zip(("provider", "phone", "hours", "languages"), words, strict=True))
        return {**kept, "account": account, "pepper": number, "mark": marked}

    def _is_ours(self, row: Any) -> bool:  # Any: as above
        parts = row.id, row.provider, row.phone, row.hours, row.languages, row.account
        if is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _PURPOSE, *parts):
            return True
        _log.error("interpreter_card_refused")
        return False


def _read(row: Any) -> Interpreter:  # Any: as above
    return Interpreter(row.id, row.provider, row.phone, row.hours, tuple(row.languages.split()), bool(row.account))
