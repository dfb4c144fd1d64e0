"""Houses that earlier versions left are brought up to date, and whoever lived in them finds all as it was."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal.backup.restore import Restore
from portal.clock import StillClock
from portal.settings import Secret, Settings
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.store.migrate import bring_up_to_date
from portal.store.revisions import newest_revision
from portal.upgrade.finding import Weight
from portal.upgrade.looking import look
from portal.vault.backups import read_cover
from portal.vault.keyfiles import locks_in
from portal.vault.passwords import Pools
from portal.vault.recovery import recovery_keys
from portal.vault.sheets import Sheet, open_with, read_paper
from tests.support.rooms import Valkeys, running, wire
from tests.support.server_process import REPOSITORY
from tests.tips.backups.shelf import opens
from tests.tips.conftest import _acts_of
from tips.receipt import Receipt
from tips.restoring import MARKS, erase_again

pytestmark = pytest.mark.anyio

KEPT = REPOSITORY / "tests" / "golden" / "houses"
VERSIONS = sorted(path.name for path in KEPT.iterdir())


@dataclass
class KeptHouse:
    """What a version left: its folder, and what somebody knows who lived in it."""

    folder: Path
    facts: dict[str, Any]
    settings: Settings

    def sheets(self) -> list[Sheet]:
        read = [read_paper(each) for each in self.facts["sheets"][1:]]
        return [each for each in read if isinstance(each, Sheet)]

    def restoring(self, settings: Settings) -> tuple[Restore, Path]:
        """A restore of its backup by two of its sheets."""
        (backup,) = self.folder.glob("*.house")
        with backup.open("rb") as source:
            locks = locks_in(read_cover(source).recovery_box)
        recovery = recovery_keys(open_with(locks or b"", *self.sheets()))
        return Restore(settings, recovery, MARKS, erase_again), backup


def told(short: str) -> list[Any]:
    """Every version; on every run only the one of which there is most to say, the others in the long run."""
    return [pytest.param(each, marks=[] if each == short else [pytest.mark.long]) for each in VERSIONS]


@pytest.fixture
def kept(request: pytest.FixtureRequest, valkeys: Valkeys, tmp_path: Path) -> KeptHouse:
    folder = tmp_path / "kept"
    with tarfile.open(KEPT / request.param / "house.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    (folder / "data").mkdir(mode=0o700)
    (folder / "porchlight.db").rename(folder / "data" / "porchlight.db")
    facts = json.loads((KEPT / request.param / "facts.json").read_text("utf-8"))
    there = Settings(
        data_dir=folder / "data",
        keys_dir=folder / "keys",
        redis_url=Secret(valkeys.durable.url),
        ember_url=Secret(valkeys.ember.url),
    )
    return KeptHouse(folder, facts, there)


def test_there_are_two_of_them() -> None:
    assert len(VERSIONS) >= 2


@pytest.mark.parametrize("kept", told(VERSIONS[-1]), indirect=True)
async def test_an_older_house_goes_on_as_it_was(kept: KeptHouse, clock: StillClock) -> None:
    ahead = await look(kept.settings, None, clock.now().date())
    assert all(each.weight < Weight.STOP for each in ahead), ahead

    assert await asyncio.to_thread(bring_up_to_date, kept.settings.database_path) is (
        kept.facts["revision"] != newest_revision()
    )

    await _is_as_it_was(kept, kept.settings, clock)


@pytest.mark.parametrize("kept", told(VERSIONS[0]), indirect=True)
async def test_its_backup_comes_back_on_a_bare_machine(kept: KeptHouse, clock: StillClock, tmp_path: Path) -> None:
    bare = dataclasses.replace(kept.settings, data_dir=tmp_path / "new", keys_dir=tmp_path / "new-keys")
    bare.data_dir.mkdir()
    restore, backup = kept.restoring(bare)

    restored = await asyncio.to_thread(restore.put_back, restore.plan(backup, None), replaces=False)

    assert restored.is_audit_whole
    await _is_as_it_was(kept, bare, clock)


async def _is_as_it_was(kept: KeptHouse, settings: Settings, clock: StillClock) -> None:
    """She signs in by her old passphrase, and the old number opens the old words: by the real Argon2 of that day."""
    services = wire(settings, clock)
    await services.pools.close()
    services.pools = Pools()
    async with running(services):
        unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
        signed_in = await SignIn(services, unlocking).sign_in(kept.facts["name"], kept.facts["passphrase"])
        house = _acts_of(services, clock, await services.staff.who(signed_in.token), "", ())
        assert await opens(house, Receipt(kept.facts["number"])) == [kept.facts["words"]]
