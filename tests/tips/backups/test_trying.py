"""A backup is tried without being put back, and its size tells nothing of a day."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from portal.backup.restore import Restore, Restored
from portal.backup.take import BackupFailed
from portal.progress import Bar
from portal.settings import Settings
from portal.vault.backups import LEAST_BYTES, MOST_PIECE_BYTES, stepped
from tests.tips.backups.shelf import Shelf
from tests.tips.test_filing import file_with_receipt
from tips.restoring import MARKS, erase_again

pytestmark = pytest.mark.anyio


async def test_a_whole_backup_is_said_to_be_whole_and_changes_nothing(
    shelf: Shelf, bare: Settings, tmp_path: Path
) -> None:
    await file_with_receipt(shelf.house)
    taken = await shelf.take()
    trying = Restore(bare, shelf.recovery(taken.house), MARKS, erase_again)
    folder = tmp_path / "tried"
    folder.mkdir()
    before = sorted(path.name for path in bare.data_dir.iterdir())

    tried = await _in_thread(trying, taken.house, folder)

    assert (tried.is_audit_whole, len(tried.people)) == (True, 1)
    assert sorted(path.name for path in bare.data_dir.iterdir()) == before
    assert not bare.keys_dir.exists()


async def test_one_bit_that_turned_is_found(shelf: Shelf, bare: Settings, tmp_path: Path) -> None:
    taken = await shelf.take()
    held = bytearray(taken.house.read_bytes())
    held[-100] ^= 1
    taken.house.write_bytes(held)
    trying = Restore(bare, shelf.recovery(taken.house), MARKS, erase_again)

    with pytest.raises(BackupFailed, match="damaged"):
        await _in_thread(trying, taken.house, tmp_path)


async def test_a_tip_more_does_not_show_in_the_size(shelf: Shelf) -> None:
    empty = await shelf.take()
    await file_with_receipt(shelf.house)
    one = await shelf.take()

    sizes = {path.stat().st_size for taken in (empty, one) for path in (taken.house, taken.keys)}
    assert sizes == {LEAST_BYTES}


@given(st.integers(1, 200 * 1024 * 1024))
def test_a_size_is_rounded_up_by_no_more_than_one_piece(size: int) -> None:
    assert size <= stepped(size) <= size + MOST_PIECE_BYTES
    assert stepped(stepped(size)) == stepped(size)
    assert stepped(size) % LEAST_BYTES == 0


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_alone_and_goes_when_it_is_over() -> None:
    seen, unseen = _Terminal(), io.StringIO()
    for out in (seen, unseen):
        bar = Bar("Reading", 4, out)
        bar.on(2)
        bar.on(2)
        bar.over()
    assert "50%" in seen.getvalue()
    assert "100%" in seen.getvalue()
    assert seen.getvalue().endswith("\r")
    assert unseen.getvalue() == ""


async def _in_thread(trying: Restore, house: Path, folder: Path) -> Restored:
    # A command of its own, with a loop of its own.
    return await asyncio.to_thread(trying.tried, trying.plan(house, None), folder)
