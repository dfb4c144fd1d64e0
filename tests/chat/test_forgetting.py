"""Holds the store's own file to forgetting: a deleted key in an append-only file is only one more line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from chat.conversation import VisitorTalk
from chat.retention import NEW_FILE_EVERY_MS
from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.support.rooms import Valkeys

pytestmark = pytest.mark.anyio


def held_in_files(folder: Path | None, *traces: bytes) -> list[bytes]:
    """Which of the traces stand in any file of the durable store."""
    assert folder is not None
    found = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return [trace for trace in traces if trace in found]


async def sweeps_until_gone(
    house: ChatHouse, folder: Path | None, *traces: bytes, living: VisitorTalk | None = None
) -> list[bytes]:
    """Sweep as the house does, time passing, for at most twenty seconds; the traces that are still there then."""
    left = list(traces)
    with anyio.move_on_after(20):
        while left:
            house.clock.advance(timedelta(milliseconds=NEW_FILE_EVERY_MS))
            if living is not None:
                await house.relay.visitor_is_here(living)
            await house.sweeper.sweep()
            await anyio.sleep(0.1)
            left = held_in_files(folder, *traces)
    return left


async def test_when_a_conversation_is_erased_the_stores_file_forgets_that_there_was_one(
    house: ChatHouse, valkeys: Valkeys
) -> None:
    await house.sweeper.sweep()
    talk, desk = await house.talking()
    await house.relay.leave(talk, "exit")
    traces = (to_text(talk.id).encode(), str(talk.facts.arrived_ms).encode())
    assert held_in_files(valkeys.durable.folder, *traces) == list(traces)

    house.clock.advance(timedelta(minutes=31))
    assert await sweeps_until_gone(house, valkeys.durable.folder, *traces) == []
    assert await house.relay.talks.facts(desk.id) is None


async def test_what_lives_on_is_still_there_in_the_new_file(house: ChatHouse, valkeys: Valkeys) -> None:
    kept, gone = await house.waiting("hello"), await house.waiting("another")
    await house.relay.leave(gone, "end")

    assert await sweeps_until_gone(house, valkeys.durable.folder, to_text(gone.id).encode(), living=kept) == []
    assert [message.text for message in (await house.relay.since(kept, 0)).messages] == ["hello"]
    assert held_in_files(valkeys.durable.folder, to_text(kept.id).encode())
