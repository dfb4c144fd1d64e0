"""The end of a number: exit, end and clock take it along, and a kill at any step leaves nothing that opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from chat.comeback import Comebacks
from chat.conversation import VisitorTalk
from chat.refusals import ConversationOver
from chat.relay import Relay
from portal.ids import random_id
from tests.chat.comeback_people import comebacks, opens, refused
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import Killed, traces

pytestmark = pytest.mark.anyio

__all__ = ["comebacks"]


@pytest.mark.parametrize("how", ["exit", "end", "closed"])
async def test_exit_and_end_kill_the_number_and_leave_nothing_of_it(
    house: ChatHouse, comebacks: Comebacks, how: Any
) -> None:
    talk, desk = await house.talking()
    used = await comebacks.make(talk)
    _, talk = await comebacks.resume(used.code, random_id())
    made = await comebacks.make(talk)
    await (house.relay.close(desk) if how == "closed" else house.relay.leave(talk, how))
    await refused(comebacks, made.code)
    assert [key async for key in house.services.ember_client.scan_iter("r*")] == []
    with pytest.raises(ConversationOver):
        await comebacks.make(talk)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_a_wait_that_ended_by_itself_takes_its_number_along(house: ChatHouse, comebacks: Comebacks) -> None:
    talk = await house.waiting()
    made = await comebacks.make(talk)
    house.clock.advance(timedelta(minutes=61))
    await house.sweeper.sweep()
    await refused(comebacks, made.code)
    assert await traces(house, talk) == []


async def test_an_end_in_the_middle_of_a_return_leaves_no_way_in(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    let_in = house.relay.talks.let_in

    async def ended_first(*args: Any) -> None:
        await house.relay.close(desk)
        await let_in(*args)

    monkeypatch.setattr(house.relay.talks, "let_in", ended_first)
    await refused(comebacks, made.code)
    await left_without_a_trace(house, talk)


async def test_a_number_made_while_the_conversation_ends_opens_nothing(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, desk = await house.talking()
    keep = house.relay.comebacks.keep

    async def ended_first(*args: Any) -> None:
        await house.relay.close(desk)
        await keep(*args)

    monkeypatch.setattr(house.relay.comebacks, "keep", ended_first)
    with pytest.raises(ConversationOver):
        await comebacks.make(talk)
    assert [key async for key in house.services.ember_client.scan_iter("r*")] == []


STEPS = ["comebacks.take", "comebacks.claim", "talks.move_in", "talks.let_in", "talks.drop_visitor"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_return_that_was_killed_between_two_steps_is_finished_by_the_same_page_and_ended_whole(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    talk, _ = await house.talking()
    made, page = await comebacks.make(talk), random_id()
    with monkeypatch.context() as patch:
        killed_at(house.relay, step, patch, after=after)
        with pytest.raises(Killed):
            await comebacks.resume(made.code, page)
    has_moved = (step, after) == ("talks.move_in", True) or step in ("talks.let_in", "talks.drop_visitor")
    assert await opens(house, talk.token) != has_moved
    token, again = await comebacks.resume(made.code, page)
    assert await opens(house, token)
    await left_without_a_trace(house, again)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_after_a_return_that_was_killed_an_end_leaves_no_way_in(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    with monkeypatch.context() as patch:
        killed_at(house.relay, step, patch, after=after)
        with pytest.raises(Killed):
            await comebacks.resume(made.code, random_id())
    await house.relay.close(desk)
    assert not await opens(house, talk.token)
    await left_without_a_trace(house, talk)


async def left_without_a_trace(house: ChatHouse, talk: VisitorTalk) -> None:
    await house.relay.ending.end(talk.id, "end")
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


def killed_at(relay: Relay, step: str, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """The process dies just before, or just after, a step of the real thing."""
    where, name = step.split(".")
    real: Callable[..., Awaitable[Any]] = getattr(getattr(relay, where), name)

    async def dying(*args: Any, **words: Any) -> Any:
        if after:
            await real(*args, **words)
        raise Killed

    monkeypatch.setattr(getattr(relay, where), name, dying)
