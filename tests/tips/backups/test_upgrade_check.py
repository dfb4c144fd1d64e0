"""What `server.py upgrade --check` says of a house: before anything is changed, in sentences, and by its exit code."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from portal.settings import BadSetting, Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.revisions import newest_revision
from portal.upgrade.command import check
from portal.upgrade.looking import Finding, Weight, copies, look, packages, room
from portal.upgrade.since import newer_than
from portal.vault.statement import Head
from tests.tips.backups.shelf import Shelf
from tests.tips.test_filing import file_with_receipt
from tips.tables import tip_keys

pytestmark = pytest.mark.anyio


def worst(found: Sequence[Finding]) -> Weight:
    return max(each.weight for each in found)


def said(found: Sequence[Finding]) -> str:
    return "\n".join(each.says for each in found)


async def looked(shelf: Shelf, backups: Path | None = None) -> list[Finding]:
    return await look(shelf.house.services.settings, backups or shelf.folder, shelf.house.clock.now().date())


async def test_a_house_of_this_version_with_a_fresh_backup_has_nothing_in_its_way(shelf: Shelf) -> None:
    await file_with_receipt(shelf.house)
    await shelf.take()
    found = await looked(shelf)
    assert worst(found) is Weight.FINE, said(found)
    assert "The key book holds" in said(found)
    assert f"as this version wants them ({newest_revision()})" in said(found)


async def test_without_a_backup_it_says_take_one(shelf: Shelf) -> None:
    assert "There is no backup" in said(await looked(shelf))


async def test_an_older_house_is_told_each_step_and_each_new_setting(shelf: Shelf) -> None:
    await _set_revision(shelf, "0027")
    found = await looked(shelf)
    assert f"from 0027 to {newest_revision()}" in said(found)
    assert "0031: Makes the table of what another directory handed over" in said(found)
    assert "PORCHLIGHT_SMALL_COUNT" in said(found)
    assert "PORCHLIGHT_PORT" not in said(found)


async def test_a_house_from_the_future_is_refused(shelf: Shelf) -> None:
    await _set_revision(shelf, "9999")
    found = await looked(shelf)
    assert worst(found) is Weight.STOP
    assert "no way back" in said(found)


async def test_a_form_nobody_reads_and_a_book_that_was_changed_are_found(shelf: Shelf) -> None:
    await file_with_receipt(shelf.house)
    async with shelf.house.services.database.write() as connection:
        await connection.execute(update(tip_keys).values(names_copy=b"\x09\x01" + bytes(100)))
    found = await looked(shelf)
    assert (worst(found), "cannot read: 0901" in said(found)) == (Weight.STOP, True)

    async with shelf.house.services.database.write() as connection:
        await connection.execute(update(tip_keys).values(names_copy=b"\x01\x01" + bytes(100)))
    settings = shelf.house.services.settings
    # Outside the rows it stands how far the book went: somebody has taken its end away.
    keys = KeysFolder(settings.keys_dir, settings.data_dir)
    keys.raise_head(Head(keys.head().number + 5, bytes(32)))
    found = await looked(shelf)
    assert (worst(found), "The key book does not hold" in said(found)) == (Weight.STOP, True)


def test_a_backup_has_to_be_whole_and_of_today_or_yesterday(tmp_path: Path) -> None:
    today = date(2026, 11, 23)
    house = tmp_path / "porchlight-2026-11-23-00000000.house"
    house.touch()
    assert worst([*copies(tmp_path, today)]) is Weight.STOP  # its keys are not there
    house.with_suffix(".keys").touch()
    assert worst([*copies(tmp_path, today)]) is Weight.FINE
    assert worst([*copies(tmp_path, today + timedelta(days=2))]) is Weight.STOP
    assert worst([*copies(None, today)]) is Weight.READ


async def test_a_full_disk_and_another_package_are_said(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert worst([*room(shelf.house.services.settings)]) is Weight.FINE
    assert worst([*packages()]) is Weight.FINE
    lock = tmp_path / "lock"
    lock.write_text("starlette==0.0.1 \\\n    --hash=sha256:00\n", "utf-8")
    monkeypatch.setattr("portal.upgrade.looking._LOCK", lock)
    assert said([*packages()]).endswith("install it first: starlette.")


def test_every_setting_that_is_there_is_known_or_new() -> None:
    assert newer_than(newest_revision()) == [] or set(newer_than(newest_revision())) <= set(newer_than("0031"))
    assert set(newer_than("0027")) > set(newer_than("0031"))


def test_settings_it_does_not_take_stop_it(capsys: pytest.CaptureFixture[str]) -> None:
    def refuses(_told: dict[str, Any]) -> Settings:
        raise BadSetting("There is no setting called PORCHLIGHT_OLD; docs/settings.md lists them all.")

    def parser(called: str, does: str) -> argparse.ArgumentParser:
        return argparse.ArgumentParser(prog=called, description=does)

    assert check(parser, refuses, ["--check"]) == 3
    assert "does not take your settings. There is no setting called PORCHLIGHT_OLD" in capsys.readouterr().out


async def _set_revision(shelf: Shelf, revision: str) -> None:
    async with shelf.house.services.database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
