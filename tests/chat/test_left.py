"""A number outlives an exit where she asked for it: her page goes as by every exit, and by the number she is back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chat.comeback import Comebacks, NumberNotKnown
from chat.left import wished_minutes
from chat.presence import LEASE_MS
from chat.queue import Tier
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.ids import random_id
from portal.store.valkey import ValkeyAway
from portal.vault.conversations import find_visitor
from tests.chat.comeback_people import comebacks, opens, refused
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import Killed, traces

pytestmark = pytest.mark.anyio

__all__ = ["comebacks"]


async def test_after_an_exit_the_number_she_kept_opens_the_talk_and_nothing_else_does(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    assert await comebacks.outlive(talk, True) == 60
    passed = await house.services.passes.issue("talk", b"x", group=talk.id)
    await house.relay.leave_by_token(talk.token)

    assert not await opens(house, talk.token)
    assert await house.relay.talks.visitor(find_visitor(talk.token)) is None
    assert await house.services.passes.open(passed, "talk") is None
    assert (await house.view(desk)).line == ("left", 0)
    assert 3590 <= (await house.view(desk)).back_s <= 3600
    await house.relay.advocate_says(desk, "I wait here", random_id(), 2)

    token, again = await comebacks.resume(made.code, random_id())
    assert await opens(house, token)
    assert (await house.relay.talks.facts(talk.id)).owner == desk.staff_id  # type: ignore[union-attr]
    assert (await house.relay.visitor_is_here(again)).lease_ms
    assert (await house.view(desk)).line == ("connected", 0)
    words = [each.text for each in (await house.relay.since(again, 0)).messages if each.kind == "words"]
    assert words == ["hello", "I wait here"]
    await refused(comebacks, made.code)


@pytest.mark.parametrize("why", ["never asked", "taken back", "a new number", "the number was used", "an end"])
async def test_without_her_word_for_this_very_number_an_exit_ends_everything(
    house: ChatHouse, comebacks: Comebacks, why: str
) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    if why != "never asked":
        assert await comebacks.outlive(talk, True) == 60
    if why == "taken back":
        await comebacks.outlive(talk, False)
    if why == "a new number":
        made = await comebacks.make(talk)
    if why == "the number was used":
        _, talk = await comebacks.resume(made.code, random_id())
        assert await comebacks.outlive(talk, True) == 0
    await house.relay.leave(talk, "end" if why == "an end" else "exit")
    await refused(comebacks, made.code)
    facts = await house.relay.talks.facts(desk.id)
    assert facts is not None
    assert facts.is_over


@given(st.text(max_size=3))
def test_a_wish_is_one_of_four_and_an_hour_where_nothing_was_said(cutoff: str) -> None:
    assert wished_minutes(cutoff) == {"go": 2, "5": 5, "30": 30, "60": 60}.get(cutoff, 60)


@pytest.mark.parametrize(("wish", "minutes"), [("", 60), ("30", 30), ("5", 5), ("go", 2)])
async def test_her_wish_decides_how_long_the_talk_waits_for_her(
    house: ChatHouse, comebacks: Comebacks, wish: str, minutes: int
) -> None:
    talk, _ = await house.talking()
    await house.relay.visitor_answers(talk, "cutoff", wish)
    made = await comebacks.make(talk)
    assert await comebacks.outlive(talk, True) == minutes
    await house.relay.leave(talk, "exit")
    house.clock.advance(timedelta(minutes=minutes) - timedelta(seconds=1))
    await house.ready()  # her advocate is still at the desk
    await house.sweeper.sweep()
    assert not (await house.relay.talks.facts(talk.id)).is_over  # type: ignore[union-attr]
    house.clock.advance(timedelta(seconds=2))
    await house.sweeper.sweep()
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    assert (facts.standing, facts.how) == ("ended", "exit")
    await refused(comebacks, made.code)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_the_clock_of_a_page_that_is_gone_does_not_end_what_waits_for_her_number(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    """Her page was last heard before she left: that clock would run out first, and past a return of this moment."""
    talk, _ = await house.talking()
    await house.relay.visitor_answers(talk, "cutoff", "5")
    made = await comebacks.make(talk)
    house.clock.advance(timedelta(minutes=2))
    await house.ready()
    await comebacks.outlive(talk, True)
    await house.relay.leave(talk, "exit")
    house.clock.advance(timedelta(minutes=4))
    await house.ready()
    await house.sweeper.sweep()
    await comebacks.resume(made.code, random_id())


async def test_back_by_the_number_she_is_her_advocates_while_that_lease_lives_and_the_first_in_line_after_it(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    await comebacks.outlive(talk, True)
    await house.relay.leave(talk, "exit")
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.sweeper.sweep()
    await house.sweeper.sweep()
    assert (await house.relay.desk.first())[0] == []  # nobody is offered who is not there
    other = await house.waiting()
    _, again = await comebacks.resume(made.code, random_id())
    assert (await house.relay.visitor_is_here(again)).place == 1
    assert (await house.relay.visitor_is_here(other)).place == 2
    assert (await house.relay.talks.facts(talk.id)).tier == Tier.RETURNED  # type: ignore[union-attr]
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_for_advocate(house.advocate, desk.id)


async def test_one_who_only_waited_comes_back_to_her_place_and_not_before_others(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    first, second = await house.waiting(), await house.waiting()
    made = await comebacks.make(second)
    await comebacks.outlive(second, True)
    await house.relay.leave(second, "exit")
    assert [each for each, _ in (await house.relay.desk.first())[0]] == [first.id]
    _, again = await comebacks.resume(made.code, random_id())
    assert (await house.relay.visitor_is_here(again)).place == 2


async def test_a_line_that_is_still_open_when_she_leaves_keeps_no_place_for_her(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk = await house.waiting()
    await comebacks.make(talk)
    await comebacks.outlive(talk, True)
    await house.relay.leave(talk, "exit")
    with pytest.raises(ConversationOver):
        await house.relay.visitor_is_here(talk)
    assert (await house.relay.desk.first())[0] == []


async def test_an_advocate_may_close_what_waits_for_her_and_the_number_opens_nothing(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    await comebacks.outlive(talk, True)
    await house.relay.leave(talk, "exit")
    await house.relay.close(desk)
    await refused(comebacks, made.code)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_a_page_that_came_by_the_number_before_is_not_answered_again_after_the_exit(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    """The repeat for a lost answer would have handed the page before the exit its token once more."""
    talk, _ = await house.talking()
    made, page = await comebacks.make(talk), random_id()
    token, again = await comebacks.resume(made.code, page)
    kept = await comebacks.make(again)
    await comebacks.outlive(again, True)
    await house.relay.leave(again, "exit")
    with pytest.raises(NumberNotKnown):
        await comebacks.resume(made.code, page)
    assert not await opens(house, token)
    token, _ = await comebacks.resume(kept.code, random_id())
    assert await opens(house, token)


async def test_an_exit_waits_for_no_store_that_could_say_whether_a_number_outlives_it(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _ = await house.talking()
    await comebacks.make(talk)
    await comebacks.outlive(talk, True)

    async def away(*_: Any) -> int:
        raise ValkeyAway

    monkeypatch.setattr(house.relay.comebacks, "outlives", away)
    await house.relay.leave(talk, "exit")
    assert (await house.relay.talks.facts(talk.id)).how == "exit"  # type: ignore[union-attr]


STEPS = [
    "leavings._store.begin",
    "leavings._store.leave",
    "talks.drop_visitor",
    "unfinished.unoffer",
    "comebacks.keep_only_live",
    "leavings._passes.drop",
    "leavings._store.finished",
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_leaving_that_was_killed_between_two_steps_is_finished_by_the_sweeper(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    talk, _ = await house.talking()
    made = await comebacks.make(talk)
    await comebacks.outlive(talk, True)
    with monkeypatch.context() as patch:
        _killed_at(house, step, patch, after=after)
        with pytest.raises(Killed):
            await house.relay.leave(talk, "exit")
    if (step, after) == ("leavings._store.begin", False):
        return  # killed before anything was written: as if the post had never come
    await house.sweeper.sweep()
    assert not await opens(house, talk.token)
    assert await house.relay.talks.visitor(find_visitor(talk.token)) is None
    token, _ = await comebacks.resume(made.code, random_id())
    await house.sweeper.sweep()
    assert await opens(house, token)
    assert await house.services.durable.hlen(keys.LEFT) == 0


@pytest.mark.parametrize("step", ["ending.end", "leavings._store.forget"])
async def test_a_time_that_ran_out_is_ended_whole_after_a_kill_and_meets_nobody_who_comes_back(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    talk, _ = await house.talking()
    made = await comebacks.make(talk)
    await comebacks.outlive(talk, True)
    await house.relay.leave(talk, "exit")
    house.clock.advance(timedelta(minutes=61))
    with monkeypatch.context() as patch:
        _killed_at(house, step, patch, after=False)
        with pytest.raises(Killed):
            await house.sweeper.sweep()
    await refused(comebacks, made.code)
    await house.sweeper.sweep()
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


def _killed_at(house: ChatHouse, step: str, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    *where, name = step.split(".")
    owner: Any = house.relay
    for part in where:
        owner = getattr(owner, part)
    real: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def dying(*args: Any, **words: Any) -> Any:
        if after:
            await real(*args, **words)
        raise Killed

    monkeypatch.setattr(owner, name, dying)
