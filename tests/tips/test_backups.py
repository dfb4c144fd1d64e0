"""A backup tells nothing, comes back whole, and never brings back what was erased meanwhile."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.backup import rows
from portal.backup.restore import Restore, Restored
from portal.backup.take import BackupFailed, Taken, day_of, take
from portal.settings import Settings
from portal.staff.audit import line
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.backups import Kind, SealedBackup, open_pieces, read_cover
from portal.vault.recovery import new_recovery, read_sheet, recovery_keys
from tests.support.rooms import running, wire
from tests.tips.conftest import WORDS, TipHouse, open_again
from tests.tips.test_filing import FORM, file_with_receipt
from tips import store
from tips.receipt import Receipt
from tips.restoring import MARKS, erase_again

pytestmark = pytest.mark.anyio

CANARIES = ("Robin", "robin.first", "Lamp House", FORM.words, FORM.place, FORM.reach)


@dataclass
class Shelf:
    """The folder where a house's backups go, and the sheet that opens them."""

    house: TipHouse
    folder: Path

    async def take(self) -> Taken:
        return await take(self.house.services.settings, self.folder, self.house.clock.now().date())

    def restore(
        self, settings: Settings, taken: Path, *, replaces: bool = False, sheet: bytes | None = None
    ) -> Restored:
        recovery = recovery_keys(sheet or read_sheet(self.house.sheet))
        put_back = Restore(settings, recovery, MARKS, erase_again)
        return put_back.put_back(put_back.plan(taken, None), replaces=replaces)

    @asynccontextmanager
    async def at(self, settings: Settings) -> AsyncIterator[TipHouse]:
        """The house that was put back, with somebody signed in by her old name and passphrase."""
        async with running(wire(settings, self.house.clock)) as services:
            unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
            signed_in = await SignIn(services, unlocking).sign_in(WORDS.name, WORDS.passphrase)
            yield open_again(services, self.house.clock, await services.staff.who(signed_in.token), self.house)


@pytest.fixture
def shelf(house: TipHouse, tmp_path: Path) -> Shelf:
    folder = tmp_path / "backups"
    folder.mkdir()
    return Shelf(house, folder)


@pytest.fixture
def bare(house: TipHouse, tmp_path: Path) -> Settings:
    """Another machine, on which there is nothing."""
    there = dataclasses.replace(house.services.settings, data_dir=tmp_path / "new", keys_dir=tmp_path / "new-keys")
    there.data_dir.mkdir()
    return there


async def _opens(house: TipHouse, receipt: Receipt) -> list[str]:
    visit = await house.doors.tip_for_receipt(receipt)
    return [] if visit is None else [words.text for words in (await house.follow_up.read(visit)).closed]


async def test_on_a_bare_machine_everything_is_there_again(shelf: Shelf, bare: Settings) -> None:
    filing, receipt = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    restored = shelf.restore(bare, taken.house)
    assert (restored.erased, restored.people) == (0, ["Robin"])
    async with shelf.at(bare) as there:
        assert await _opens(there, receipt) == [FORM.words]
        assert [words.text for words in (await there.review.open(there.robin, filing.tip)).words] == [FORM.words]
        # It goes on: another tip is sealed to the same keys, and read.
        more, its = await file_with_receipt(there)
        assert await _opens(there, its) == [FORM.words]
        assert (await there.review.open(there.robin, more.tip)).words


async def test_neither_file_tells_anything(shelf: Shelf) -> None:
    filing, receipt = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    for path in (taken.house, taken.keys):
        held = path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
        for canary in (*(word.encode() for word in CANARIES), filing.tip, receipt.code.encode()):
            assert canary not in held
        assert (shelf.house.services.settings.keys_dir / "pepper").read_bytes()[6:] not in held
    assert sorted(each.name for each in shelf.folder.iterdir()) == sorted([taken.house.name, taken.keys.name])


async def test_what_was_erased_stays_gone_in_the_place_of_the_same_house(shelf: Shelf) -> None:
    kept, its_number = await file_with_receipt(shelf.house)
    erased, number = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    await shelf.house.follow_up.erase(erased.visit)
    settings = shelf.house.services.settings
    with pytest.raises(BackupFailed, match="--replace"):
        shelf.restore(settings, taken.house)
    await shelf.house.services.database.close()
    assert shelf.restore(settings, taken.house, replaces=True).erased == 1
    async with shelf.at(settings) as there:
        assert await _opens(there, number) == []
        assert await _opens(there, its_number) == [FORM.words]
        async with there.services.database.read() as connection:
            assert await store.read_tip(connection, erased.tip) is None
            assert await store.read_parts(connection, erased.tip) == []
            assert await store.read_tip(connection, kept.tip) is not None


async def test_what_was_erased_stays_gone_on_another_machine_by_the_newest_files_beside_it(
    shelf: Shelf, bare: Settings
) -> None:
    await file_with_receipt(shelf.house)
    erased, number = await file_with_receipt(shelf.house)
    first = await shelf.take()
    await shelf.house.follow_up.erase(erased.visit)
    shelf.house.clock.advance(timedelta(days=1))
    await shelf.take()
    restored = shelf.restore(bare, first.house)
    assert (restored.erased, restored.read_for_erased) == (1, 1)
    assert restored.keys_day > restored.day
    async with shelf.at(bare) as there:
        assert await _opens(there, number) == []
        # Sent anew by the same page it is still erased.
        async with there.services.database.read() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM tip_tombstones")) == 1


