"""A desk line ends with its session, and only with it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import select
from starlette.websockets import WebSocket

from chat.sockets.session import SessionWatch
from chat.sockets.shares import OF_ONE, UNPROVEN, Crowded, Proven, Shares
from portal.rotation.turning import Turning
from portal.staff.sessions.lasting import KEPT
from portal.staff.sessions.session import COOKIE, DeskLocked, SignInNeeded
from portal.staff.tables import audit
from portal.staff.unlock import Unlocking
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process

pytestmark = pytest.mark.anyio
PASSPHRASE = "seven lamps beside the quiet harbour"


def watch(house: ChatHouse) -> SessionWatch:
    # Nothing of the websocket is used while the session is only looked at.
    return SessionWatch(cast(WebSocket, None), house.advocate, house.services)


async def quiet_for(house: ChatHouse, quiet: timedelta) -> None:
    """So long there was no hand: what is left of the ember's time says so."""
    sessions = house.services.staff.sessions
    await house.services.embers.extend(b"es:" + house.advocate.session, sessions.limits.idle + KEPT - quiet)


async def audited(house: ChatHouse) -> list[str]:
    async with house.services.database.read() as connection:
        return [act for (act,) in await connection.execute(select(audit.c.act)) if act.startswith("desk.lock")]


async def test_a_session_left_idle_too_long_ends_its_line_and_is_not_brought_back(house: ChatHouse) -> None:
    await quiet_for(house, timedelta(minutes=29))
    watched = watch(house)
    assert await watched.look(is_used=False) == "open"
    await quiet_for(house, timedelta(minutes=30))
    assert await watched.look(is_used=False) == "over"
    assert await house.services.embers.get(b"es:" + house.advocate.session) is None
    with pytest.raises(SignInNeeded):
        await house.services.staff.who(house.cookie)


async def test_a_lost_ember_is_brought_back_for_as_long_as_it_would_have_lasted(house: ChatHouse) -> None:
    ember = b"es:" + house.advocate.session
    watched = watch(house)
    assert await watched.look(is_used=False) == "open"
    before = await house.services.embers.left(ember)
    await house.services.embers.delete(ember)
    assert await watched.look(is_used=False) == "open"
    assert await house.services.embers.left(ember) <= before
    assert (await house.services.staff.who(house.cookie)).staff_id == house.advocate.staff_id


async def test_a_lock_outlives_the_ember_store_whoever_looked_last(house: ChatHouse) -> None:
    """A line keeps the half it saw: seen before the press, it would have brought back a desk that stands open."""
    sessions, ember = house.services.staff.sessions, b"es:" + house.advocate.session
    watched = watch(house)
    assert await watched.look(is_used=False) == "open"
    assert await sessions.lock(house.advocate.session)
    await house.services.embers.delete(ember)
    assert await watched.look(is_used=True, is_locked=True) == "locked"
    with pytest.raises(DeskLocked):
        await house.services.staff.who(house.cookie)


async def test_a_session_that_was_ended_is_not_brought_back(house: ChatHouse) -> None:
    watched = watch(house)
    assert await watched.look(is_used=False) == "open"
    await house.services.staff.sessions.end(house.advocate.staff_id, house.advocate.session)
    assert await watched.look(is_used=False) == "over"
    assert await house.services.embers.get(b"es:" + house.advocate.session) is None


