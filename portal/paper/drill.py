"""Rehearses the loss of everything with a small house of its own: nothing of the real one is read or changed."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from portal.assembly import make_services
from portal.backup.restore import EraseAgain, Restore
from portal.backup.take import BackupFailed, take
from portal.folder import make_folder
from portal.paper.asking import Asking
from portal.paper.overview import DRILLED
from portal.paper.recovering import LetIn, NewPaper, Recovering
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.setup import FirstWords, SetUp, setup_code
from portal.staff.signin import SignIn
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY, AuditChain
from portal.staff.unlock import Unlocking
from portal.store.database import Database
from portal.store.migrate import bring_up_to_date
from portal.vault.recovery import RecoveryKeys, recovery_keys
from portal.vault.sealing import open_seal_with, seal_to
from portal.vault.sheets import LOCKS_BYTES, Sheet

if TYPE_CHECKING:
    from portal.services import Services

T = TypeVar("T")
_NOWHERE: Final = "redis://127.0.0.1:1"  # the small house is never open: no store is asked
_NAME: Final = "drill"
_INFO: Final = "drill"
_WORD: Final = b"what was sealed before the loss"


class DrillFailed(Exception):
    """What a recovery needs did not work. The text says what, in a sentence."""


class Drill:
    """Two visits with days between them: one prints the sheets of the drill, one gathers two and recovers.

    Between them `drill/` in the data folder holds the small house's backup, its Locks, and a sealed word. The drill's
    sheets open nothing else, and its own program path is that of `restore` and `recover`.
    """

    def __init__(self, settings: Settings, asking: Asking, marks: str, erase_again: EraseAgain) -> None:
        self._settings = settings
        self._asking = asking
        self._marks = marks
        self._erase_again = erase_again
        self._folder = settings.data_dir / "drill"

    def run(self, *, is_anew: bool = False) -> None:
        """Begin a drill, or end the one that was begun. Raises NotTyped, DrillFailed."""
        if is_anew or not (self._folder / "locks").exists():
            self._begin()
        else:
            self._end()

    def _begin(self) -> None:
        """A small house, three sheets, its backup; then the house goes, as if its machine were lost."""
        shutil.rmtree(self._folder, ignore_errors=True)
        make_folder(self._folder)
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            there = _settings(Path(scratch))
            sheets = _in_house(there, lambda services: self._make(services, there))
            locks = (there.keys_dir / "recovery.box").read_bytes()[-LOCKS_BYTES:]
        self._asking.say("A drill. These sheets open nothing but a small house made for it.")
        for sheet in sheets:
            self._asking.hand_out(sheet)
        # Last: what was cut off before is begun again.
        (self._folder / "locks").write_bytes(locks)
        self._asking.say("Hand them out, as the real ones are. When two are back, run `server.py drill` again.")

    async def _make(self, services: Services, there: Settings) -> tuple[Sheet, ...]:
        words = FirstWords("Drill", "555-0100", "ca-on", "Drill", "first", _passphrase(), ("en",), "en")
        done = await SetUp(services).set_up(setup_code(there) or "", words, is_drill=True)
        version, public = (await services.staff.ledger.current()).compartment("tips")
        (self._folder / "word").write_bytes(seal_to(public, version, _WORD, _INFO))
        await take(there, self._folder, datetime.now(UTC).date())
        return done.sheets

    def _end(self) -> None:
        """Two sheets from their people, a bare machine, and somebody who opens the word with new keys."""
        secret = self._asking.secret((self._folder / "locks").read_bytes(), is_drill=True)
        began = time.monotonic()
        backup = next(iter(self._folder.glob("*.house")), None)
        if backup is None:
            raise DrillFailed("its backup is gone; begin again with --anew.")
        with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            there = _settings(Path(scratch))
            old, new, coming = recovery_keys(secret), NewPaper.made(), LetIn(_NAME, _passphrase(), "Drill")
            restore = Restore(there, old, self._marks, self._erase_again)
            try:
                restore.put_back(restore.plan(backup, None), replaces=False)
            except BackupFailed as failed:
                raise DrillFailed(str(failed)) from None
            self._asking.say("1. The backup is a house again, by two sheets alone.")
            _in_house(there, lambda services: _recover(services, old, new, coming))
            self._asking.say("2. The house has a new root, a new pepper and new sheets; somebody was let in.")
            word = (self._folder / "word").read_bytes()
            if _in_house(there, lambda services: _opens(services, coming, word)) != _WORD:
                raise DrillFailed("the word that was sealed before does not open.")
            self._asking.say("3. She signed in and opened what was sealed before the loss.")
        asyncio.run(self._write_down())
        shutil.rmtree(self._folder, ignore_errors=True)
        seconds = time.monotonic() - began
        self._asking.say(f"The drill is done ({seconds:.0f} s of work). Destroy its sheets.")

    async def _write_down(self) -> None:
        """The one thing the real house hears of it: a line of its audit, on this day."""
        database = Database(self._settings.database_place)
        # Read and never written: not even how far the audit goes is a drill's to write into the keys folder.
        database.beside = AuditChain(KeysFolder(self._settings.keys_dir, self._settings.data_dir))
        try:
            async with database.write() as connection:
                await audit.line(connection, at=datetime.now(UTC), act=DRILLED, staff_id=NOBODY)
        finally:
            await database.close()


async def _recover(services: Services, old: RecoveryKeys, new: NewPaper, coming: LetIn) -> None:
    recovering = Recovering(services.database, services.staff.folder, services.pools)
    await recovering.recover(old, new, ("", "", ""), datetime.now(UTC), coming)


async def _opens(services: Services, coming: LetIn, word: bytes) -> bytes:
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    unlocked = await unlocking.by_name(coming.name, coming.passphrase)
    opened = await SignIn(services, unlocking).open_grants(await services.staff.ledger.current(), unlocked)
    return open_seal_with(opened.keys.get("tips", {}), word, _INFO)


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", keys_dir=folder / "keys")


def _passphrase() -> str:
    return secrets.token_urlsafe(24)


def _in_house(there: Settings, act: Callable[[Services], Awaitable[T]]) -> T:
    """Do one thing in a house that nobody else is in."""
    bring_up_to_date(there.database_place)

    async def run() -> T:
        services = make_services(there, durable_url=_NOWHERE, ember_url=_NOWHERE)
        try:
            return await act(services)
        finally:
            await services.pools.close()
            await services.database.close()

    return asyncio.run(run())
