"""A house's backups, the sheets that open them, and the house that comes out of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.backup.restore import Restore, Restored
from portal.backup.take import Taken, take
from portal.settings import Settings
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.backups import read_cover
from portal.vault.keyfiles import locks_in
from portal.vault.recovery import RecoveryKeys, recovery_keys
from portal.vault.sheets import open_with
from tests.support.rooms import running, wire
from tests.tips.conftest import WORDS, TipHouse, open_again
from tips.receipt import Receipt
from tips.restoring import MARKS, erase_again


@dataclass
class Shelf:
    """The folder where a house's backups go, and the sheets that open them."""

    house: TipHouse
    folder: Path

    async def take(self) -> Taken:
        return await take(self.house.services.settings, self.folder, self.house.clock.now().date())

    async def restore(
        self,
        settings: Settings,
        taken: Path,
        *,
        replaces: bool = False,
        secret: bytes | None = None,
        keys: Path | None = None,
    ) -> Restored:
        recovery = recovery_keys(secret) if secret else self.recovery(taken)
        put_back = Restore(settings, recovery, MARKS, erase_again)
        # A command of its own, with a loop of its own.
        return await asyncio.to_thread(put_back.put_back, put_back.plan(taken, keys), replaces=replaces)

    def recovery(self, taken: Path) -> RecoveryKeys:
        """What two of the sheets give with what a backup carries."""
        with taken.open("rb") as source:
            locks = locks_in(read_cover(source).recovery_box)
        return recovery_keys(open_with(locks or b"", *self.house.sheets[1:]))

    @asynccontextmanager
    async def at(self, settings: Settings) -> AsyncIterator[TipHouse]:
        """The house that was put back, with somebody signed in by her old name and passphrase."""
        async with running(wire(settings, self.house.clock)) as services:
            unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
            signed_in = await SignIn(services, unlocking).sign_in(WORDS.name, WORDS.passphrase)
            yield open_again(services, self.house.clock, await services.staff.who(signed_in.token), self.house)


async def opens(house: TipHouse, receipt: Receipt) -> list[str]:
    """What stands behind a number; nothing where it opens nothing."""
    visit = await house.doors.tip_for_receipt(receipt)
    return [] if visit is None else [words.text for words in (await house.follow_up.read(visit)).closed]
