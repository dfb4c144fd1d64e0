"""Holds the test house itself to standing: services on real stores, empty at the start of every test."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from portal.services import Services


@pytest.mark.parametrize("time", [1, 2])
async def test_every_test_finds_its_stores_empty(services: Services, time: int) -> None:
    assert await services.embers.get(b"left behind") is None
    assert await services.durable.get(b"left behind") is None
    assert not (await services.opening.facts()).is_set_up

    await services.embers.put(b"left behind", b"by test", timedelta(minutes=1))
    await services.durable.set(b"left behind", b"by test")
