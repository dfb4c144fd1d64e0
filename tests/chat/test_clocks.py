"""The clocks of a visitor: asked after a silence in view, ended after another, and when she is away as she wished."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from chat.clocks import MINUTE_MS, WISHES, Life, away_since, judge, wish_minutes
from chat.comeback import Comebacks
from chat.conversation import DeskTalk, VisitorTalk
from chat.message import NO_KEY, NOBODY, Entry
from chat.presence import GONE_AFTER_MS
from chat.refusals import ConversationOver
from chat.staying import stay
from chat.store import keys
from portal.errors import NotThere
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces

pytestmark = pytest.mark.anyio

NOW = 1_700_000_000_000
AGO = st.integers(0, 3 * 60 * MINUTE_MS).map(lambda ago: NOW - ago)
EVER = st.just(0) | AGO
LIVES = st.builds(
    Life,
    is_talking=st.booleans(),
    spoke_ms=EVER,
    told_ms=EVER,
    sign_ms=EVER,
    asked_ms=EVER,
    seen_ms=st.none() | AGO,
    lost_ms=st.none() | AGO,
    hidden_ms=st.none() | AGO,
    covered_ms=st.none() | AGO,
    wish_minutes=st.sampled_from([0, *WISHES.values()]),
)


@given(LIVES, st.integers(10, 120))
def test_nobody_in_view_is_ended_unasked_or_before_twice_the_silence(life: Life, minutes: int) -> None:
    verdict = judge(NOW, life, minutes)
    if away_since(NOW, life) is not None:
        assert verdict in ("wait", "gone")
        return
    silent_ms = NOW - max(life.told_ms, life.sign_ms)
    assert verdict != "gone"
    if verdict == "ask":
        assert silent_ms >= minutes * MINUTE_MS
    if verdict == "quiet":
        assert silent_ms >= 2 * minutes * MINUTE_MS or life.asked_ms > max(life.told_ms, life.sign_ms)
        assert NOW - life.asked_ms >= minutes * MINUTE_MS
    if verdict != "wait":
        assert life.is_talking, "in line it is she who waits"
        assert life.told_ms > life.spoke_ms, "what she said and nobody answered is no silence of hers"


@given(LIVES, st.integers(10, 120))
def test_away_her_own_wish_decides_and_nothing_else(life: Life, minutes: int) -> None:
    away = away_since(NOW, life)
    if away is None:
        return
    wish = life.wish_minutes or 60
    assert judge(NOW, life, minutes) == ("gone" if NOW - away >= wish * MINUTE_MS else "wait")


@given(LIVES)
def test_out_of_view_counts_in_a_talk_and_not_in_line(life: Life) -> None:
    away = away_since(NOW, life)
    is_broken = life.lost_ms is not None and life.lost_ms >= (life.seen_ms or 0)
    is_silent = life.seen_ms is not None and NOW - life.seen_ms >= GONE_AFTER_MS
    is_hidden = (life.hidden_ms is not None or life.covered_ms is not None) and life.is_talking
    assert (away is not None) == (is_broken or is_silent or is_hidden)


@pytest.mark.parametrize(("choice", "minutes"), [("5", 5), ("30", 30), ("60", 60), ("go", 2), ("", 0)])
def test_a_wish_is_a_number_of_minutes_and_letting_her_go_means_two(choice: str, minutes: int) -> None:
    assert wish_minutes(choice) == minutes


async def passes(house: ChatHouse, talk: VisitorTalk, minutes: float, *, is_there: bool = True) -> None:
    """Time goes by; the advocate's desk lives, her page too where `is_there`, and the house sweeps."""
    for _ in range(round(minutes * 2)):
        house.clock.advance(timedelta(seconds=30))
        await house.relay.desk.renew(house.advocate.staff_id, house.relay.now_ms())
        if is_there:
            try:
                await house.relay.visitor_is_here(talk)
            except ConversationOver:
                is_there = False
        await house.sweeper.sweep()


async def kinds(house: ChatHouse, talk: VisitorTalk | DeskTalk) -> list[str]:
    return [each.kind for each in (await house.relay.since(talk, 0)).messages]


