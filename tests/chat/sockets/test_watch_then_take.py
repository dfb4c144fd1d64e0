"""A supervisor who reads along and says yes to an offer: her page is told that she is next, and loses nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.calling import Calling
from chat.company import Company
from chat.handing import Handing
from chat.store import keys
from chat.store.desk import DeskStore
from portal.ids import from_text, random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.test_watchers_vanish import written_down

pytestmark = pytest.mark.anyio


async def watches(house: ChatHouse, desk: Spoken) -> str:
    """Sam holds a conversation and offers it to the person at this desk, who reads along in it."""
    talk = await house.waiting()
    sam = await house.relay.take(await house.ready(house.another("Sam")), talk.id)
    name, key = to_text(talk.id), new_key()
    await desk.say("Watch", key=key, conversation=name)
    assert (await desk.hear("TalkOpened", key=key))["role"] == "watcher"
    await desk.hear("MessagePosted", conversation=name, text="watched")
    await Handing(house.relay).offer(sam, house.advocate.staff_id, "goes home", random_id(), 0)
    return name


async def takes_over(desk: Spoken, name: str) -> None:
    """She says yes, shows all of it and answers."""
    key = new_key()
    await desk.say("TakeOver", key=key, conversation=name)
    opened = await desk.hear("TalkOpened", key=key)
    assert opened["role"] == "next"
    while opened["last"] not in [each["seq"] for each in desk.passed if each["type"] == "MessagePosted"]:
        await desk.hear("MessagePosted", conversation=name)
    await desk.say("HistoryShown", key=new_key(), conversation=name, seq=opened["last"])
    await desk.hear("TalkOpened", conversation=name, role="owner")
    await desk.says("I am with you", conversation=name)


async def test_the_same_line_opens_it_anew_as_the_next_one_and_hands_it_over(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with await processes[0].desk() as desk:
        name = await watches(house, desk)
        await takes_over(desk, name)
        assert "ConversationErased" not in [each["type"] for each in desk.passed]
        told = [each["text"] for each in desk.passed if each["type"] == "MessagePosted"]
        assert told.count("unwatched") == 1


async def test_a_pane_that_is_opened_anew_while_the_old_one_ends_is_not_wiped(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await processes[0].desk() as desk:
        name = await watches(house, desk)
        asks, goes_on, lately = asyncio.Event(), asyncio.Event(), DeskStore.lately

        async def slow(*args: Any) -> Any:
            asks.set()
            await goes_on.wait()
            return await lately(*args)

        monkeypatch.setattr(DeskStore, "lately", slow)
        reads = await house.relay.access.conversation_to_watch(house.advocate, from_text(name, 16))
        await Company(house.relay).stop(reads, random_id())
        # The old pane has ended and asks who has it now; meanwhile it is opened anew.
        await asks.wait()
        key = new_key()
        await desk.say("TakeOver", key=key, conversation=name)
        await desk.hear("TalkOpened", key=key)
        goes_on.set()
        await takes_over(desk, name)
        assert "ConversationErased" not in [each["type"] for each in desk.passed]
        told = [each["text"] for each in desk.passed if each["type"] == "MessagePosted"]
        assert told.count("watched") == 1, "what stands on the page is not told again"


async def test_one_who_reads_along_and_has_her_on_the_phone_is_written_down_as_reading_along_no_more(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    talk = await house.waiting()
    await house.relay.take(await house.ready(house.another("Sam")), talk.id)
    digits = await Calling(house.services, house.relay, Handing(house.relay)).make(talk)
    async with await processes[0].desk() as desk:
        key = new_key()
        await desk.say("Watch", key=key, conversation=to_text(talk.id))
        assert (await desk.hear("TalkOpened", key=key))["role"] == "watcher"
        key = new_key()
        await desk.say("UseWord", key=key, word=str(digits.word))
        assert (await desk.hear("TalkOpened", key=key))["role"] == "next"
        # What is said after it is answered after it: by then it is written down.
        await desk.say("Here")
        await desk.hear("Here")
        assert [act for act, _ in await written_down(house, house.advocate)][-2:] == ["watch.began", "watch.ended"]
        assert not await house.services.durable.exists(keys.WATCHING)
