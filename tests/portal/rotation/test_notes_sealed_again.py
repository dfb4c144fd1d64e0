"""What one shift left for the next is sealed again as well: it lies in no row, and outlives the old half of its key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.shift_notes import ShiftNotes
from portal.ids import random_id
from portal.rotation.due import OLD_HALF_LASTS
from portal.vault.sealing import seal_version
from tests.support.key_house import KeyHouse

pytestmark = pytest.mark.anyio

WORDS = "Ask the shelter on Elm again at eight."


async def test_a_note_left_before_the_week_was_over_opens_until_its_own_end(keys: KeyHouse) -> None:
    notes = ShiftNotes(keys.services)
    keys.services.sealed_in_stores["chat"] = notes.seal_again
    keys.house.clock.advance(timedelta(days=6))
    await notes.leave(await keys.robin(), WORDS, random_id())
    keys.house.clock.advance(timedelta(days=1))
    robin = await keys.robin()

    async def sealed_to() -> list[int]:
        now_ms = int(keys.house.clock.now().timestamp() * 1000)
        return [seal_version(kept.sealed) for kept in await notes.store.all(now_ms)]

    assert await sealed_to() == [1], "the key was changed, and the note not yet"
    assert await keys.keeper.work(robin) == 0
    assert await sealed_to() == [2]
    keys.house.clock.advance(OLD_HALF_LASTS)
    robin = await keys.robin()
    await keys.keeper.work(robin)
    assert 1 not in (await keys.robin()).compartment_keys("chat"), "the old half is gone"
    assert [left.body.text for left in await notes.left(await keys.robin()) if left.body] == [WORDS]


async def test_whoever_holds_only_the_newest_key_leaves_an_old_note_as_it_is(keys: KeyHouse) -> None:
    notes = ShiftNotes(keys.services)
    await notes.leave(await keys.robin(), WORDS, random_id())
    ledger = await keys.services.staff.ledger.current()
    turn = await keys.keeper._turn(ledger, await keys.robin(), "chat")
    assert turn is not None
    assert await notes.seal_again(replace(turn, version=2, privates={2: bytes(32)})) == 1
    assert [left.body.text for left in await notes.left(await keys.robin()) if left.body] == [WORDS]
