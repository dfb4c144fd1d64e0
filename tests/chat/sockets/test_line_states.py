"""What each side is told of the other's line, and what becomes of three conversations when a laptop sleeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import anyio
import pytest

from chat.conversation import VisitorTalk
from chat.duty import Duty
from chat.presence import LEASE_MS
from chat.protocol.kinds import SUBPROTOCOL
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]


async def lives(house: ChatHouse, lines: list[Spoken], seconds: float) -> None:
    """Time passes, and the visitors' pages beat as pages do."""
    for _ in range(round(seconds / 15)):
        house.clock.advance(timedelta(seconds=15))
        for line in lines:
            await line.say("Here")
            await line.hear("Here")
            talk = await house.relay.access.conversation_for_visitor(line.token)  # type: ignore[attr-defined]
            await house.relay.visitor_is_here(talk)


async def visitors(house: ChatHouse, process: Process, many: int) -> list[Spoken]:
    lines = []
    for number in range(many):
        token = await house.starts()
        line = await process.visitor(token)
        line.token = token  # type: ignore[attr-defined]
        await line.says(f"visitor {number}")
        lines.append(line)
    return lines


async def takes(desk: Spoken, conversation: bytes) -> None:
    key = new_key()
    await desk.say("Take", key=key, conversation=to_text(conversation))
    await desk.hear("TalkOpened", key=key)


async def talk_of(house: ChatHouse, line: Spoken) -> VisitorTalk:
    return await house.relay.access.conversation_for_visitor(line.token)  # type: ignore[attr-defined]


def known_as(monkeypatch: pytest.MonkeyPatch, alias: str) -> None:
    """Whoever is asked for has this alias; the house of these tests has one person of its own."""

    async def alias_of(_self: Duty, _staff_id: bytes) -> str:
        return alias

    monkeypatch.setattr(Duty, "alias_of", alias_of)


