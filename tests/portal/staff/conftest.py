"""Gives the desk's tests their first person."""

from __future__ import annotations

import pytest

from portal.services import Services
from tests.portal.staff.walker import Walker, set_up, walker


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, signed in."""
    return await set_up(walker(services))
