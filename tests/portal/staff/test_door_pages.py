"""Sets the hours of the chat and touches its switch at the desk: who may, what is kept, and what is written down."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from i18n.languages import LANGUAGES
from portal.clock import StillClock
from portal.doors import Doors
from portal.hours import Span
from portal.services import Services
from portal.staff.forms import FormWrong
from portal.staff.household.doorkeeping import Doorkeeping
from portal.staff.household.hours_form import WEEK, read_day, read_week, write_week
from portal.web.forms import Form
from tests.portal.staff.walker import Walker, acts, give, join

pytestmark = pytest.mark.anyio


async def test_hours_are_written_as_people_write_them_and_stand_in_the_form_again(
    ada: Walker, services: Services
) -> None:
    await ada.open("/desk/hours")
    await ada.post("/desk/hours/zone", {"zone": "America/Toronto"})
    await ada.post("/desk/hours/week", {"language": "es", "day0": "9-17", "day6": "22:00 – 6:00, 12.30-13h"})

    assert ada.sees("Saved. The pages show it within seconds.")
    assert 'value="12:30-13:00, 22:00-06:00"' in ada.page
    doors = await services.doors.doors()
    assert doors == Doors("America/Toronto", {"es": (Span(0, 540, 1020), Span(6, 750, 780), Span(6, 1320, 360))})
    assert (await acts(services))[-2:] == ["chat.zone", "chat.hours"]


async def test_a_language_without_a_week_of_its_own_has_that_of_every_language(ada: Walker, services: Services) -> None:
    await ada.post("/desk/hours/week", {"language": "", "day0": "9-17"})
    await ada.post("/desk/hours/week", {"language": "es", "day1": "10-12"})

    doors = await services.doors.doors()
    assert {tag for tag in LANGUAGES if doors.hours_of(tag) != (Span(0, 540, 1020),)} == {"es"}
    # Twenty weeks are no page to scroll through: folded where there is nothing of its own.
    assert ada.page.count("as for every language") == len(LANGUAGES) - 1
    assert ada.page.count("<details open>") == 1


async def test_hours_nobody_can_read_are_not_taken_and_stay_in_their_field(ada: Walker, services: Services) -> None:
    for day, said in (("nine to five", "Write hours like 9-17"), ("9-17, 16-18", "Two of these hours overlap")):
        await ada.post("/desk/hours/week", {"language": "fr", "day1": day})
        assert ada.sees(said)
        assert f'value="{day}"' in ada.page
    await ada.post("/desk/hours/zone", {"zone": "../../etc/passwd"})
    assert ada.sees("Choose a place from the list")

    assert await services.doors.doors() == Doors()


@pytest.mark.parametrize("typed", ["9", "25-26", "9:60-10", "24-3", "-", "9-17-18", "1-2,3-4,5-6,7-8,9-10", "x" * 500])
def test_what_is_no_span_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_day(0, typed)


def test_a_written_week_reads_as_itself_whatever_the_digits() -> None:
    kept = (Span(0, 0, 0), Span(2, 540, 1020), Span(2, 1320, 360))

    assert read_week(Form(list(write_week(kept).items()))) == kept
    assert read_day(3, "٩-١٧") == [Span(3, 540, 1020)]
    assert read_day(3, "0-24") == [Span(3, 0, 0)]
    with pytest.raises(FormWrong):
        read_week(Form([(WEEK[0], "9-24"), (WEEK[0], "x"), (WEEK[1], "99-1")]))


async def test_one_press_closes_the_chat_until_a_time_and_every_desk_page_says_so(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    await ada.post("/desk/hours/zone", {"zone": "America/Toronto"})
    await ada.post("/desk/door/switch", {"chat": "closed", "lasts": "120"})
    assert ada.sees("The chat is closed. Who talks or waits is served on.")
    assert ada.sees("By Ada.")

    await ada.open("/desk/me")
    until = clock.now() + timedelta(hours=2)
    assert ada.sees(f"Chat closed until {datetime.strftime(until - timedelta(hours=5), '%H:%M')}")
    assert not (await services.doors.doors()).judge("en", clock.now()).is_open

    clock.advance(timedelta(hours=2))
    await ada.open("/desk/me")
    assert not ada.sees("Chat closed")
    assert (await services.doors.doors()).judge("en", clock.now()).is_open
    assert (await acts(services))[-1] == "chat.closed"


async def test_closed_without_an_end_holds_until_it_is_touched_again(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    await ada.post("/desk/door/switch", {"chat": "closed", "lasts": ""})
    assert not (await services.doors.doors()).judge("en", clock.now() + timedelta(days=30)).is_open

    await ada.post("/desk/door/switch", {"chat": "hours"})
    assert (await services.doors.doors()).judge("en", clock.now()).is_open
    await ada.post("/desk/door/switch", {"chat": "open"})
    assert (await services.doors.doors()).switched(clock.now()) is not None
    await ada.post("/desk/door/switch", {"chat": "ajar", "lasts": "999"})
    assert (await acts(services))[-3:] == ["chat.closed", "chat.by_hours", "chat.opened"]


async def test_a_supervisor_has_the_switch_and_an_advocate_sees_what_it_says(ada: Walker, services: Services) -> None:
    people = {role: await join(ada, alias=role, role=role) for role in ("supervisor", "advocate")}
    for role, person in people.items():
        await give(ada, role, "chat")
        await person.signs_in(role)
    await people["supervisor"].open("/desk/door")
    await people["supervisor"].post("/desk/door/switch", {"chat": "closed"})
    assert not (await services.doors.doors()).judge("en", services.clock.now()).is_open

    await people["advocate"].open("/desk")
    assert people["advocate"].sees("Chat closed")
    assert await people["advocate"].open("/desk/door") == 404
    assert await people["supervisor"].open("/desk/hours") == 404


async def test_takes_out_of_turn_are_counted_for_the_day_and_never_by_person(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    signed = await services.staff.who(ada.cookie)
    keeping = Doorkeeping(services)
    for reason in ("language", "language", "danger"):
        await keeping.note_passed_over(signed, reason)

    assert await keeping.passed_over_today() == {"language": 2, "known": 0, "danger": 1, "other": 0}
    await ada.open("/desk/door")
    section = ada.page[ada.page.index("Taken out of turn today") :]
    assert "<strong>2</strong><span>Language</span>" in section
    assert "Ada" not in section

    clock.advance(timedelta(days=1))
    assert set((await keeping.passed_over_today()).values()) == {0}
