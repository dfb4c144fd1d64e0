"""Holds when a surge is one, what a person is told of it and of what is new, and that nothing of it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from portal.staff.rights import Right
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file
from tips.crowd.digest import Digest
from tips.crowd.signs import Lookout
from tips.crowd.surges import MANY_A_DAY, MANY_AN_HOUR, Surge, surge_of
from tips.crowd.tally import MINUTES, NEW, Tally
from tips.shelf import EVERYTHING
from tips.tip import Child, Urgency

pytestmark = pytest.mark.anyio


@pytest.fixture
def lookout(house: TipHouse) -> Lookout:
    tally = Tally(house.services)
    return Lookout(house.services, tally, Digest(house.services, tally))


@given(st.integers(0, 500), st.integers(0, 500), st.lists(st.integers(0, 200), max_size=28))
def test_few_are_never_a_surge_and_far_more_than_usual_always(today: int, hour: int, before: list[int]) -> None:
    surge = surge_of(today, hour, before)
    if today <= MANY_A_DAY and hour <= MANY_AN_HOUR:
        assert surge is None
    if today > max(MANY_A_DAY, 3 * max(before, default=0)):
        assert surge is not None


def test_one_wild_day_makes_no_day_after_it_usual() -> None:
    assert surge_of(70, 0, [12] * 20 + [4_000]) == Surge(70, 0, 12)
    assert surge_of(30, 3, [12] * 20) is None
    assert surge_of(30, 0, [900] * 20) is None
    assert surge_of(21, 0, [50] * 3) == Surge(21, 0, 0)  # so young a house has no usual day


async def test_a_surge_is_shown_to_whoever_arranges_the_calls_and_to_nobody_else(
    house: TipHouse, lookout: Lookout
) -> None:
    for _ in range(MANY_AN_HOUR + 1):
        await file(house, wants_number=False)
    assert (await lookout.look(house.robin, is_hers=True)).surge == Surge(MANY_AN_HOUR + 1, MANY_AN_HOUR + 1, 0)
    advocate = replace(house.robin, rights=house.robin.rights - {Right.ARRANGE_CALLS})
    assert (await lookout.look(advocate, is_hers=True)).surge is None
    house.clock.advance(timedelta(hours=1, minutes=10))
    assert (await lookout.look(house.robin, is_hers=True)).surge is None


async def test_what_is_counted_is_a_number_and_is_forgotten(house: TipHouse) -> None:
    await file(house)
    ember, minutes = house.services.ember_client, Tally(house.services)._slots()[0]
    assert [await ember.get(name) for name in (NEW, minutes)] == [b"1", b"1"]
    assert minutes.startswith(MINUTES)
    assert 0 < await ember.ttl(minutes) <= 3_600


async def test_what_is_new_since_somebody_looked_is_counted_by_rank(house: TipHouse, lookout: Lookout) -> None:
    await file(house, FORM, wants_number=False)
    assert (await lookout.look(house.robin, is_hers=True)).since is None
    house.clock.advance(timedelta(hours=2))
    for form in (replace(FORM, urgency=Urgency.NOW), replace(FORM, child=Child.YES), FORM):
        await file(house, form, wants_number=False)
    # Another site may make her browser ask for the page; that is no look of hers.
    assert (await lookout.look(house.robin, is_hers=False)).since is not None
    for _ in range(2):  # a second page is the same look
        signs = await lookout.look(house.robin, is_hers=True)
        page = await house.listing.page(house.robin, EVERYTHING, since=signs.since)
        assert page.fresh == (1, 1, 1, 0)
        house.clock.advance(timedelta(minutes=5))
    house.clock.advance(timedelta(minutes=11))
    signs = await lookout.look(house.robin, is_hers=True)
    assert (await house.listing.page(house.robin, EVERYTHING, since=signs.since)).fresh == (0, 0, 0, 0)


async def test_the_same_form_sent_twice_counts_once(house: TipHouse) -> None:
    token = house.services.start_tokens.make()
    for _ in range(2):
        await file(house, token=token)
    assert await Tally(house.services).new() == 1
