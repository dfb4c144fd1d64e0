"""The talk of a page without a socket: nothing lost, doubled or out of order; a wait ends when it has reason to."""

from __future__ import annotations

import asyncio
from time import monotonic

import anyio
import pytest

from chat.poll import frames
from chat.protocol.closing import Closing
from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key

pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]


async def taken(desk: Spoken, words: str) -> str:
    """The advocate takes whoever waits; answers the conversation."""
    conversation: str = (await desk.hear("QueueSnapshot", total=1))["waiting"][0]["conversation"]
    await desk.say("Take", key=new_key(), conversation=conversation)
    await desk.hear("TalkOpened", conversation=conversation)
    await desk.hear("MessagePosted", text=words)
    return conversation


async def test_a_whole_talk_by_questions_loses_doubles_and_turns_nothing(house: ChatHouse, processes: Both) -> None:
    token = await house.starts("es")
    async with asking(processes[0], token) as page, await processes[1].desk() as desk:
        welcome = (await page.hears())[0]
        assert (welcome["type"], welcome["state"]) == ("Welcome", "waiting")
        assert await page.writes("hola") == 1
        conversation = await taken(desk, "hola")
        joined = await page.hears(10)
        assert [each["type"] for each in joined if each["type"] != "LineChanged"] == ["MessagePosted", "AdvocateJoined"]
        waiting = asyncio.create_task(page.hears(30))
        await anyio.sleep(0.2)
        await desk.says("I am here", conversation=conversation)
        began = monotonic()
        assert [each.get("text") for each in await waiting] == ["I am here"]
        assert monotonic() - began < 15
        # Between two questions nothing is lost: it comes with the next one, at once.
        for number in range(5):
            await desk.says(f"more {number}", conversation=conversation)
        while len(page.numbered()) < 8:
            await page.hears(5)

        assert page.numbered() == [1, 2, 3, 4, 5, 6, 7, 8]
        assert [e["text"] for e in page.told if e.get("author") == "advocate"] == ["I am here"] + [
            f"more {number}" for number in range(5)
        ]


async def test_the_same_words_said_again_under_their_key_are_one_message(house: ChatHouse, processes: Both) -> None:
    key = new_key()
    token = await house.starts()
    async with asking(processes[0], token) as page, asking(processes[1], token) as again:
        first = await page.writes("once", key)
        assert await again.writes("once", key) == first
        assert (await page.writes("twice")) == first + 1


async def test_what_is_said_together_is_answered_together_and_in_its_order(house: ChatHouse, processes: Both) -> None:
    keys = [new_key() for _ in range(4)]
    async with asking(processes[0], await house.starts()) as page:
        said = [{"type": "Say", "key": key, "text": f"{number}"} for number, key in enumerate(keys[:2])]
        answer = await page.says(
            *said,
            {"type": "Answer", "key": keys[2], "question": "safe", "choice": "yes"},
            {"type": "Here"},
            {"type": "Typing"},
            {"type": "Seen", "seq": 1},
            {"type": "Say", "key": keys[3], "text": "   "},
        )

        told = [{name: value for name, value in each.items() if name != "pad"} for each in answer["told"]]
        assert told == [
            {"type": "MessageAccepted", "key": keys[0], "seq": 1},
            {"type": "MessageAccepted", "key": keys[1], "seq": 2},
            {"type": "AnswerKept", "key": keys[2], "question": "safe", "choice": "yes"},
            {"type": "Here"},
            {"type": "Refused", "key": keys[3], "reason": "empty"},
        ]


async def test_her_own_words_and_typing_do_not_end_a_wait(house: ChatHouse, processes: Both) -> None:
    async with asking(processes[0], await house.starts()) as page, await processes[0].desk() as desk:
        await page.hears()
        await page.writes("hello")
        conversation = await taken(desk, "hello")
        await page.hears(5)
        await page.hears(1)
        waiting = asyncio.create_task(page.hears(3))
        await anyio.sleep(0.2)
        began = monotonic()
        await page.writes("and more")
        await desk.say("Typing", conversation=conversation)
        heard = await waiting

        assert monotonic() - began > 2
        assert [each.get("text") for each in heard] == ["and more"]


