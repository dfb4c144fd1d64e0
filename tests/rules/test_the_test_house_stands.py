"""Holds the test house itself to standing: services on real stores, empty at the start of every test."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support.kept_house import is_new
from tests.tips.conftest import make_tip_house

if TYPE_CHECKING:
    from portal.clock import StillClock
    from portal.services import Services


@pytest.mark.parametrize("time", [1, 2])
async def test_every_test_finds_its_stores_empty(services: Services, time: int) -> None:
    assert await services.embers.get(b"left behind") is None
    assert await services.durable.get(b"left behind") is None
    assert not (await services.opening.facts()).is_set_up

    await services.embers.put(b"left behind", b"by test", timedelta(minutes=1))
    await services.durable.set(b"left behind", b"by test")


async def test_a_house_that_nobody_touched_is_known_to_be_new(services: Services, clock: StillClock) -> None:
    """Such a house begins with what the first set-up of a process left, or each test would set up its own."""
    assert is_new(services)
    await make_tip_house(services, clock)
    assert not is_new(services)
