"""A backup comes back whole, and never brings back what was erased meanwhile."""

from __future__ import annotations

import dataclasses
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text, update

from portal.backup import restore, rows
from portal.backup.take import BackupFailed
from portal.services import Services
from portal.settings import Secret, Settings
from portal.staff.accounts import mark_of
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import people
from portal.staff.trail.audit import line
from portal.staff.trail.audit_command import look
from portal.store.revisions import DatabaseNotReady
from portal.vault.backups import Kind, SealedBackup, open_pieces, read_cover
from portal.vault.recovery import new_recovery
from tests.tips.backups.shelf import Shelf, opens
from tests.tips.test_filing import FORM, file_with_receipt
from tips import store

pytestmark = pytest.mark.anyio


async def test_on_a_bare_machine_everything_is_there_again(shelf: Shelf, bare: Settings) -> None:
    filing, receipt = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    restored = await shelf.restore(bare, taken.house)
    assert (restored.erased, restored.people) == (0, ["Robin"])
    async with shelf.at(bare) as there:
        assert await opens(there, receipt) == [FORM.words]
        assert [words.text for words in (await there.review.open(there.robin, filing.tip)).words] == [FORM.words]
        # It goes on: another tip is sealed to the same keys, and read.
        more, its = await file_with_receipt(there)
        assert await opens(there, its) == [FORM.words]
        assert (await there.review.open(there.robin, more.tip)).words


async def test_what_was_erased_stays_gone_in_the_place_of_the_same_house(shelf: Shelf) -> None:
    kept, its_number = await file_with_receipt(shelf.house)
    erased, number = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    await shelf.house.follow_up.erase(erased.visit)
    settings = shelf.house.services.settings
    with pytest.raises(DatabaseNotReady, match="--replace"):
        await shelf.restore(settings, taken.house)
    await shelf.house.services.database.close()
    assert (await shelf.restore(settings, taken.house, replaces=True)).erased == 1
    async with shelf.at(settings) as there:
        assert await opens(there, number) == []
        assert await opens(there, its_number) == [FORM.words]
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
    restored = await shelf.restore(bare, first.house)
    assert (restored.erased, restored.read_for_erased) == (1, 1)
    assert restored.keys_day > restored.day
    async with shelf.at(bare) as there:
        assert await opens(there, number) == []
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
    assert (await shelf.restore(bare, first.house)).erased == 0
    async with shelf.at(bare) as there:
        assert await opens(there, number) == [FORM.words]


