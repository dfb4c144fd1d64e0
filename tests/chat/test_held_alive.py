"""A legal hold on anything that lives changes nothing about what a chat keeps: no hold is asked for there at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.ids import random_id
from portal.records.case_holds import CaseHolds
from portal.staff.trail import audit
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.support.source import imports, modules
from tips.staying.holds import ACTS, HELD, HoldList

pytestmark = pytest.mark.anyio

HOLDS = ("portal.records.case_holds", "tips.staying.holds", "portal.privacy")


async def holds_everything(house: ChatHouse, name: bytes) -> None:
    """Every list of holds names this conversation, as two people at the desk could make it do with any name."""
    now, who = house.clock.now(), house.advocate.staff_id
    cases, tips = CaseHolds(house.services.staff), HoldList(house.services)
    await house.services.staff.accounts.ready()
    async with house.services.database.write() as connection:
        await cases.add(connection, name, who)
        await audit.line(connection, at=now, act="case.hold_asked", staff_id=who, subject=name)
        await cases.add(connection, name, random_id())
        await audit.line(connection, at=now, act="case.hold", staff_id=who, subject=name)
        await tips.add(connection, name, HELD)
        await audit.line(connection, at=now, act=ACTS[HELD], staff_id=who, subject=name)
        assert name in (await cases.read(connection)).named
        assert name in (await tips.read(connection)).held


@pytest.mark.parametrize("when", ["never", "alive", "wrapping_up"])
async def test_a_hold_on_a_live_talk_keeps_no_word_of_it(house: ChatHouse, when: str) -> None:
    talk, _ = await house.talking()
    assert await traces(house, talk)
    if when == "alive":
        await holds_everything(house, talk.id)
    await house.relay.leave(talk, "exit")
    if when == "wrapping_up":
        await holds_everything(house, talk.id)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert not await traces(house, talk)


def test_the_chat_has_no_way_to_ask_for_a_hold() -> None:
    chat = [module for module in modules() if module.name.startswith("chat.")]
    assert len(chat) > 100
    assert {name for module in chat for name in imports(module) if name.startswith(HOLDS)} == set()