async def test_with_somebody_in_her_hands_half_an_hour_without_a_hand_locks_and_does_not_end(house: ChatHouse) -> None:
    house.services.is_holding = house.relay.desk.is_holding
    talk, _ = await house.talking()
    await quiet_for(house, timedelta(minutes=31))
    watched = watch(house)
    assert [await watched.look(is_used=True) for _ in range(3)] == ["locked", "locked", "locked"]
    assert await audited(house) == ["desk.locked"], "written down once"
    with pytest.raises(DeskLocked):
        await house.services.staff.who(house.cookie, house.services.is_holding)
    # The ember store is lost: what comes back is locked all the same.
    await house.services.embers.delete(b"es:" + house.advocate.session)
    await watched.look(is_used=False)
    with pytest.raises(DeskLocked):
        await house.services.staff.who(house.cookie, house.services.is_holding)
    # However long it takes: past the twelve hours too, and no hand needed.
    house.clock.advance(timedelta(hours=13))
    for _ in range(2):
        await house.services.embers.extend(b"es:" + house.advocate.session, timedelta(seconds=1))
        assert await watched.look(is_used=False) == "locked"
        assert await house.services.embers.left(b"es:" + house.advocate.session) > timedelta(minutes=1)
    assert await house.services.durable.ttl(b"s:" + house.advocate.session) > 60
    # Nobody is held any more: it ends as any other.
    await house.relay.leave(talk, "end")
    assert await watched.look(is_used=False) == "over"
    with pytest.raises(SignInNeeded):
        await house.services.staff.who(house.cookie, house.services.is_holding)


async def test_a_locked_session_with_nobody_in_its_hands_ends_at_its_time(house: ChatHouse) -> None:
    assert await house.services.staff.sessions.lock(house.advocate.session)
    watched = watch(house)
    await quiet_for(house, timedelta(minutes=29))
    assert await watched.look(is_used=True) == "locked"
    await quiet_for(house, timedelta(minutes=30))
    assert await watched.look(is_used=True) == "over"
    assert await audited(house) == [], "a press is hers: only what happens by itself is written down"


def test_a_flood_of_silent_lines_takes_nothing_from_a_conversation_that_goes_on() -> None:
    from contextlib import ExitStack

    shares = Shares()
    with ExitStack() as stack:
        for _ in range(UNPROVEN):
            stack.enter_context(shares.unproven())
        with pytest.raises(Crowded), shares.unproven():
            pass
        for _ in range(OF_ONE):
            stack.enter_context(shares.proven(Proven(b"one")))
        with pytest.raises(Crowded), shares.proven(Proven(b"one")):
            pass
        stack.enter_context(shares.proven(Proven(b"another")))
    with shares.unproven(), shares.proven(Proven(b"one")):
        pass


async def test_one_conversation_has_a_bounded_number_of_lines(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    from portal.ids import to_text

    talk = await house.waiting()
    lines = [await processes[0].visitor(talk.token) for _ in range(OF_ONE)]
    beyond = await processes[0].line("talk")
    await beyond.say("Resume", token=to_text(talk.token), last=0)
    assert await beyond.closing() == 1013
    await lines.pop().socket.close()
    async with await processes[0].visitor(talk.token):
        pass
    for line in lines:
        await line.socket.close()


async def test_an_open_line_takes_the_key_its_session_was_handed_without_a_hand(house: ChatHouse) -> None:
    staff = house.services.staff
    told = SimpleNamespace(services=house.services)
    line = SimpleNamespace(cookies={COOKIE: house.cookie}, app=SimpleNamespace(state=told))
    watched = SessionWatch(cast(WebSocket, line), house.advocate, house.services)
    await quiet_for(house, timedelta(minutes=20))
    assert await watched.look(is_used=False) == "open"
    before = await house.services.embers.left(b"es:" + house.advocate.session)

    house.clock.advance(timedelta(days=7))
    ledger = await staff.ledger.current()
    unlocked = await Unlocking(staff.accounts, staff.ledger, house.services.pools).by_name("robin", PASSPHRASE)
    assert await Turning(house.services).turn(unlocked) == ("chat",)
    # Her session began a week ago by the clock that was moved; as of tonight it stands.
    house.clock.advance(-timedelta(days=7))
    assert await watched.look(is_used=False) == "open"
    assert set(watched.signed.compartment_keys("chat")) == {1, 2}
    assert ledger.compartment("chat").version == 1
    assert await house.services.embers.left(b"es:" + house.advocate.session) <= before