async def test_another_houses_sheet_opens_nothing_and_changes_nothing(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    with pytest.raises(BackupFailed, match="sheets are not those"):
        await shelf.restore(bare, taken.house, secret=new_recovery())
    assert list(bare.data_dir.iterdir()) == []
    assert not bare.keys_dir.exists()


async def test_the_keys_of_another_house_are_never_lost(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    bare.keys_dir.mkdir()
    (bare.keys_dir / "root.pub").write_bytes(b"\x01\x01" + os.urandom(32))
    with pytest.raises(BackupFailed, match="keys of another house"):
        await shelf.restore(bare, taken.house)
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
        await shelf.restore(bare, taken.house)
    assert list(bare.data_dir.iterdir()) == []
    assert not bare.keys_dir.exists()


async def test_a_key_file_is_no_house(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    with pytest.raises(BackupFailed, match="is a keys file"):
        await shelf.restore(bare, taken.keys)


# What tables of revision 0006 have been given since.
SINCE = {
    "tips": ("shelf", "loose", "desk_card", "look", "step"),
    "staff_people": ("training", "second"),
    "audit_lines": ("previous", "mark"),
}
# Tables with rows in every house of today, which were not there then.
NEW = {"recovery_sheets"}


async def mark_as_of_then(services: Services) -> None:
    """Put the mark of that time on each person's row: it covered fewer columns."""
    accounts = services.staff.accounts
    locks = [await accounts.lock_of(person.id) for person in await accounts.everyone()]
    async with services.database.write() as connection:
        for lock in filter(None, locks):
            older = mark_of(lock, accounts.pepper(lock.pepper), is_older=True)
            row = {"training": None, "second": None, "mark": older}
            await connection.execute(update(people).where(people.c.id == lock.person.id).values(row))


async def test_a_backup_of_an_older_version_is_brought_up_to_date(shelf: Shelf, bare: Settings) -> None:
    """Rows of that time have fewer columns; the migrations that came since fill them."""
    _, receipt = await file_with_receipt(shelf.house)
    await mark_as_of_then(shelf.house.services)
    taken = await shelf.take()
    recovery = shelf.recovery(taken.house)
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
        if batch.table in NEW:
            continue
        for column in SINCE.get(batch.table, ()):
            at = batch.columns.index(column)
            batch = rows.Batch(
                batch.table,
                batch.columns[:at] + batch.columns[at + 1 :],
                [row[:at] + row[at + 1 :] for row in batch.rows],
            )
        sealed.write(rows.encode(batch))
    sealed.finish()
    taken.house.write_bytes(older.getvalue())
    await shelf.restore(bare, taken.house)
    async with shelf.at(bare) as there:
        assert await opens(there, receipt) == [FORM.words]


async def test_a_backup_of_a_newer_version_is_told_so(
    shelf: Shelf, bare: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await shelf.take()
    monkeypatch.setattr(restore, "newest_revision", lambda: "0001")
    with pytest.raises(BackupFailed, match="newer version"):
        await shelf.restore(bare, taken.house)
    assert not bare.database_path.exists()


async def test_an_invitation_does_not_come_back(shelf: Shelf, bare: Settings) -> None:
    async with shelf.house.services.database.write() as connection:
        await line(connection, at=shelf.house.clock.now(), act="staff.invited", staff_id=shelf.house.robin.staff_id)
        await connection.execute(
            text(
                "INSERT INTO staff_invitations (find, role, alias, languages, tongue, invited_by, ends, mark) "
                "VALUES (:find, 'advocate', 'Sam', 'en', 'en', :by, 1, :find)"
            ),
            {"find": bytes(32), "by": shelf.house.robin.staff_id},
        )
    taken = await shelf.take()
    await shelf.restore(bare, taken.house)
    async with shelf.at(bare) as there, there.services.database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM staff_invitations")) == 0
        assert await connection.scalar(text("SELECT count(*) FROM audit_lines WHERE act = 'staff.invited'")) == 1


async def test_the_audit_comes_back_whole_with_a_line_that_it_did(shelf: Shelf, bare: Settings) -> None:
    taken = await shelf.take()
    restored = await shelf.restore(bare, taken.house)
    assert restored.is_audit_whole

    looked = await look(bare)
    assert (looked.walk.breaks, looked.walk.head) == ([], KeysFolder(bare.keys_dir, bare.data_dir).audit_head())
    async with shelf.at(bare) as there:
        async with there.services.database.read() as connection:
            acts = list(await connection.scalars(text("SELECT act FROM audit_lines ORDER BY n")))
        at = acts.index("house.backed_up")
        assert acts[at : at + 2] == ["house.backed_up", "house.restored"]
        await there.services.staff.journal.write("tip.searched", shelf.house.robin.staff_id)
        assert (await look(bare)).walk.breaks == [], "and it goes on from there"


async def test_a_house_moves_from_a_file_to_a_server_and_back(
    shelf: Shelf, bare: Settings, empty_rows: Secret, tmp_path: Path
) -> None:
    filing, receipt = await file_with_receipt(shelf.house)
    gone, number = await file_with_receipt(shelf.house)
    taken = await shelf.take()
    on_server = dataclasses.replace(bare, database_url=empty_rows)
    assert (await shelf.restore(on_server, taken.house)).people == ["Robin"]
    with pytest.raises(DatabaseNotReady, match="stands a house already"):
        await shelf.restore(on_server, taken.house, replaces=True)
    async with shelf.at(on_server) as there:
        assert await opens(there, receipt) == [FORM.words]
        # Numbers go on behind those that came along.
        assert (await there.review.open(there.robin, filing.tip)).words
        await there.follow_up.erase(gone.visit)
        again = Shelf(there, tmp_path / "from the server")
        again.folder.mkdir()
        back = await again.take()
    file = dataclasses.replace(bare, data_dir=tmp_path / "back", keys_dir=tmp_path / "back-keys")
    file.data_dir.mkdir()
    await again.restore(file, back.house)
    async with again.at(file) as there:
        assert await opens(there, receipt) == [FORM.words]
        assert await opens(there, number) == []
        async with there.services.database.read() as connection:
            counted = await connection.execute(text("SELECT act FROM audit_lines ORDER BY n"))
            assert "tip.opened" in counted.scalars().all()
