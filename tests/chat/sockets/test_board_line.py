"""The supervisor's board: live over its own line, for those with the right to it, without words or figures."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from portal.ids import to_text
from portal.staff.rights import RIGHTS, Right, Role
from portal.staff.sessions.session import COOKIE
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key

pytestmark = pytest.mark.anyio


async def board(process: Process, house: ChatHouse) -> Spoken:
    """The first person's board."""
    line = await process.line("board", additional_headers={"Cookie": f"{COOKIE}={house.cookie}"})
    await line.say("Resume", csrf=house.advocate.csrf, talks=[])
    return line


async def test_the_board_says_how_the_house_stands_and_hears_of_each_change(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    here, there = processes
    async with await board(here, house) as line:
        empty = await line.hear("BoardSnapshot")
        assert (empty["waiting"], empty["longest_s"], empty["held"], empty["places"]) == (0, 0, 0, 0)
        assert empty["people"] == []

        talk = await house.waiting("My uncle found me")
        await house.relay.visitor_answers(talk, "name", "Luz")
        await house.relay.visitor_answers(talk, "region", "Sudbury")
        assert (await line.hear("BoardSnapshot", waiting=1))["held"] == 0
        # What another process of the house does is heard as well.
        async with await there.desk() as desk:
            on = await line.hear("BoardSnapshot", people=[{"name": "Robin", "shift": "ready"}])
            assert (on["places"], on["heavy"]) == (3, 0)
            key = new_key()
            await desk.say("Take", key=key, conversation=to_text(talk.id), why="")
            await desk.hear("TalkOpened", key=key)
            assert (await line.hear("BoardSnapshot", waiting=0))["held"] == 1
            await desk.say("MarkDanger", key=new_key(), conversation=to_text(talk.id), danger="coming", who="her uncle")
            marked = await line.hear("BoardSnapshot", heavy=1)
            assert [(call["kind"], call["count"], call["unheard"]) for call in marked["calls"]] == [("danger", 1, 1)]
            await desk.say("Shift", state="break", knows=True)
            await line.hear("BoardSnapshot", people=[{"name": "Robin", "shift": "break"}], places=0)

        # Names of states, and counts of all together: no word, name or place of hers, no figure about a person.
        told = json.dumps([each for each in line.passed if each["type"] == "BoardSnapshot"])
        for word in ("Luz", "Sudbury", "uncle", to_text(talk.id)):
            assert word not in told
        assert all(set(one) == {"name", "shift"} for each in line.passed for one in each.get("people", ()))


async def test_the_longest_wait_is_of_whoever_came_first_wherever_she_stands(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    await house.waiting()
    house.clock.advance(timedelta(seconds=40))
    await house.relay.visitor_answers(await house.waiting(), "safe", "no")
    async with await board(processes[0], house) as line:
        told = await line.hear("BoardSnapshot", waiting=2)
        assert 40 <= told["longest_s"] < 50


async def test_a_board_hears_no_act_and_renews_no_lease(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    talk = await house.waiting()
    async with await board(processes[0], house) as line:
        await line.hear("BoardSnapshot")
        for act in (
            {"type": "Take", "key": new_key(), "conversation": to_text(talk.id), "why": ""},
            {"type": "Shift", "state": "ready", "knows": False},
            {"type": "Ready", "ready": True},
        ):
            await line.say(str(act.pop("type")), **act)
            assert (await line.hear("Refused"))["reason"] == "not_there"
        await line.say("Here")
        await line.hear("Here")

    assert await house.relay.desk.owner(talk.id) is None
    assert await house.relay.shifts.here(house.relay.now_ms()) == {}


async def test_who_may_not_see_it_is_told_there_is_no_such_line(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [role for role in Role if Right.SEE_BOARD in RIGHTS[role]] == [Role.SUPERVISOR, Role.ADMINISTRATOR]
    monkeypatch.setitem(RIGHTS, Role.ADMINISTRATOR, RIGHTS[Role.ADMINISTRATOR] - {Right.SEE_BOARD})
    async with await board(processes[0], house) as line:
        assert await line.closing() == 4404
    line = await processes[0].line("board")
    await line.say("Resume", csrf="", talks=[])
    assert await line.closing() == 4401
