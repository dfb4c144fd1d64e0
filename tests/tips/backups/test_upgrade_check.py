"""What `server.py upgrade --check` says of a house: before anything is changed, in sentences, and by its exit code."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from portal.settings import BadSetting, Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.revisions import newest_revision
from portal.upgrade.command import check
from portal.upgrade.copies import copies
from portal.upgrade.finding import Finding, Weight
from portal.upgrade.looking import look, packages, room
from portal.upgrade.since import newer_than
from portal.vault.statement import Head
from tests.tips.backups.shelf import Shelf
from tests.tips.test_filing import file_with_receipt
from tips.tables import tip_keys

pytestmark = pytest.mark.anyio


def parser(called: str, does: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=called, description=does)


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


async def test_a_backup_has_to_be_whole_of_this_house_and_of_today_or_yesterday(shelf: Shelf, tmp_path: Path) -> None:
    taken, today = await shelf.take(), shelf.house.clock.now().date()
    root = shelf.house.services.staff.folder.root_public()

    def says(later: int = 0, of: bytes | None = root, where: Path = shelf.folder) -> tuple[Weight, str]:
        found = [*copies(where, today + timedelta(days=later), of)]
        return worst(found), said(found)

    assert says()[0] is Weight.FINE
    assert says(1)[0] is Weight.FINE
    assert says(2) == (Weight.STOP, "The newest backup is 2 days old: take one first.")
    assert "of another house" in says(of=bytes(32))[1]
    assert worst([*copies(None, today, root)]) is Weight.READ
    assert "There is no folder" in says(where=tmp_path / "nowhere")[1]
    for path in (taken.keys, taken.house):
        whole = path.read_bytes()
        for cut in (whole[:-1], whole[: len(whole) // 2], whole[:20], b""):
            path.write_bytes(cut)
            assert says() in [(Weight.STOP, f"{path.name} was cut off{more}: take another.") for more in ENDS]
        path.write_bytes(whole)
    taken.keys.rename(taken.keys.with_suffix(".keys.part"))
    assert "has lost its .keys file" in says()[1]
    taken.house.rename(taken.house.with_suffix(".house.part"))
    assert "one was cut off (.part)" in says()[1]


ENDS = ("", ", or is no backup")


async def test_a_house_that_is_not_where_the_settings_say_is_asked_for(
    shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing of it is `nothing would change`: whoever forgot a folder's name would go on."""
    settings = shelf.house.services.settings

    async def says(**differs: Any) -> tuple[int, str]:
        there = replace(settings, **differs)
        code = await asyncio.to_thread(check, parser, lambda _told: there, ["--check", "--backups", str(shelf.folder)])
        told = capsys.readouterr()
        return code, told.out + told.err

    await shelf.take()
    # The copies are dated by the house's clock.
    assert (await says())[0] in (0, 3)
    code, told = await says(data_dir=tmp_path / "elsewhere")
    assert (code, "Name its folder with --data, or its --settings." in told) == (2, True)
    code, told = await says(keys_dir=tmp_path / "no-keys")
    assert (code, "its keys are not in" in told) == (3, True)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "porchlight.db").write_bytes(b"no database " * 500)
    code, told = await says(data_dir=tmp_path / "odd")
    assert (code, "the database does not answer, or is none" in told) == (2, True)


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

    assert check(parser, refuses, ["--check"]) == 3
    assert "does not take your settings. There is no setting called PORCHLIGHT_OLD" in capsys.readouterr().out


async def _set_revision(shelf: Shelf, revision: str) -> None:
    async with shelf.house.services.database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
