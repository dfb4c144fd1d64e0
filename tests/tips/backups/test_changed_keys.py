"""A backup from before a key was changed comes back with the keys of its own moment, and with no others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.backup.take import BackupFailed
from portal.rotation.due import OLD_HALF_LASTS
from portal.settings import Settings
from tests.support.key_house import KeyHouse
from tests.tips.backups.shelf import Shelf, opens
from tests.tips.test_filing import FORM, file_with_receipt

pytestmark = pytest.mark.anyio


async def test_files_of_two_moments_with_a_change_between_them_are_refused(shelf: Shelf, bare: Settings) -> None:
    keys = KeyHouse(shelf.house)
    filing, receipt = await file_with_receipt(shelf.house)
    before = await shelf.take()
    bo = await keys.brings_in("Bo", "tips")
    await keys.puts_out(bo)
    await keys.keeper.work(await keys.robin())
    shelf.house.clock.advance(OLD_HALF_LASTS)
    await keys.keeper.work(await keys.robin())
    after = await shelf.take()

    for house, other in ((before.house, after.keys), (after.house, before.keys)):
        with pytest.raises(BackupFailed, match="of the same moment"):
            await shelf.restore(bare, house, keys=other)
    with pytest.raises(BackupFailed, match="of the same moment"):
        await shelf.restore(bare, before.house)
    shelf.house.clock.advance(timedelta(days=1))
    restored = await shelf.restore(bare, before.house, keys=before.keys)
    assert restored.people == ["Robin"]
    async with shelf.at(bare) as there:
        assert await opens(there, receipt) == [FORM.words]
        assert (await there.review.open(there.robin, filing.tip)).words
