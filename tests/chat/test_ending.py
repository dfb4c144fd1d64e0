"""An exit or an end destroys the visitor's side at once; the desk's goes when its wrap-up clock ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from chat.conversation import VisitorTalk
from chat.ending import Ending
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.errors import NotThere
from portal.ids import random_id
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def traces(house: ChatHouse, talk: VisitorTalk) -> list[bytes]:
    """Every key of either store that still belongs to the conversation, and every index that still names it."""
    found = []
    named = keys.state(talk.id)[3:-1]
    for client in (house.services.durable, house.services.ember_client):
        async for key in client.scan_iter(count=1000):
            if named in key or talk.id in key or key.startswith(b"v:") or talk.id in (await client.dump(key) or b""):
                found.append(key)
    return [key for key in found if not key.startswith((b"spent:", b"begun:"))]


@pytest.mark.parametrize("how", ["exit", "end"])
async def test_when_she_leaves_her_token_opens_nothing_at_once(house: ChatHouse, how: Any) -> None:
    talk, desk = await house.talking()
    passed = await house.services.passes.issue("talk", b"x", group=talk.id)
    await house.relay.leave(talk, how)
    with pytest.raises(NotThere):
        await house.relay.access.conversation_for_visitor(talk.token)
    assert await house.services.passes.open(passed, "talk") is None
    again = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    words = (await house.relay.since(again, 0)).messages
    assert words[0].text == "hello"
    assert (words[-1].kind, words[-1].how) == ("closed", how)
    assert again.keys == desk.keys


async def test_the_desk_keeps_the_words_until_the_wrap_up_clock_ends_and_nothing_after_it(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.note(desk, "note", random_id(), 0)
    await house.relay.leave(talk, "exit")
    house.clock.advance(timedelta(minutes=29, seconds=59))
    await house.sweeper.sweep()
    assert (await house.relay.access.conversation_for_advocate(house.advocate, talk.id)).keys == desk.keys
    house.clock.advance(timedelta(seconds=2))
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    assert await traces(house, talk) == []


async def test_a_visitor_nobody_has_taken_leaves_nothing_at_all(house: ChatHouse) -> None:
    talk = await house.waiting()
    await house.relay.leave(talk, "end")
    assert await traces(house, talk) == []


async def test_an_ended_conversation_frees_the_advocates_place(house: ChatHouse) -> None:
    talks = [await house.waiting() for _ in range(house.services.settings.chat_capacity + 1)]
    signed = await house.ready()
    held = [await house.relay.take(signed, talk.id) for talk in talks[:-1]]
    await house.relay.close(held[0])
    assert (await house.relay.take(signed, talks[-1].id)).id == talks[-1].id
    assert len(await house.relay.desk.mine(signed.staff_id)) == len(talks)


async def test_what_an_advocate_holds_stands_in_the_order_of_her_takes_and_what_is_over_behind_it(
    house: ChatHouse,
) -> None:
    """A desk that loads anew must not give one person's number and colour to another."""
    talks = [await house.waiting() for _ in range(3)]
    signed = await house.ready()
    order = [talks[at].id for at in (2, 0, 1)]
    held = {each: await house.relay.take(signed, each) for each in order}
    assert await house.relay.desk.mine(signed.staff_id) == order
    await house.relay.close(held[order[0]])
    assert await house.relay.desk.mine(signed.staff_id) == [*order[1:], order[0]]


async def test_ending_twice_is_ending_once(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    first = await house.relay.close(desk)
    assert await house.relay.close(desk) == first
    await house.relay.leave(talk, "exit")
    assert [each.kind for each in (await house.relay.since(desk, 0)).messages].count("closed") == 1
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    assert facts.how == "closed"


class Killed(BaseException):
    """What the test throws where a process would have been killed."""


STEPS_OF_AN_END = ["_talks.end", "_talks.drop_visitor", "_passes.drop", "_unfinished.finish_ending"]
STEPS_OF_AN_ERASING = [
    "_talks.mark_erased",
    "_embers.quench",
    "_talks.drop_keys",
    "_talks.drop_words",
    "_unfinished.forget",
]


def killed_at(ending: Ending, step: str, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """The process dies just before, or just after, a step of the real thing."""
    where, name = step.split(".")
    real: Callable[..., Awaitable[Any]] = getattr(getattr(ending, where), name)

    async def dying(*args: Any, **words: Any) -> Any:
        if after:
            await real(*args, **words)
        raise Killed

    monkeypatch.setattr(getattr(ending, where), name, dying)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS_OF_AN_END)
async def test_an_exit_that_was_killed_between_two_steps_is_finished_by_the_sweeper(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    talk, _ = await house.talking()
    with monkeypatch.context() as patch:
        killed_at(house.relay.ending, step, patch, after=after)
        with pytest.raises(Killed):
            await house.relay.leave(talk, "exit")
    await house.sweeper.sweep()
    with pytest.raises(NotThere):
        await house.relay.access.conversation_for_visitor(talk.token)
    desk = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    assert [each.how for each in (await house.relay.since(desk, 0)).messages if each.kind == "closed"] == ["exit"]
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS_OF_AN_ERASING)
async def test_an_erasing_that_was_killed_between_two_steps_is_finished_by_the_sweeper(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    talk, desk = await house.talking()
    await house.relay.leave(talk, "end")
    house.clock.advance(timedelta(minutes=31))
    with monkeypatch.context() as patch:
        killed_at(house.relay.ending, step, patch, after=after)
        with pytest.raises(Killed):
            await house.sweeper.sweep()
    if (step, after) != ("_talks.mark_erased", False):
        # A desk that still holds the keys in memory cannot bring the ember of an erased conversation back.
        await house.services.embers.delete(keys.ember(talk.id))
        with pytest.raises(ConversationOver):
            await house.relay.kindling.tend(talk.id, desk.keys.talk, desk.keys.staff, desk.ember)
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_a_wait_nobody_lives_in_ends_after_an_hour(house: ChatHouse) -> None:
    left, living = await house.waiting(), await house.waiting()
    for _ in range(61):
        house.clock.advance(timedelta(minutes=1))
        await house.relay.visitor_is_here(living)
    await house.sweeper.sweep()
    with pytest.raises(NotThere):
        await house.relay.access.conversation_for_visitor(left.token)
    assert (await house.relay.access.conversation_for_visitor(living.token)).id == living.id