async def test_a_tip_whose_keys_are_kept_no_longer_is_not_shown_as_one_that_can_be_read(
    shelf: Shelf, bare: Settings
) -> None:
    _, number = await file_with_receipt(shelf.house)
    first = await shelf.take()
    await shelf.house.follow_up.erase((await file_with_receipt(shelf.house))[0].visit)
    shelf.house.clock.advance(timedelta(days=15))
    second = await shelf.take()
    assert second.gone == [first.keys]
    assert [path.suffix for path in sorted(shelf.folder.iterdir())].count(".keys") == 1
    assert shelf.restore(bare, first.house).erased == 0
    async with shelf.at(bare) as there:
        assert await _opens(there, number) == [FORM.words]


async def test_keys_are_kept_as_long_as_the_setting_says_and_other_files_stay(shelf: Shelf) -> None:
    other = shelf.folder / "porchlight-2000-01-01-0badcafe.keys.txt"
    other.write_text("not ours")
    first = await shelf.take()
    shelf.house.clock.advance(timedelta(days=14))
    assert (await shelf.take()).gone == []
    shelf.house.clock.advance(timedelta(days=1))
    assert (await shelf.take()).gone == [first.keys]
    assert first.house.exists()
    assert other.exists()


async def test_another_houses_sheet_opens_nothing_and_changes_nothing(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    with pytest.raises(BackupFailed, match="sheet is not the one"):
        shelf.restore(bare, taken.house, sheet=new_recovery())
    assert list(bare.data_dir.iterdir()) == []
    assert not bare.keys_dir.exists()


async def test_the_keys_of_another_house_are_never_lost(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    bare.keys_dir.mkdir()
    (bare.keys_dir / "root.pub").write_bytes(b"\x01\x01" + os.urandom(32))
    with pytest.raises(BackupFailed, match="keys of another house"):
        shelf.restore(bare, taken.house)
    assert [each.name for each in bare.keys_dir.iterdir()] == ["root.pub"]


@pytest.mark.parametrize("where", ["cover", "middle", "end"])
async def test_a_damaged_file_is_named_and_nothing_is_put_back(shelf: Shelf, bare: Settings, where: str) -> None:
    await file_with_receipt(shelf.house)
    taken = await shelf.take()
    held = bytearray(taken.house.read_bytes())
    at = {"cover": 30, "middle": len(held) // 2, "end": len(held) - 1}[where]
    held[at] ^= 1
    taken.house.write_bytes(held)
    with pytest.raises(BackupFailed):
        shelf.restore(bare, taken.house)
    assert list(bare.data_dir.iterdir()) == []
    assert not bare.keys_dir.exists()


async def test_a_key_file_is_no_house(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    with pytest.raises(BackupFailed, match="is a keys file"):
        shelf.restore(bare, taken.keys)


async def test_a_backup_of_an_older_version_is_brought_up_to_date(shelf: Shelf, bare: Settings) -> None:
    """Rows of that time have fewer columns; the migrations that came since fill them."""
    _, receipt = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    recovery = recovery_keys(read_sheet(shelf.house.sheet))
    source = BytesIO(taken.house.read_bytes())
    cover = read_cover(source)
    older = BytesIO()
    sealed = SealedBackup(
        older,
        Kind.HOUSE,
        root_public=cover.root_public,
        recovery_box=cover.recovery_box,
        recovery_public=recovery.open_public,
    )
    pieces = open_pieces(source, cover, recovery.open_private)
    sealed.write(rows.encode(rows.Begins("0006", rows.begins(next(pieces)).day)))
    for piece in pieces:
        batch = rows.batch(piece)
        if batch.table == "sealed_entries":
            at = batch.columns.index("until")
            batch = rows.Batch(
                batch.table,
                batch.columns[:at] + batch.columns[at + 1 :],
                [row[:at] + row[at + 1 :] for row in batch.rows],
            )
        sealed.write(rows.encode(batch))
    sealed.finish()
    taken.house.write_bytes(older.getvalue())
    shelf.restore(bare, taken.house)
    async with shelf.at(bare) as there:
        assert await _opens(there, receipt) == [FORM.words]


async def test_a_table_this_version_does_not_know_stops_a_backup(shelf: Shelf) -> None:
    async with shelf.house.services.database.write() as connection:
        await connection.execute(text("CREATE TABLE of_a_later_version (x INTEGER)"))
    with pytest.raises(BackupFailed, match="of_a_later_version"):
        await shelf.take()
    assert list(shelf.folder.iterdir()) == []


async def test_an_invitation_does_not_come_back(shelf: Shelf, bare: Settings) -> None:
    async with shelf.house.services.database.write() as connection:
        await line(connection, at=shelf.house.clock.now(), act="person.invited", staff_id=shelf.house.robin.staff_id)
        await connection.execute(
            text(
                "INSERT INTO staff_invitations (find, role, alias, languages, tongue, invited_by, ends, mark) "
                "VALUES (:find, 'advocate', 'Sam', 'en', 'en', :by, 1, :find)"
            ),
            {"find": bytes(32), "by": shelf.house.robin.staff_id},
        )
    taken = await shelf.take()
    shelf.restore(bare, taken.house)
    async with shelf.at(bare) as there, there.services.database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM staff_invitations")) == 0
        assert await connection.scalar(text("SELECT count(*) FROM audit_lines WHERE act = 'person.invited'")) == 1


def test_only_our_own_names_are_read_as_days() -> None:
    assert str(day_of(Path("porchlight-2026-11-22-0badcafe.keys"))) == "2026-11-22"
    for name in ("porchlight-2026-13-22-0badcafe.keys", "porchlight-2026-11-22.keys", "x.house"):
        assert day_of(Path(name)) is None
