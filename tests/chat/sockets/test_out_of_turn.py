"""Takes somebody before one who has waited longer: only for a reason, which is written down and never asked twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.refusals import OlderWaits
from portal.ids import random_id, to_text
from portal.staff.household.doorkeeping import REASONS, Doorkeeping
from portal.store.database import DatabaseAway
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key

pytestmark = pytest.mark.anyio


async def test_whoever_is_next_is_taken_without_a_question(house: ChatHouse) -> None:
    first, second = await house.waiting(), await house.waiting()
    signed = await house.ready()

    assert not (await house.relay.take(signed, first.id, "")).passed_over
    assert not (await house.relay.take(signed, second.id, "")).passed_over


@pytest.mark.parametrize("why", REASONS)
async def test_a_living_row_is_passed_over_only_for_a_reason(house: ChatHouse, why: str) -> None:
    _, second = await house.waiting(), await house.waiting()
    signed = await house.ready()
    with pytest.raises(OlderWaits):
        await house.relay.take(signed, second.id, "")

    taken = await house.relay.take(signed, second.id, why)  # type: ignore[arg-type]
    assert taken.passed_over
    again = await house.relay.take(signed, second.id, why)  # type: ignore[arg-type]
    assert (again.fence, again.passed_over) == (taken.fence, False)


async def test_one_in_danger_stands_before_an_older_row_and_nobody_is_asked(house: ChatHouse) -> None:
    older, urgent = await house.waiting(), await house.waiting()
    await house.relay.visitor_answers(urgent, "safe", "now")
    signed = await house.ready()
    with pytest.raises(OlderWaits):
        await house.relay.take(signed, older.id, "")

    assert not (await house.relay.take(signed, urgent.id, "")).passed_over
    assert not (await house.relay.take(signed, older.id, "")).passed_over


async def test_a_page_that_sleeps_is_nobody_to_pass_over(house: ChatHouse) -> None:
    """More of them than one look of the script takes in."""
    asleep = [random_id() for _ in range(150)]
    for number, each in enumerate(asleep):
        await house.relay.desk.arrive(each, house.relay.now_ms())
        assert await house.relay.desk.offer(each, 2 * 10**13 + number, house.relay.now_ms())
    house.clock.advance(timedelta(seconds=46))
    talk = await house.waiting()
    signed = await house.ready()
    # So many are on duty that so many rows are no surge, whose turns are another story.
    for _ in range(31):
        await house.ready(house.another())
    assert not (await house.relay.take(signed, talk.id, "")).passed_over

    later = await house.waiting()
    await house.relay.desk.seen(asleep[-1], 2 * 10**13 + 149, house.relay.now_ms(), is_alive=True)
    with pytest.raises(OlderWaits):
        await house.relay.take(signed, later.id, "")


async def test_of_two_desks_at_two_processes_the_script_asks_whoever_passes_over(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, two = processes
    first, second = await house.waiting("I came first"), await house.waiting("I came later")
    async with await one.desk() as desk, await two.desk() as other:
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(second.id), why="")
        refused = await desk.hear("Refused", key=key)
        assert (refused["reason"], refused["conversation"]) == ("older_waits", to_text(second.id))
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(second.id), why="language")
        await desk.hear("TalkOpened", key=key)
        key = new_key()
        await other.say("Take", key=key, conversation=to_text(first.id), why="")
        await other.hear("TalkOpened", key=key)
        await desk.says("here I am", conversation=to_text(second.id))

    counted = await Doorkeeping(house.services).passed_over_today()
    assert counted == {"language": 1, "known": 0, "danger": 0, "other": 0}


async def test_a_page_of_yesterday_is_not_asked_and_counts_as_another_reason(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    _, second = await house.waiting(), await house.waiting()
    async with await processes[0].desk() as desk:
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(second.id))
        await desk.hear("TalkOpened", key=key)
        await desk.says("here I am", conversation=to_text(second.id))

    assert (await Doorkeeping(house.services).passed_over_today())["other"] == 1


async def test_a_take_is_a_take_although_the_audit_cannot_be_written(
    house: ChatHouse,
    processes: tuple[Process, Process],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def away(*_: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(Doorkeeping, "note_passed_over", away)
    _, second = await house.waiting(), await house.waiting()
    async with await processes[0].desk() as desk:
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(second.id), why="danger")
        await desk.hear("TalkOpened", key=key)
        await desk.says("here I am", conversation=to_text(second.id))
    assert "out_of_turn_not_noted error=DatabaseAway" in caplog.text
