"""The question whether she is still there, on every kind of page: shown, answered by one tap, and gone again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.conversation import DeskTalk, VisitorTalk
from chat.message import NO_KEY, NOBODY, Entry
from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, new_key, processes
from tests.support.html import Document

pytestmark = pytest.mark.anyio

__all__ = ["phone", "processes"]

QUESTION = "Are you still there?"


async def is_asked(house: ChatHouse, talk: VisitorTalk | DeskTalk) -> None:
    """What the sweeper does once the silence has lasted."""
    (looked,) = await house.relay.clocks.look([talk.id])
    asked = Entry("system", NOBODY, NO_KEY, "asked", 0, b"")
    assert await house.relay.clocks.ask(talk.id, asked, looked.stamp, house.relay.now_ms())


async def ends_by_the_clock(house: ChatHouse, talk: VisitorTalk) -> None:
    (looked,) = await house.relay.clocks.look([talk.id])
    closing = Entry("system", NOBODY, NO_KEY, "closed", 0, b"quiet")
    assert await house.relay.clocks.end(talk.id, closing, "quiet", looked.stamp, house.relay.now_ms())
    await house.relay.ending.finish(talk.id, "quiet", None)


async def test_a_line_is_asked_answers_with_one_frame_and_both_sides_read_it(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts()
    async with await processes[0].visitor(token) as visitor, await processes[1].desk() as desk:
        await visitor.says("hello")
        talk = await house.relay.access.conversation_for_visitor(token)
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(talk.id))
        await desk.hear("TalkOpened", key=key)
        await is_asked(house, talk)
        asked = await visitor.hear("MessagePosted", text="asked")
        assert (asked["seq"], asked["author"], asked["key"]) == (3, "system", "")
        await desk.hear("MessagePosted", text="asked", author="system", seq=3)
        tap = new_key()
        for _ in range(2):
            await visitor.say("Stay", key=tap)
            assert (await visitor.hear("MessageAccepted", key=tap))["seq"] == 4
        await desk.hear("MessagePosted", text="stayed", author="system", seq=4)
        await visitor.say("Stay", key=new_key())
        assert (await visitor.hear("MessageAccepted", seq=0))["type"] == "MessageAccepted"
        await ends_by_the_clock(house, talk)
        assert (await desk.hear("ConversationClosed"))["how"] == "quiet"
        assert (await visitor.hear("ConversationClosed"))["how"] == "quiet"


async def test_a_page_that_asks_is_asked_too(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    talk, _ = await house.talking()
    async with asking(processes[0], talk.token) as page:
        await page.hears()
        await is_asked(house, talk)
        assert "asked" in [each.get("text") for each in await page.hears(10)]
        told = (await page.says({"type": "Stay", "key": new_key()}))["told"]
        assert (told[0]["type"], told[0]["seq"]) == ("MessageAccepted", 4)
        assert "stayed" in [each.get("text") for each in await page.hears(10)]


async def test_without_script_one_tap_in_the_frame_answers_it(phone: PlainPhone) -> None:
    house = phone.house
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    async with phone.listens() as frame:
        await frame.shows("You are writing with")
        await is_asked(house, desk)
        await frame.shows(QUESTION)
        # Typed words answer it as well: what stands newest in the frame is who she is with.
        await phone.sends(words="I am")
        await frame.until(
            lambda: frame.text.rindex("You are writing with") > frame.text.rindex(QUESTION), "her words", 20
        )
        house.clock.advance(timedelta(seconds=1))
        await is_asked(house, desk)
        await frame.until(lambda: frame.text.count(QUESTION) == 2, "the question anew", 20)
        form = [form for form in Document(frame.text).forms if form.action.endswith("/talk/words")][-1]
    answer = await phone.posts(form.action, {**form.fields, "stay": "1"})
    async with phone.listens(answer.headers["location"]) as frame:
        await frame.shows("You are writing with")
        assert QUESTION not in frame.text
        await ends_by_the_clock(house, await phone.talk())
        await frame.shows("It was quiet here for a long time.")
    messages = (await house.relay.since(desk, 0)).messages
    assert [each.kind for each in messages if each.author == "system"] == ["asked", "asked", "stayed", "closed"]
