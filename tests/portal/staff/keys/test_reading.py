"""Holds what is kept to the hours after a passphrase: then it is asked again, and no chat is cut, no word is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from portal.clock import StillClock
from portal.services import Services
from portal.staff.sessions.lasting import LAST_HOUR, MAY_FINISH, Lasting, Limits
from tests.portal.staff.walker import PASSPHRASE, Walker

pytestmark = pytest.mark.anyio
HOURS = st.integers(0, 12).map(lambda hours: timedelta(hours=hours))
LIMITS = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12), reading=timedelta(hours=4))


@given(HOURS, st.integers(0, 12 * 60))
def test_it_opens_for_the_hours_that_are_set_and_then_never_again_in_that_session(
    reading: timedelta, minutes: int
) -> None:
    age = timedelta(minutes=minutes)
    limits = Limits(LIMITS.idle, LIMITS.absolute, reading)
    found = Lasting(timedelta(0), LIMITS.absolute - age).reading(limits)
    assert (found == "open") == (not reading or age < reading)
    assert (found == "over") == (bool(reading) and age >= reading + MAY_FINISH)


async def test_the_passphrase_opens_it_again_in_a_new_session_and_nothing_else_does(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    before = services.staff.sessions.limits.reading
    assert before == timedelta(hours=4)
    clock.advance(before - timedelta(minutes=1))
    await ada.open("/desk/entries")
    assert ada.address == "/desk/entries"

    clock.advance(timedelta(minutes=1))
    await ada.open("/desk/entries")
    assert ada.address == "/desk/again"
    assert ada.sees("Your passphrase once more")
    assert ada.sees("To open tips and records, type it again")
    assert 'name="passphrase" type="password"' in ada.page
    signed = await services.staff.who(ada.cookie)
    assert signed.compartment_keys("tips"), "what she began to write may be sent"
    await ada.post("/desk/entries/answer", {"row": "A" * 22, "answer": "yes"}, follow=False)
    assert ada.headers.get("location", "") != "/desk/again"

    clock.advance(MAY_FINISH)
    signed = await services.staff.who(ada.cookie)
    assert [signed.compartment_keys(name) for name in ("tips", "names", "records")] == [{}, {}, {}]
    assert signed.compartment_keys("chat")
    await ada.post("/desk/again", {"passphrase": "not her own passphrase"})
    assert ada.sees("That name and passphrase do not fit.")
    old = ada.cookie
    await ada.post("/desk/again", {"passphrase": PASSPHRASE}, follow=False)
    assert ada.cookie != old
    assert (await services.staff.who(ada.cookie)).compartment_keys("records")
    await ada.open("/desk/entries")
    assert ada.address == "/desk/entries"


def test_a_desk_that_may_read_all_day_is_still_locked_in_its_last_hour() -> None:
    assert timedelta(hours=4) + MAY_FINISH < LIMITS.absolute - LAST_HOUR
