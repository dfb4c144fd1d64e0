"""The two lines together: live across processes, cut and resumed, ended, wiped."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from portal.ids import from_text, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key

pytestmark = pytest.mark.anyio


async def takes(desk: Spoken, conversation: str) -> dict[str, object]:
    key = new_key()
    await desk.say("Take", key=key, conversation=conversation)
    return await desk.hear("TalkOpened", key=key)


async def talking(house: ChatHouse, hers: Process, ours: Process) -> tuple[bytes, str, Spoken, Spoken]:
    """A visitor at one process and the advocate who took her at the other."""
    token = await house.starts("ar")
    visitor, desk = await hers.visitor(token), await ours.desk()
    await visitor.says("hello")
    row = (await desk.hear("QueueSnapshot", total=1))["waiting"][0]
    assert (row["language"], row["words"], row["place"]) == ("ar", 1, 1)
    await takes(desk, row["conversation"])
    await visitor.hear("AdvocateJoined", name="Robin")
    return token, row["conversation"], visitor, desk


async def test_a_visitor_and_an_advocate_at_two_processes_write_to_each_other(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        await desk.hear("MessagePosted", text="hello", author="visitor")
        await desk.says("I am Robin, a person", conversation=conversation)
        told = await visitor.hear("MessagePosted", text="I am Robin, a person")
        assert (told["seq"], told["author"], told["name"]) == (3, "advocate", "Robin")
        await visitor.say("Typing")
        await desk.hear("Typing", conversation=conversation)
        await desk.say("Typing", conversation=conversation)
        await visitor.hear("Typing")
        assert await visitor.says("yes") == 4
        await desk.hear("MessagePosted", text="yes", seq=4)


async def test_a_line_that_was_cut_resumes_at_another_process_with_nothing_lost_or_shown_twice(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with desk:
        shown = 2
        for turn in range(4):
            visitor.cut()
            for number in range(3):
                await desk.says(f"{turn}.{number}", conversation=conversation)
            visitor = await processes[turn % 2].visitor(token, shown)
            key = new_key()
            for _ in range(3):  # as a page that never got its answer
                await visitor.say("Say", key=key, text=f"back {turn}")
            # Their number may be answered before those below it were told.
            while len(visitor.posted()) < 4:
                await visitor.hear("MessagePosted", "MessageAccepted")
            assert sorted(visitor.posted()) == [
                *((shown + 1 + number, f"{turn}.{number}") for number in range(3)),
                (shown + 4, f"back {turn}"),
            ]
            shown += 4
        await visitor.socket.close()
        numbers = [seq for seq, _ in desk.posted()]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


async def test_the_desk_sees_the_line_break_and_come_back(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with desk:
        await desk.hear("LineChanged", conversation=conversation, line="connected")
        visitor.cut()
        await desk.hear("LineChanged", conversation=conversation, line="gone")
        async with await processes[1].visitor(token, 2):
            await desk.hear("LineChanged", conversation=conversation, line="connected")


async def test_an_exit_reaches_the_desk_as_left_and_the_words_stay_until_wrap_up_ends(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with desk:
        await visitor.say("Leave", how="exit")
        closed = await desk.hear("ConversationClosed", conversation=conversation)
        assert (closed["how"], closed["wrap_up_s"]) == ("exit", 30 * 60)
        await desk.hear("LineChanged", conversation=conversation, line="left")
        assert await visitor.closing() == 1000
        line = await processes[0].line("talk")
        await line.say("Resume", token=to_text(token), last=0)
        assert await line.closing() == 4404
        key = new_key()
        await desk.say("Note", key=key, conversation=conversation, text="wrote the record")
        await desk.hear("NotePosted", key=key)
        house.clock.advance(timedelta(minutes=31))
        await desk.hear("ConversationErased", conversation=conversation)


async def test_a_desk_that_comes_back_gets_its_conversations_from_where_it_was(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor:
        await desk.says("one", conversation=conversation)
        await desk.say("Note", key=new_key(), conversation=conversation, text="first note")
        await desk.hear("NotePosted", seq=1)
        desk.cut()
        await visitor.says("two")
        gone = new_key()
        async with await processes[0].desk(
            [
                {"conversation": conversation, "last": 3, "last_note": 1},
                {"conversation": gone, "last": 9, "last_note": 0},
            ]
        ) as back:
            await visitor.says("three")
            await back.hear("MessagePosted", text="three")
            assert back.posted() == [(4, "two"), (5, "three")]
            assert not [each for each in back.passed if each["type"] == "NotePosted"]
            if not any(each["type"] == "ConversationErased" for each in back.passed):
                await back.hear("ConversationErased", conversation=gone)


async def test_a_vanished_advocates_visitor_is_told_and_taken_by_another(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    talk = await house.relay.access.conversation_for_visitor(token)
    async with visitor:
        desk.cut()
        for _ in range(7):
            house.clock.advance(timedelta(seconds=14))
            await visitor.say("Here")
            await visitor.hear("Here")
            await house.relay.visitor_is_here(talk)
        assert (await visitor.hear("MessagePosted", author="system"))["text"] == "returned"
        assert (await visitor.hear("QueueMoved"))["place"] == 1
        async with await processes[0].desk() as other:
            (row,) = other.passed[-1]["waiting"]
            assert row["returned"]
            await takes(other, conversation)
            await visitor.hear("AdvocateJoined")


async def test_a_desk_that_sleeps_with_its_line_open_holds_nobody_longer_than_its_lease(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    talk = await house.relay.access.conversation_for_visitor(token)
    async with visitor, desk:
        for _ in range(8):
            house.clock.advance(timedelta(seconds=12))
            await house.relay.visitor_is_here(talk)
            await house.services.durable.publish("{desk}:queue", b"q")
            await asyncio.sleep(0.5)
        assert (await visitor.hear("MessagePosted", author="system"))["text"] == "returned"
        assert (await visitor.hear("QueueMoved"))["place"] == 1
        await desk.hear("ConversationErased", conversation=conversation)


async def test_when_the_advocate_closes_both_learn_it_once(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with desk:
        key = new_key()
        await desk.say("Close", key=key, conversation=conversation)
        await desk.hear("MessageAccepted", key=key)
        assert await visitor.closing() == 1000
        closings = [each for each in visitor.passed if each["type"] == "ConversationClosed"]
        assert [each["how"] for each in closings] == ["closed"]
        await desk.say("Say", key=new_key(), conversation=conversation, text="too late")
        assert (await desk.hear("Refused"))["reason"] == "closed"


async def test_of_many_desks_that_take_at_once_one_is_told_yes(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    talk = await house.waiting()
    other = await house.ready(house.another("Sam"))
    async with await processes[0].desk() as desk:
        await house.relay.take(other, talk.id)
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(talk.id))
        refused = await desk.hear("Refused", key=key)
        assert refused["reason"] == "taken"


@pytest.mark.asvs("7.4.1")
async def test_a_sign_out_ends_the_desks_line_within_a_second(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with await processes[0].desk() as one, await processes[1].desk() as two:
        await house.services.staff.sessions.end(house.advocate.staff_id, house.advocate.session)
        async with asyncio.timeout(1.0):
            for line in (one, two):
                assert await line.closing() == 4401
                assert line.passed[-1]["type"] == "SignedOut"


async def test_a_lost_ember_store_signs_nobody_out_and_stops_no_conversation(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        await asyncio.sleep(0.3)
        async for key in house.services.ember_client.scan_iter(count=1000):
            await house.services.ember_client.delete(key)
        assert await visitor.says("still there?")
        await desk.hear("MessagePosted", text="still there?")
        await asyncio.sleep(6)
        assert (await house.services.staff.who(house.cookie)).staff_id == house.advocate.staff_id
        again = await house.relay.access.conversation_for_advocate(house.advocate, from_text(conversation, 16))
        assert (await house.relay.since(again, 0)).messages[0].text == "hello"