async def told_something(house: ChatHouse) -> tuple[VisitorTalk, DeskTalk]:
    talk, desk = await house.talking()
    house.clock.advance(timedelta(seconds=1))
    await house.relay.advocate_says(desk, "how are you?", random_id(), 0)
    return talk, desk


async def test_silent_in_view_she_is_asked_and_then_it_ends_and_leaves_nothing(house: ChatHouse) -> None:
    talk, desk = await told_something(house)
    await passes(house, talk, 9)
    assert await kinds(house, talk) == ["words", "joined", "words"]
    await passes(house, talk, 2)
    assert await kinds(house, talk) == ["words", "joined", "words", "asked"]
    await passes(house, talk, 8)
    assert (await kinds(house, talk))[-1] == "asked", "asked once, and given time"
    await passes(house, talk, 3)
    messages = (await house.relay.since(desk, 0)).messages
    assert (messages[-1].kind, messages[-1].how) == ("closed", "quiet")
    with pytest.raises(NotThere):
        await house.relay.access.conversation_for_visitor(talk.token)
    await passes(house, talk, 31, is_there=False)
    assert await traces(house, talk) == []


async def says(house: ChatHouse, talk: VisitorTalk, desk: DeskTalk) -> None:
    await house.relay.visitor_says(talk, "yes", random_id(), 0)
    house.clock.advance(timedelta(seconds=1))
    await house.relay.advocate_says(desk, "good", random_id(), 0)


async def taps(house: ChatHouse, talk: VisitorTalk, _: DeskTalk) -> None:
    key = random_id()
    seq = await stay(house.relay, talk, key)
    assert seq == 5
    assert await stay(house.relay, talk, key) == seq, "the same tap is the same answer"
    assert await stay(house.relay, talk, random_id()) == 0, "nobody asks any more"


async def types(house: ChatHouse, talk: VisitorTalk, _: DeskTalk) -> None:
    await house.relay.clocks.sign(talk.id, house.relay.now_ms())


async def looks_away_and_back(house: ChatHouse, talk: VisitorTalk, _: DeskTalk) -> None:
    await house.relay.lines.turned(talk.id, b"", house.relay.now_ms(), is_hidden=True)
    await house.relay.lines.turned(talk.id, b"", house.relay.now_ms(), is_hidden=False)


async def comes_back(house: ChatHouse, talk: VisitorTalk, _: DeskTalk) -> None:
    comebacks = Comebacks(house.relay)
    await comebacks.resume((await comebacks.make(talk)).code, random_id())


@pytest.mark.parametrize("stirs", [says, taps, types, looks_away_and_back, comes_back])
async def test_whatever_shows_that_she_is_there_begins_the_silence_anew(
    house: ChatHouse, stirs: Callable[[ChatHouse, VisitorTalk, DeskTalk], Awaitable[None]]
) -> None:
    talk, desk = await told_something(house)
    await passes(house, talk, 18)
    assert (await kinds(house, talk)).count("asked") == 1
    await stirs(house, talk, desk)
    await passes(house, talk, 9)
    assert "closed" not in await kinds(house, talk)
    assert (await kinds(house, talk)).count("asked") == 1
    await passes(house, talk, 2)
    assert (await kinds(house, talk)).count("asked") == 2
    await passes(house, talk, 11)
    assert (await kinds(house, desk))[-1] == "closed"


async def test_in_line_and_unanswered_it_is_she_who_waits(house: ChatHouse) -> None:
    waiting, (talk, desk) = await house.waiting(), await house.talking()
    await house.relay.visitor_says(talk, "and now?", random_id(), 0)
    for _ in range(50):
        await passes(house, talk, 1)
        await house.relay.visitor_is_here(waiting)
    assert await kinds(house, waiting) == ["words"]
    assert await kinds(house, desk) == ["words", "joined", "words"]


