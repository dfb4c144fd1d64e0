"""What an open conversation was read with leaves the memory of a process with its lines."""

from __future__ import annotations

import gc

import anyio
import pytest

from portal.ids import to_text
from portal.vault.sealing import HeldKey
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key, processes
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio

__all__ = ["processes"]


def held_in_memory(key: bytes) -> int:
    gc.collect()
    return sum(1 for each in gc.get_objects() if type(each) is HeldKey and bytes(each) == key)


async def test_when_both_lines_are_over_no_key_of_the_conversation_is_left(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts()
    talk = await house.relay.access.conversation_for_visitor(token)
    conversation, key = talk.id, bytes(talk.talk_key)
    del talk
    async with await processes[0].visitor(token) as visitor, await processes[1].desk() as desk:
        await visitor.says("hello")
        taken = new_key()
        await desk.say("Take", key=taken, conversation=to_text(conversation))
        await desk.hear("TalkOpened", key=taken)
        await visitor.says("are you there?")
        await desk.hear("MessagePosted", text="are you there?")
        assert held_in_memory(key) >= 2, "each line reads with its own"
        await visitor.say("Leave", how="end")
        await desk.hear("ConversationClosed")

    with anyio.fail_after(PATIENCE_S):
        while held_in_memory(key):  # noqa: ASYNC110 - nothing tells when memory is given back
            await anyio.sleep(0.05)
