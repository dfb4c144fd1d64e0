"""A photo comes back out of a backup with its tip, and never with one that was erased meanwhile; a frozen one stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.settings import Settings
from tests.support import photos
from tests.tips.backups.shelf import Shelf
from tests.tips.files.conftest import files_house
from tips.files import store

pytestmark = pytest.mark.anyio


async def test_photos_come_back_with_their_tips_and_with_no_erased_one(shelf: Shelf, bare: Settings) -> None:
    files, robin = files_house(shelf.house), shelf.house.robin
    await files.switches_on()
    visit, erased = await files.visits(), await files.visits()
    sent = photos.phone_photo()
    kept = await files.sends(visit, sent, keeps=True)
    gone, frozen = await files.sends(erased, photos.phone_photo()), await files.sends(erased, photos.phone_photo())
    for person in (robin, replace(robin, staff_id=b"k" * 16)):
        await files.freezing.say(person, erased.tip, frozen, "freeze")
    taken = await shelf.take()
    await shelf.house.follow_up.erase(erased)
    await shelf.take()
    assert (await shelf.restore(bare, taken.house)).erased == 1
    async with shelf.at(bare) as there:
        opened, kind = await files_house(there).showing.open(there.robin, visit.tip, kept, "original")
        assert (opened, kind) == (sent, "jpeg")
        async with there.services.database.read() as connection:
            assert await store.read_file(connection, gone) is None
            assert await store.read_pieces(connection, gone, store.DRAWN) == []
            assert await store.read_pieces(connection, frozen, store.DRAWN) != []
        assert (await files_house(there).book.switch()).is_on
