"""Keeps how far each advocate has read a conversation she holds, so that her other windows and devices know it too.

It stands in the conversation's own hash, under her id, and goes with it. {desk}:looked is a channel: whose it is.
"""

from collections.abc import Sequence
from typing import Any, Final

from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state. ARGV field, number, channel, staff id. Only further, never back; nothing for one that is gone.
_LOOK: Final = Script(
    """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
"""
)


class LookedStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def look(self, conversation: bytes, staff_id: bytes, seq: int) -> None:
        """She has read up to here."""
        args: list[Any] = [b"read" + staff_id, seq, keys.LOOKED_CHANNEL, staff_id]
        await _LOOK(self._client, keys=[keys.state(conversation)], args=args)

    async def of(self, conversations: Sequence[bytes], staff_id: bytes) -> list[int]:
        """How far she has read each."""
        if not conversations:
            return []
        field: Any = b"read" + staff_id
        async with self._client.pipeline(transaction=False) as pipe:
            for conversation in conversations:
                pipe.hget(keys.state(conversation), field)
            found = await pipe.execute()
        return [int(each or 0) for each in found]