@pytest.mark.parametrize(("choice", "minutes"), [("go", 2), ("5", 5), ("", 60)])
@pytest.mark.parametrize("away", ["hidden", "covered", "gone"])
async def test_away_she_is_waited_for_as_long_as_she_wished(
    house: ChatHouse, choice: Any, minutes: int, away: str
) -> None:
    talk, desk = await told_something(house)
    if choice:
        await house.relay.visitor_answers(talk, "cutoff", choice)
    if away != "gone":
        await house.services.durable.hset(keys.state(talk.id), away, house.relay.now_ms())
    await passes(house, talk, minutes - 1, is_there=away != "gone")
    assert await kinds(house, desk) == ["words", "joined", "words"], "never asked: nobody would see it"
    await passes(house, talk, 2, is_there=away != "gone")
    messages = (await house.relay.since(desk, 0)).messages
    assert (messages[-1].kind, messages[-1].how) == ("closed", "gone")


async def test_a_wish_taken_back_is_none(house: ChatHouse) -> None:
    talk, desk = await told_something(house)
    await house.relay.visitor_answers(talk, "cutoff", "go")
    await house.relay.visitor_answers(talk, "cutoff", "")
    await passes(house, talk, 20, is_there=False)
    assert (await kinds(house, desk))[-1] == "words"


async def test_in_line_a_page_out_of_view_waits_and_one_that_is_gone_is_let_go(house: ChatHouse) -> None:
    hidden, gone = await house.waiting(), await house.waiting()
    for talk in (hidden, gone):
        await house.relay.visitor_answers(talk, "cutoff", "5")
    await house.relay.lines.turned(hidden.id, b"", house.relay.now_ms(), is_hidden=True)
    await passes(house, hidden, 8)
    assert await house.relay.talks.facts(gone.id) is None
    assert (await house.relay.access.conversation_for_visitor(hidden.token)).id == hidden.id


async def test_what_stirs_between_the_look_and_the_act_is_left_alone(house: ChatHouse) -> None:
    talk, _ = await told_something(house)
    clocks, now_ms = house.relay.clocks, house.relay.now_ms()
    (looked,) = await clocks.look([talk.id])
    asked, closing = (Entry("system", NOBODY, NO_KEY, kind, 0, b"quiet") for kind in ("asked", "closed"))
    house.clock.advance(timedelta(seconds=1))
    await house.relay.visitor_says(talk, "here I am", random_id(), 0)
    assert not await clocks.ask(talk.id, asked, looked.stamp, now_ms)
    assert not await clocks.end(talk.id, closing, "quiet", looked.stamp, now_ms)
    (again,) = await clocks.look([talk.id])
    assert await clocks.ask(talk.id, asked, again.stamp, now_ms)
    assert not await clocks.end(talk.id, closing, "quiet", again.stamp, now_ms), "the question stirs too"


class Killed(BaseException):
    """What the test throws where a process would have been killed."""


async def test_an_end_by_the_clock_that_was_killed_half_way_is_finished_by_the_next_round(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _ = await told_something(house)
    await house.relay.visitor_answers(talk, "cutoff", "go")

    async def dies(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(house.relay.ending, "finish", dies)
        with pytest.raises(Killed):
            await passes(house, talk, 4, is_there=False)
    await passes(house, talk, 2, is_there=False)
    with pytest.raises(NotThere):
        await house.relay.access.conversation_for_visitor(talk.token)
    assert await house.services.durable.zscore(keys.QUIET, talk.id) is None
    await passes(house, talk, 31, is_there=False)
    assert await traces(house, talk) == []


async def test_two_processes_look_at_each_conversation_once_a_round(house: ChatHouse) -> None:
    talks = [await house.waiting() for _ in range(5)]
    house.clock.advance(timedelta(minutes=1))
    now_ms = house.relay.now_ms()
    first = await house.relay.clocks.due(now_ms, now_ms + 30_000, 3)
    second = await house.relay.clocks.due(now_ms, now_ms + 30_000, 3)
    assert len(first) == 3
    assert sorted(first + second) == sorted(talk.id for talk in talks)
    assert await house.relay.clocks.due(now_ms, now_ms + 30_000, 3) == []