@pytest.fixture(autouse=True)
def every_beat_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is moved by hand here, faster than a page beats."""
    monkeypatch.setattr("chat.visit.SEEN_EVERY_S", 0.0)


async def told(page: Spoken, kind: str, **matching: Any) -> dict[str, Any]:
    """The last such fact, already told or told next."""
    fits = [
        fact
        for fact in page.passed
        if fact["type"] == kind and all(fact.get(name) == value for name, value in matching.items())
    ]
    return fits[-1] if fits else await page.hear(kind, **matching)


async def test_a_page_out_of_view_is_told_to_the_desk_until_it_is_back_or_a_new_line_comes(
    house: ChatHouse, processes: Both
) -> None:
    (visitor,) = await visitors(house, processes[0], 1)
    async with visitor, await processes[1].desk() as desk:
        await takes(desk, (await talk_of(house, visitor)).id)
        await desk.hear("LineChanged", line="connected")
        await visitor.say("Screen", state="hidden")
        await desk.hear("LineChanged", line="hidden")
        await visitor.say("Screen", state="shown")
        await desk.hear("LineChanged", line="connected")
        await visitor.say("Screen", state="hidden")
        await desk.hear("LineChanged", line="hidden")
        visitor.cut()
        await desk.hear("LineChanged", line="gone")
        async with await processes[1].visitor(visitor.token, 2):  # type: ignore[attr-defined]
            await desk.hear("LineChanged", line="connected")


async def test_a_page_that_asks_says_it_too_and_asking_again_does_not_bring_it_back(
    house: ChatHouse, processes: Both
) -> None:
    token = await house.starts()
    async with asking(processes[0], token) as page, await processes[1].desk() as desk:
        await page.hears()
        await page.writes("hello")
        talk = await house.relay.access.conversation_for_visitor(token)
        await takes(desk, talk.id)
        await page.hears(5)
        answered = await page.says({"type": "Screen", "state": "hidden"})
        assert answered == {"told": [], "known": "", "line": SUBPROTOCOL}
        await desk.hear("LineChanged", line="hidden")
        key = random_id()
        held = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
        await house.relay.advocate_says(held, "I am here", key, 0)
        assert "I am here" in [each.get("text") for each in await page.hears(10)]
        facts = await house.relay.talks.facts(talk.id)
        assert facts is not None
        assert facts.hidden_ms is not None
        assert facts.shown <= 2, "what came while she looked elsewhere did not stand on her screen"
        await page.says({"type": "Screen", "state": "shown"})
        await desk.hear("LineChanged", line="connected")
        await page.post("hear", {"resume": page.resume, "wait": 1, "known": page.known})
        shown = await house.relay.talks.facts(talk.id)
        assert shown is not None
        assert shown.shown == 3


async def test_an_older_line_says_nothing_about_her_screen(house: ChatHouse) -> None:
    talk = await house.waiting()
    older, newer = random_id(), random_id()
    await house.relay.lines.opened(talk.id, older, 1, goes_on=False)
    await house.relay.lines.opened(talk.id, newer, 1, goes_on=False)
    await house.relay.lines.turned(talk.id, older, 5, is_hidden=True)
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    assert facts.hidden_ms is None
    await house.relay.lines.turned(talk.id, newer, 6, is_hidden=True)
    await house.relay.lines.turned(talk.id, newer, 7, is_hidden=True)
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    assert facts.hidden_ms == 6, "since when, not since it was last said"


async def test_what_stood_on_her_screen_is_kept_and_never_more_than_was_told(house: ChatHouse, processes: Both) -> None:
    (visitor,) = await visitors(house, processes[0], 1)
    async with visitor, await processes[1].desk() as desk:
        talk = await talk_of(house, visitor)
        await takes(desk, talk.id)
        await visitor.hear("AdvocateJoined")
        await visitor.say("Seen", seq=99)

        shown = 0
        with anyio.move_on_after(PATIENCE_S):
            while not shown:
                facts = await house.relay.talks.facts(talk.id)
                shown = facts.shown if facts is not None else -1
                await anyio.sleep(0.05)
        assert shown == 2


async def test_a_laptop_that_sleeps_with_three_loses_them_at_ninety_seconds_and_reads_who_has_each(
    house: ChatHouse, processes: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_as(monkeypatch, "Sam")
    lines = await visitors(house, processes[0], 3)
    talks = [await talk_of(house, line) for line in lines]
    async with lines[0], lines[1], lines[2]:
        desk = await processes[1].desk()
        for talk in talks:
            await takes(desk, talk.id)
        for line in lines:
            await line.hear("AdvocateJoined")
        desk.cut()

        await lives(house, lines, 45)
        for line in lines:
            await told(line, "LineChanged", line="gone")
            assert not any(each.get("text") == "returned" for each in line.passed), "45 seconds are not ninety"
        assert sorted(await house.relay.desk.mine(house.advocate.staff_id)) == sorted(talk.id for talk in talks)

        await lives(house, lines, 60)
        for place, line in enumerate(lines, 1):
            assert (await told(line, "MessagePosted", author="system"))["text"] == "returned"
            await told(line, "QueueMoved", place=place)

        sam = await house.ready(house.another("Sam"))
        await house.relay.take(sam, talks[0].id)
        held = [{"conversation": to_text(talk.id), "last": 2, "last_note": 0} for talk in talks]
        async with await processes[1].desk(held) as awake:
            wiped = [await told(awake, "ConversationErased", conversation=to_text(talk.id)) for talk in talks]
            assert [each["by"] for each in wiped] == ["Sam", "", ""]
            # One that waited is taken a little later: she reads that too, and of the third nothing after her lease.
            await house.relay.take(sam, talks[1].id)
            await awake.hear("ConversationErased", conversation=to_text(talks[1].id), by="Sam")
            await lives(house, lines, LEASE_MS / 1000 + 15)
            await house.relay.take(await house.ready(sam), talks[2].id)
            await awake.hear("QueueSnapshot", total=0)
            await awake.hear("QueueSnapshot")  # the round after it has looked whose each is
            told_of_the_third = [
                each["by"]
                for each in awake.passed
                if each["type"] == "ConversationErased" and each["conversation"] == to_text(talks[2].id)
            ]
            assert told_of_the_third == [""]


async def test_nobody_but_the_one_it_was_taken_from_is_told_who_has_it(house: ChatHouse) -> None:
    duty = Duty(house.relay, house.services)
    talk, _ = await house.talking()
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    assert await duty.has_now(house.advocate, talk.id) == ""
    assert await duty.has_now(house.another("Sam"), talk.id) is None
    assert await duty.has_now(house.advocate, random_id()) is None
    again = await house.relay.take(await house.ready(), talk.id)
    assert await duty.has_now(house.advocate, talk.id) is None, "hers again"
    await house.relay.close(again)
    assert await duty.has_now(house.advocate, talk.id) is None


async def test_when_the_only_advocate_is_gone_her_visitor_is_told_that_nobody_can_be_counted_on(
    house: ChatHouse, processes: Both
) -> None:
    (visitor,) = await visitors(house, processes[0], 1)
    async with visitor:
        desk = await processes[1].desk()
        conversation = (await talk_of(house, visitor)).id
        await takes(desk, conversation)
        await visitor.hear("AdvocateJoined")
        desk.cut()
        await lives(house, [visitor], 105)
        await told(visitor, "LineChanged", line="gone")
        await told(visitor, "MessagePosted", text="returned")
        moved = await told(visitor, "QueueMoved")
        assert (moved["place"], moved["minutes"]) == (1, None)
        assert (await house.services.availability("en")).state == "nobody"
        assert await visitor.says("are you there?") == 4
        async with await processes[0].desk() as back:
            await takes(back, conversation)
            await visitor.hear("AdvocateJoined")
            await back.hear("MessagePosted", text="are you there?")


async def test_a_desk_that_was_away_for_less_than_its_lease_has_lost_nobody(house: ChatHouse, processes: Both) -> None:
    (visitor,) = await visitors(house, processes[0], 1)
    async with visitor:
        desk = await processes[1].desk()
        conversation = (await talk_of(house, visitor)).id
        await takes(desk, conversation)
        await visitor.hear("AdvocateJoined")
        desk.cut()
        await lives(house, [visitor], 75)
        await told(visitor, "LineChanged", line="gone")
        async with await processes[0].desk() as back:
            await told(back, "TalkOpened", conversation=to_text(conversation))
            await visitor.say("Here")
            await told(visitor, "LineChanged", line="connected")
            await back.says("sorry, my line broke", conversation=to_text(conversation))
            await visitor.hear("MessagePosted", author="advocate")
            assert not any(each.get("text") == "returned" for each in visitor.passed)
