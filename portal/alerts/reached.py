"""Keeps when an alert last went out by each way, and whether the last one did: so one knows that she can be reached.

    {desk}:reached  hash  name of a way -> when it last took an alert, and whether it took the last one

Within a shift the time is known to the minute. After it only the day is: an hour would let somebody match an alert with
a person who was in danger then.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from portal.alerts.ladder import SHOWN_MS
from portal.store.valkey import Valkey

REACHED: Final = b"{desk}:reached"
DAY_MS: Final = 24 * 60 * 60_000


class Reach(msgspec.Struct, frozen=True, array_like=True):
    """Of one way. `went_ms`: when it last took an alert, 0 for never. `failed`: it did not take the last one."""

    went_ms: int = 0
    failed: bool = False

    def is_by_day(self, now_ms: int) -> bool:
        """Whether only the day is known any more."""
        return now_ms - self.went_ms > SHOWN_MS


NEVER: Final = Reach()


class ReachStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def tried(self, way: bytes, now_ms: int, *, went: bool) -> None:
        """An alert was sent by this way just now."""
        before = (await self._read()).get(way, NEVER)
        reach = Reach(now_ms if went else before.went_ms, failed=not went)
        await self._client.hset(REACHED, mapping={way: msgspec.msgpack.encode(reach)})

    async def of(self, ways: Iterable[bytes]) -> Mapping[bytes, Reach]:
        """What is known of each of these ways."""
        known = await self._read()
        return {way: known.get(way, NEVER) for way in ways}

    async def blunt(self, known_ways: Iterable[bytes], now_ms: int) -> None:
        """Leave no more than a day of what is older than a shift, and nothing of a way that was taken away."""
        here = set(known_ways)
        for way, reach in (await self._read()).items():
            if way not in here:
                await self._client.hdel(REACHED, way)
            elif reach.is_by_day(now_ms) and reach.went_ms % DAY_MS:
                blunted = Reach(reach.went_ms - reach.went_ms % DAY_MS, reach.failed)
                await self._client.hset(REACHED, mapping={way: msgspec.msgpack.encode(blunted)})

    async def _read(self) -> dict[bytes, Reach]:
        rows: Any = await self._client.hgetall(REACHED)
        return {way: msgspec.msgpack.decode(raw, type=Reach) for way, raw in rows.items()}
