"""A backup tells nothing, leaves nothing out, and its keys go in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.backup.take import BackupFailed, day_of, tables_of
from portal.vault.backups import Kind
from tests.tips.backups.shelf import Shelf
from tests.tips.test_filing import FORM, file_with_receipt

pytestmark = pytest.mark.anyio

CANARIES = ("Robin", "robin.first", "Lamp House", FORM.words, FORM.place, FORM.reach)


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


GATED = {"consents", "report_decisions", "decision_words"}


def test_what_may_have_to_go_one_day_stands_in_the_file_that_goes() -> None:
    apart, house = ({each.name for each in tables_of(kind)} for kind in (Kind.KEYS, Kind.HOUSE))
    records = {"sealed_entries", "contact_records", "supervisor_entries", "figure_tallies"}
    of_cases = {"cases", "case_people", "case_contacts", "case_notes", "case_hands"}
    of_requests = {"privacy_requests", "privacy_steps", "quality_sheets"}
    assert apart == {"tip_keys", "tip_file_keys", "directory_referrals"} | records | of_cases | of_requests | GATED
    assert {"tips", "tip_parts", "tip_tombstones", "key_statements", "staff_people"} <= house
    assert not house & {"staff_invitations", "tip_shelves", "tip_shelf_keys"}


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


async def test_a_table_this_version_does_not_know_stops_a_backup(shelf: Shelf) -> None:
    async with shelf.house.services.database.write() as connection:
        await connection.execute(text("CREATE TABLE of_a_later_version (x INTEGER)"))
    with pytest.raises(BackupFailed, match="of_a_later_version"):
        await shelf.take()
    assert list(shelf.folder.iterdir()) == []


def test_only_our_own_names_are_read_as_days() -> None:
    assert str(day_of(Path("porchlight-2026-11-22-0badcafe.keys"))) == "2026-11-22"
    for name in ("porchlight-2026-13-22-0badcafe.keys", "porchlight-2026-11-22.keys", "x.house"):
        assert day_of(Path(name)) is None
