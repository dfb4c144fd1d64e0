"""Gives the tests of changing keys a house with something sealed to every compartment."""

from __future__ import annotations

import pytest

from portal.clock import StillClock
from portal.services import Services
from tests.support.key_house import KeyHouse
from tests.tips.conftest import make_tip_house


@pytest.fixture
async def keys(services: Services, clock: StillClock) -> KeyHouse:
    """The house, with Robin signed in and nothing due."""
    return KeyHouse(await make_tip_house(services, clock))
