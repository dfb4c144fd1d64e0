"""What became of a chat goes to the figures sealed: asked for, answered after so long, left, missed; practice never."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from chat.apart import Apart
from chat.canary import NAME as CANARY
from chat.practising import Practising
from chat.slips import Slips
from portal.figures.periods import quarter_of
from portal.figures.slips import Slip, became, chats_of, months_of, step_at, step_of
from portal.figures.tables import figure_slips
from portal.ids import random_id
from tests.chat.conftest import ChatHouse, house, prepared

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio


async def slips(house: ChatHouse) -> list[Slip]:
    quarter = quarter_of(house.clock.now().date())
    found = await house.services.figures.slips(house.advocate, quarter)
    return sorted((slip for _, slip in found), key=lambda slip: slip.became)


async def test_an_answered_chat_leaves_its_language_and_its_wait_and_neither_stands_in_clear(house: ChatHouse) -> None:
    talk = await house.relay.access.conversation_for_visitor(await house.starts("es"))
    await house.relay.visitor_says(talk, "hola", random_id(), 0)
    arrived = house.clock.now()
    house.clock.advance(timedelta(seconds=100))
    await house.relay.visitor_is_here(talk)
    desk = await house.relay.take(await house.ready(), talk.id)
    house.clock.advance(timedelta(minutes=40))
    await house.relay.close(desk)
    await house.relay.ending.erase(talk.id)
    await house.relay.ending.erase(talk.id)
    answered, asked = await slips(house)
    assert (asked.became, asked.language) == ("asked", "es")
    hour = arrived.weekday() * 24 + arrived.hour
    assert (answered.became, answered.wait, answered.hour, answered.language) == ("answered", 2, hour, "")
    async with house.services.database.read() as connection:
        rows = (await connection.execute(select(figure_slips))).all()
    assert {len(row.sealed) for row in rows} == {len(rows[0].sealed)}
    assert all(talk.id not in (row.id, row.sealed) for row in rows)
    assert {row.month for row in rows} == {house.clock.now().date().isoformat()[:7]}


async def test_who_goes_soon_left_who_waited_in_vain_was_missed_and_who_said_nothing_is_none(house: ChatHouse) -> None:
    for waits in (timedelta(minutes=1), timedelta(minutes=9)):
        talk = await house.waiting()
        house.clock.advance(waits)
        await house.relay.ending.end(talk.id, "exit")
    silent = await house.visitor()
    await house.relay.ending.end(silent.id, "exit")
    assert [slip.became for slip in await slips(house) if slip.became != "asked"] == ["left", "missed"]
    assert len(await slips(house)) == 4


async def test_a_chat_that_is_practised_or_that_the_house_tries_itself_by_is_in_no_figure(house: ChatHouse) -> None:
    talk = await house.waiting()
    facts = await house.relay.talks.facts(talk.id)
    for apart in (Practising(house.services).apart, Apart(house.services, CANARY)):
        await Slips(apart.services).before_erasing(talk.id, facts)
    assert await slips(house) == []
    await Slips(house.services).before_erasing(talk.id, facts)
    assert len(await slips(house)) == 2, "of the people's chat it leaves both"


def test_a_wait_is_kept_as_a_step_and_never_to_the_second() -> None:
    assert [step_of(seconds) for seconds in (0, 29.9, 30, 61, 1799, 1800, 90_000)] == [0, 0, 1, 2, 7, 8, 8]
    assert (step_at({"0": 5, "3": 4, "8": 1}, 0.5), step_at({"0": 5, "3": 4, "8": 1}, 0.9)) == (0, 3)
    assert became(was_held=False, waited_s=3, how="closed", patience_s=300) == "missed"


def test_slips_are_summed_by_month_step_hour_and_language() -> None:
    said = [
        ("2026-10", Slip(became="answered", wait=1, hour=3)),
        ("2026-10", Slip(became="missed", hour=3)),
        ("2026-11", Slip(became="asked", language="es")),
    ]
    assert months_of(said) == {"2026-10": {"answered": 1, "missed": 1}}
    assert chats_of(slip for _, slip in said) == {
        "asked": {"es": 1},
        "waits": {"1": 1},
        "came": {"3": 2},
        "missed": {"3": 1},
    }
