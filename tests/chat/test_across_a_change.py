"""Holds a talk through the change of the chat key: nobody signs in again or waits, and the old half goes after it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.conversation import LASTS_HOURS
from portal.clock import StillClock
from portal.ids import random_id
from portal.rotation.due import OLD_HALF_LASTS
from portal.rotation.old_halves import OldHalves
from portal.rotation.turning import Turning
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocked, Unlocking
from portal.vault.conversations import open_staff_copy
from portal.vault.errors import KeyMissing
from server import rooms
from tests.chat.conftest import ChatHouse, Prepared

pytestmark = pytest.mark.anyio


def robin(prepared: Prepared) -> Unlocked:
    assert prepared.first is not None
    return prepared.first


async def test_a_talk_goes_on_across_the_weekly_change_and_the_next_one_is_taken_in_the_same_session(
    house: ChatHouse, prepared: Prepared, clock: StillClock
) -> None:
    services = house.services
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    clock.advance(timedelta(days=6, hours=10))  # late in the evening before it falls due
    before = (await SignIn(services, unlocking).let_in(robin(prepared))).token
    talk, _ = await house.talking()
    clock.advance(timedelta(hours=3))
    assert await Turning(services).turn(robin(prepared)) == ("chat",)

    # The running talk, opened anew as after a reload: it is sealed to the old key, which she still holds.
    now = await services.staff.who(before)
    assert set(now.compartment_keys("chat")) == {1, 2}
    await house.relay.visitor_says(talk, "are you there?", random_id(), 0)
    again = await house.relay.access.conversation_for_advocate(now, talk.id)
    await house.relay.advocate_says(again, "yes", random_id(), 2)
    said = [each.text for each in (await house.relay.since(talk, 0)).messages if each.kind == "words"]
    assert said[-2:] == ["are you there?", "yes"]

    # Whoever comes now is sealed to the new key, and taken by somebody who signed in before it was made.
    new = await house.waiting("help")
    taken = await house.relay.take(await house.ready(now), new.id)
    assert [each.text for each in (await house.relay.since(taken, 0)).messages if each.kind == "words"] == ["help"]
    sealed, ember = await house.relay.talks.sealed(new.id), taken.ember
    assert sealed is not None
    with pytest.raises(KeyMissing):
        open_staff_copy(sealed.staff_copy, ember, {1: now.compartment_keys("chat")[1]}, new.id)


async def test_the_old_half_of_the_chat_goes_when_no_talk_can_be_left_that_needs_it(
    house: ChatHouse, prepared: Prepared, clock: StillClock
) -> None:
    services = house.services
    rooms(services)
    clock.advance(timedelta(days=7))
    await Turning(services).turn(robin(prepared))
    halves = OldHalves(services)
    clock.advance(timedelta(hours=LASTS_HOURS))
    assert await halves.erase() == [], "a talk that began in the last minute of the old key may still run"
    clock.advance(OLD_HALF_LASTS - timedelta(hours=LASTS_HOURS))
    assert [(half.compartment, half.version) for half in await halves.erase()] == [("chat", 1)]
    assert await halves.there(await services.staff.ledger.current()) == []
