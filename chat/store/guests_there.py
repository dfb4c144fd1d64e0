"""Keeps who only joins as a guest and has a desk open now: they can be asked for, and count for nothing else.

{desk}:guests    zset    staff id -> until when she can be asked for
"""

from typing import Any

from chat.presence import GONE_AFTER_MS
from chat.store import keys
from portal.store.valkey import Valkey


class GuestsThere:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def is_here(self, staff_id: bytes, now_ms: int) -> None:
        """Her desk was heard just now. Who fell silent long ago is forgotten with it."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.zadd(keys.GUESTS_THERE, {staff_id: now_ms + GONE_AFTER_MS})
            pipe.zremrangebyscore(keys.GUESTS_THERE, "-inf", f"({now_ms}")
            await pipe.execute()

    async def is_gone(self, staff_id: bytes) -> None:
        """She signed out, or locked her desk."""
        await self._client.zrem(keys.GUESTS_THERE, staff_id)

    async def all(self, now_ms: int) -> list[bytes]:
        """Who is there."""
        found: Any = await self._client.zrange(keys.GUESTS_THERE, now_ms, "+inf", byscore=True)
        return list(found)
