"""Fills a quarter with records and closes it, as a holder of the records does by being at the desk."""

from __future__ import annotations

from datetime import timedelta

from portal.clock import StillClock
from portal.figures.closing import Closing
from portal.figures.periods import Quarter, quarter_of
from portal.records.contact import ContactRecord, filled
from tests.chat.conftest import ChatHouse


def record(region: str, need: str = "bed", language: str = "es") -> ContactRecord:
    said = {"type": ("crisis",), "case": ("none",), "region": (region,), "needs": (need,)}
    begun = ContactRecord(version=1, channel="phone", by="Robin", language=language)
    return filled(begun, said, "The kestrel asked for a bed.", is_whole=True)


async def a_quarter(house: ChatHouse, **regions: int) -> Quarter:
    """Records of so many in each region today; then the clock stands behind the time in which they settle."""
    for region, count in regions.items():
        for _ in range(count):
            await house.services.contacts.put(await house.services.contacts.seal(record(region)))
    clock = house.services.clock
    assert isinstance(clock, StillClock)
    quarter = quarter_of(clock.now().date())
    clock.advance(timedelta(days=(quarter.ends - clock.now().date()).days + 15))
    return quarter


async def closed(house: ChatHouse) -> Closing:
    """The work, done once with the keys of whoever is at the desk in this house."""
    closing = Closing(house.services)

    async def stands(_: bytes) -> bool:
        return True

    house.services.staff.sessions.stands = stands  # type: ignore[method-assign, assignment]
    await closing.work(house.advocate)
    return closing