async def test_her_place_is_told_when_it_changed_even_between_two_questions(house: ChatHouse, processes: Both) -> None:
    first, second = await house.starts(), await house.starts()
    async with asking(processes[0], first) as ahead, asking(processes[0], second) as page:
        await ahead.writes("I came first")
        await page.writes("I came second")
        assert (await page.hears())[0]["place"] == 2
        began = monotonic()
        await ahead.says({"type": "Leave", "how": "end"})
        moved = await page.hears(30)

        assert [(each["type"], each["place"]) for each in moved] == [("QueueMoved", 1)]
        assert monotonic() - began < 15
        assert await page.hears(1) == []


@pytest.mark.parametrize("how", ["end", "exit", "closed"])
async def test_a_wait_ends_at_once_when_the_talk_does(house: ChatHouse, processes: Both, how: str) -> None:
    token = await house.starts()
    async with asking(processes[0], token) as page, await processes[1].desk() as desk:
        await page.hears()
        await page.writes("hello")
        conversation = await taken(desk, "hello")
        await page.hears(5)
        waiting = asyncio.create_task(page.hears(40))
        await anyio.sleep(0.3)
        began = monotonic()
        if how == "closed":
            await desk.say("Close", key=new_key(), conversation=conversation)
        else:
            async with asking(processes[1], token) as other:
                assert await other.says({"type": "Leave", "how": how}) == {"closed": 1000}
        heard = await waiting
        while heard[-1]["type"] != "ConversationClosed":  # a word that was on its way may end the wait before
            heard = await page.hears(40)

        assert (heard[-1]["type"], heard[-1]["how"]) == ("ConversationClosed", how)
        assert monotonic() - began < 15
        assert (await page.post("hear", {"resume": page.resume, "wait": 0})).json() == {"closed": 4404}


async def test_a_page_that_breaks_off_is_gone_for_the_desk_and_one_that_asks_again_is_not(
    house: ChatHouse, processes: Both
) -> None:
    token = await house.starts()
    async with asking(processes[0], token) as page, await processes[1].desk() as desk:
        await page.hears()
        await page.writes("hello")
        conversation = await taken(desk, "hello")
        await page.hears(5)
        await page.hears(1)
        waiting = asyncio.create_task(page.hears(40))
        await anyio.sleep(0.3)
        talk = await house.relay.access.conversation_for_visitor(token)
        assert talk.facts.lost_ms is None
        waiting.cancel()
        await asyncio.wait([waiting])
        for _ in range(50):
            talk = await house.relay.access.conversation_for_visitor(token)
            if talk.facts.lost_ms is not None:
                break
            await anyio.sleep(0.1)
        assert talk.facts.lost_ms is not None
        await page.hears(1)
        talk = await house.relay.access.conversation_for_visitor(token)
        assert talk.facts.lost_ms is None
        assert to_text(talk.id) == conversation


async def test_a_third_question_of_one_talk_ends_the_first(house: ChatHouse, processes: Both) -> None:
    async with asking(processes[0], await house.starts()) as page:
        await page.hears()
        began = monotonic()
        waits = [asyncio.create_task(page.hears(30))]
        await anyio.sleep(0.3)
        waits.append(asyncio.create_task(page.hears(30)))
        await anyio.sleep(0.3)
        assert not waits[0].done()
        waits.append(asyncio.create_task(page.hears(1)))

        assert await waits[0] == []
        assert monotonic() - began < 15
        assert not waits[1].done()
        await page.says({"type": "Leave", "how": "end"})
        assert [each["type"] for each in await waits[1]] == ["ConversationClosed"]
        await waits[2]


async def test_a_wait_that_the_servers_end_cuts_off_is_told_to_ask_again(
    house: ChatHouse, processes: Both, caplog: pytest.LogCaptureFixture
) -> None:
    async with asking(processes[0], await house.starts()) as page:
        await page.hears()
        waiting = asyncio.create_task(page.post("hear", {"resume": page.resume, "wait": 30, "known": page.known}))
        await anyio.sleep(0.3)
        running = list(processes[0].server.server_state.tasks)
        assert running
        for task in running:
            task.cancel("Task cancelled, timeout graceful shutdown exceeded")
        answer = await waiting

    assert (answer.status_code, answer.content) == (200, frames.closed(Closing.RESTARTING))
    assert "Exception in ASGI application" not in caplog.text
