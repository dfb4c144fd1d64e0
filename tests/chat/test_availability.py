"""Says honestly who can be reached: by the hours of her language, the switch, and what those who are here read."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from chat.start import ChatClosed, start_conversation
from i18n.languages import LANGUAGES
from portal.doors import Switch
from portal.hours import Days, Span
from portal.services import Services
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

# The clock of these tests stands at noon UTC on a Wednesday.
MORNING = [Span(day, 480, 660) for day in range(5)]
ALL_WEEK = [Span(day, 0, 0) for day in range(7)]


async def set_hours(services: Services, **weeks: list[Span]) -> None:
    """Hours by tag; `rest` for all others."""
    async with services.database.write() as connection:
        for tag, spans in weeks.items():
            await services.doors.set_hours(connection, tag.replace("rest", ""), spans)
        await services.doors.set_zone(connection, "UTC")
    services.doors.forget()


async def set_switch(services: Services, switch: Switch | None) -> None:
    async with services.database.write() as connection:
        await services.doors.set_switch(connection, switch)
    services.doors.forget()


async def test_each_language_is_open_by_its_own_hours(house: ChatHouse) -> None:
    await house.ready()
    await set_hours(house.services, es=MORNING, rest=ALL_WEEK)

    assert (await house.services.availability("en")).state == "open"
    spanish = await house.services.availability("es")
    assert (spanish.state, spanish.opens_in) == ("closed", 1)
    assert spanish.opens == house.clock.now().replace(hour=8) + timedelta(days=1)
    assert spanish.week == (Days(0, 4, ((480, 660),)),)

    house.clock.advance(timedelta(hours=20, minutes=1))
    await house.ready()
    assert (await house.services.availability("es")).state == "open"


async def test_where_a_language_is_switched_off_it_says_so_and_which_are_not(house: ChatHouse) -> None:
    await house.ready()
    async with house.services.database.write() as connection:
        await house.services.doors.set_tongue(connection, "ar", is_on=False)
    house.services.doors.forget()

    told = await house.services.availability("ar")
    assert (told.state, told.is_off, told.opens, told.week) == ("closed", True, None, ())
    assert set(told.others) == set(LANGUAGES) - {"ar"}
    assert (await house.services.availability("en")).state == "open"
    assert not (await house.services.availability("en")).is_off
    pressed = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=10))
    with pytest.raises(ChatClosed):
        await start_conversation(house.services, pressed, "ar")


async def test_inside_the_hours_it_still_says_when_nobody_is_there(house: ChatHouse) -> None:
    await set_hours(house.services, rest=ALL_WEEK)

    told = await house.services.availability("en")
    assert (told.state, told.minutes, bool(told.week)) == ("nobody", None, True)


async def test_the_switch_opens_and_closes_every_language_until_its_end(house: ChatHouse) -> None:
    signed = await house.ready()
    await set_hours(house.services, es=MORNING, rest=ALL_WEEK)
    until = (house.clock.now() + timedelta(minutes=30)).astimezone(UTC)
    await set_switch(house.services, Switch("closed", until, signed.staff_id))
    english, spanish = [await house.services.availability(tag) for tag in ("en", "es")]
    assert (english.state, english.opens) == ("closed", until)
    assert (spanish.state, spanish.opens_in) == ("closed", 1)

    await set_switch(house.services, Switch("open", until, signed.staff_id))
    assert [(await house.services.availability(tag)).state for tag in ("en", "es")] == ["open", "open"]
    house.clock.advance(timedelta(minutes=30))
    await house.ready()
    assert [(await house.services.availability(tag)).state for tag in ("en", "es")] == ["open", "closed"]


async def test_whoever_nobody_here_can_read_is_told_what_they_read(house: ChatHouse) -> None:
    """Robin reads English and Spanish."""
    await house.ready()
    assert [(await house.services.availability(tag)).others for tag in ("en", "es")] == [(), ()]
    arabic = await house.services.availability("ar")
    assert (arabic.state, arabic.others) == ("open", ("en", "es"))

    await house.relay.desk.say_ready(house.advocate.staff_id, False)
    assert (await house.services.availability("ar")).others == ()
