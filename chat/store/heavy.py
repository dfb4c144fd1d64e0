"""Keeps in which open conversations danger was marked: such a one takes more of its advocate's places than another."""

from collections.abc import Sequence
from typing import Any, Final

from chat.store import keys
from portal.store.valkey import Valkey

# For every script that asks whether somebody has a place free. extra: places that a heavy one takes beyond its own.
BORNE: Final = """
local function borne(held, heavy, extra)
  local count = redis.call('SCARD', held)
  if count == 0 or tonumber(extra) == 0 then return count end
  return count + tonumber(extra) * redis.call('SINTERCARD', 2, held, heavy)
end
"""


class HeavyStore:
    """It stays one until it has ended: a danger that is over was still one. Every method raises `ValkeyAway`."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def mark(self, conversation: bytes) -> None:
        """Danger was marked in it."""
        await self._client.sadd(keys.HEAVY, conversation)
        await self._client.publish(keys.QUEUE_CHANNEL, b"q")

    async def of(self, conversations: Sequence[bytes]) -> int:
        """How many of these are."""
        if not conversations:
            return 0
        names: Any = list(conversations)
        return sum(await self._client.smismember(keys.HEAVY, names))
