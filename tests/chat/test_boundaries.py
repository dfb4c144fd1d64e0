"""Lesson 21 (chatwoot#13736): who crosses a line is warned, held off for hours, out of sight, and that is reviewed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chat.boundaries import HOUR_MS, Boundaries, Holding
from chat.comeback import Comebacks
from chat.conversation import DeskTalk, VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.hands import Hands
from chat.presence import LEASE_MS
from chat.protocol.advocate import HoldOff
from chat.protocol.codec import Malformed, read_advocate
from chat.refusals import HeldOff, NotThisDesk, WarnFirst
from chat.store import keys
from portal.ids import random_id, to_text
from portal.store.database import DatabaseAway
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import Killed, traces

pytestmark = pytest.mark.anyio


def said(talk: VisitorTalk) -> HoldOff:
    return HoldOff(key=to_text(random_id()), conversation=to_text(talk.id), why="abuse", hours=4, text="Went on.")


async def went_on(house: ChatHouse) -> tuple[VisitorTalk, DeskTalk, Boundaries]:
    """Somebody who was warned and went on."""
    talk, desk = await house.talking()
    await Hands(house.relay).ask(desk, "firm", random_id(), 0)
    await house.relay.visitor_says(talk, "more of it", random_id(), 0)
    return talk, desk, Boundaries(house.relay, house.services.entries)


async def rows(house: ChatHouse) -> list[bytes]:
    """What a colleague who takes chats is shown of the queue."""
    other = await house.ready(house.another())
    shown = await Duty(house.relay, house.services).snapshot(other, OpenedCards())
    return [each.conversation.encode() for each in shown.waiting]


async def test_nobody_is_held_off_who_was_not_warned_or_has_stopped(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    boundaries = Boundaries(house.relay, house.services.entries)
    with pytest.raises(WarnFirst):
        await boundaries.hold_off(desk, said(talk))
    await Hands(house.relay).ask(desk, "redirect", random_id(), 0)
    await house.relay.visitor_says(talk, "more", random_id(), 0)
    warned = await Hands(house.relay).ask(desk, "firm", random_id(), 0)
    with pytest.raises(WarnFirst):
        await boundaries.hold_off(desk, said(talk))
    await house.relay.withdrawing.withdraw(desk, warned, random_id(), 0)
    await house.relay.visitor_says(talk, "more", random_id(), 0)
    with pytest.raises(WarnFirst):
        await boundaries.hold_off(desk, said(talk))
    assert (await house.services.entries.read(house.advocate)).rows == []


async def test_lesson_21_the_held_off_are_in_no_queue_write_to_nobody_and_come_back_when_it_is_over(
    house: ChatHouse,
) -> None:
    talk, desk, boundaries = await went_on(house)
    await boundaries.hold_off(desk, said(talk))
    assert await house.relay.desk.mine(house.advocate.staff_id) == []
    for _ in range(2):
        with pytest.raises(HeldOff):
            await house.relay.visitor_says(talk, "let me in", random_id(), 0)
        await house.relay.visitor_answers(talk, "safe", "now")
        assert not (await house.relay.visitor_is_here(talk)).is_queued
        await house.sweeper.sweep()
        assert await rows(house) == []
        assert (await house.relay.desk.first())[1] == 0
    with pytest.raises(NotThisDesk):
        await house.relay.take(house.advocate, talk.id)
    with pytest.raises(NotThisDesk):
        await house.relay.advocate_says(desk, "still mine?", random_id(), 0)
    assert await house.relay.desk.lately(talk.id, house.relay.now_ms()) != house.advocate.staff_id
    for _ in range(4 * 60 + 1):
        house.clock.advance(timedelta(minutes=1))
        await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    assert (await house.relay.visitor_is_here(talk)).is_open
    assert await rows(house) == [to_text(talk.id).encode()]
    await house.relay.visitor_says(talk, "sorry", random_id(), 0)
    kinds = [each.kind for each in (await house.relay.since(talk, 0)).messages]
    assert kinds == ["words", "joined", "card", "words", "held_off", "let_in", "words"]


def test_nobody_is_held_off_for_longer_than_a_day() -> None:
    frame = '{"type":"HoldOff","key":"%s","conversation":"%s","why":"abuse","hours":%d}'
    key = to_text(random_id())
    assert isinstance(read_advocate(frame % (key, key, 24)), HoldOff)
    for hours in (25, 48, 0, -1):
        with pytest.raises(Malformed):
            read_advocate(frame % (key, key, hours))


async def test_every_way_into_the_same_conversation_is_held_off_and_nobody_elses(house: ChatHouse) -> None:
    talk, desk, boundaries = await went_on(house)
    comebacks = Comebacks(house.relay)
    code = (await comebacks.make(talk)).code
    other = await house.waiting()
    await boundaries.hold_off(desk, said(talk))
    _, again = await comebacks.resume(code, random_id())
    with pytest.raises(HeldOff):
        await house.relay.visitor_says(again, "by the number", random_id(), 0)
    assert not (await house.relay.visitor_is_here(again)).is_queued
    await house.relay.visitor_says(other, "somebody else", random_id(), 0)
    assert await rows(house) == [to_text(other.id).encode()]


async def test_a_supervisors_no_lets_her_in_at_once_and_a_yes_leaves_it(house: ChatHouse) -> None:
    talk, desk, boundaries = await went_on(house)
    await boundaries.hold_off(desk, said(talk))
    (row,) = (await house.services.entries.read(house.advocate)).rows
    assert row.account is not None
    assert (row.kind, row.answer, row.account.about, row.account.words) == ("held_off", "waits", "abuse", "Went on.")
    assert row.account.until_ms - row.account.at_ms == 4 * HOUR_MS
    await Holding(house.relay).let_in(row.account.ref)
    await Holding(house.relay).let_in(row.account.ref)
    await house.relay.visitor_is_here(talk)
    assert await rows(house) == [to_text(talk.id).encode()]
    assert [each.kind for each in (await house.relay.since(talk, 4)).messages] == ["held_off", "let_in"]


async def test_nothing_is_held_off_that_nobody_would_review(house: ChatHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, desk, boundaries = await went_on(house)

    def away() -> object:
        raise DatabaseAway("gone for now")

    with monkeypatch.context() as patch:
        patch.setattr(house.services.database, "write", away)
        with pytest.raises(DatabaseAway):
            await boundaries.hold_off(desk, said(talk))
    await house.relay.visitor_says(talk, "still here", random_id(), 0)
    assert await house.relay.desk.mine(house.advocate.staff_id) == [talk.id]


@pytest.mark.parametrize("step", ["keep", "finish_lapse"])
async def test_a_holding_off_that_was_killed_between_two_steps_is_finished_by_the_sweeper(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    talk, desk, boundaries = await went_on(house)
    where = house.relay.unfinished if step == "finish_lapse" else house.relay.unfinished.held_off

    async def dying(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(where, step, dying)
        with pytest.raises(Killed):
            await boundaries.hold_off(desk, said(talk))
    await house.sweeper.sweep()
    await house.relay.visitor_is_here(talk)
    assert await rows(house) == []
    assert await house.relay.desk.mine(house.advocate.staff_id) == []
    assert [each.kind for each in (await house.relay.since(talk, 4)).messages] == ["held_off"]
    assert not await house.services.durable.hexists(keys.LAPSING, talk.id)


async def test_a_holding_off_that_meets_a_lapse_is_a_whole_one_and_is_over_once(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, desk, boundaries = await went_on(house)
    begin, keep = house.relay.unfinished.held_off.begin, house.relay.unfinished.held_off.keep
    kept: list[tuple[Any, Any]] = []

    async def dying(*_: object, **__: object) -> None:
        raise Killed

    async def lapses_first(*args: Any) -> int:
        # The sweeper of another process has given her back, and is stopped before it tells the desk.
        house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
        with monkeypatch.context() as patch:
            patch.setattr(house.relay.unfinished, "finish_lapse", dying)
            with pytest.raises(Killed):
                await house.sweeper.sweep()
        return await begin(*args)

    async def noted(*args: Any, **words: Any) -> str:
        kept.append((args, words))
        return await keep(*args, **words)

    monkeypatch.setattr(house.relay.unfinished.held_off, "begin", lapses_first)
    monkeypatch.setattr(house.relay.unfinished.held_off, "keep", noted)
    await boundaries.hold_off(desk, said(talk))
    await house.sweeper.sweep()
    await house.relay.visitor_is_here(talk)
    assert await rows(house) == []
    with pytest.raises(HeldOff):
        await house.relay.visitor_says(talk, "let me in", random_id(), 0)
    assert [each.kind for each in (await house.relay.since(talk, 4)).messages] == ["returned", "held_off"]

    await Holding(house.relay).let_in(talk.id)
    args, words = kept[0]
    assert await keep(*args, **words) == "done", "a process that was late does what was done already"
    await house.relay.visitor_is_here(talk)
    await house.relay.visitor_says(talk, "sorry", random_id(), 0)
    assert await rows(house) == [to_text(talk.id).encode()]


async def test_who_is_held_off_may_end_it_and_nothing_of_it_is_left(house: ChatHouse) -> None:
    talk, desk, boundaries = await went_on(house)
    await boundaries.hold_off(desk, said(talk))
    await house.relay.leave(talk, "end")
    await house.sweeper.sweep()
    assert await traces(house, talk) == []
    assert len((await house.services.entries.read(house.advocate)).rows) == 1
