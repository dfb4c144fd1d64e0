"""Keeps what is known of a conversation's record until it is in the book: sealed, beside the conversation."""

from typing import Any, Final

from chat.store import keys
from chat.store.talk import LASTS
from portal.store.valkey import Script, Valkey

WRITTEN: Final = b"w"  # it is in the book: nothing of it waits here

# KEYS state, record. ARGV what is kept, lasts ms, 1: only where nothing is there yet. Nothing is kept of what is being
# erased, but for the eraser's own.
_KEEP: Final = Script(
    """
local state = redis.call('HGET', KEYS[1], 'state')
if not state or (state == 'erased' and ARGV[3] ~= '1') then return 0 end
if ARGV[3] == '1' then
  return redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2], 'NX') and 1 or 0
end
if redis.call('GET', KEYS[2]) == 'w' and ARGV[1] ~= 'w' then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return 1
"""
)


class RecordStore:
    """`{c:<id>}:record`. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def keep(self, conversation: bytes, kept: bytes, *, first: bool = False) -> None:
        """What goes into the book when nobody finishes it; `first`: only where nothing is kept yet."""
        names = [keys.state(conversation), keys.record(conversation)]
        await _KEEP(self._client, keys=names, args=[kept, int(LASTS.total_seconds() * 1000), int(first)])

    async def written(self, conversation: bytes) -> None:
        """It is in the book."""
        await self.keep(conversation, WRITTEN)

    async def read(self, conversation: bytes) -> bytes | None:
        """What is kept; None where nothing is, and nothing was written."""
        found: Any = await self._client.get(keys.record(conversation))
        return None if found is None else bytes(found)

    async def drop(self, conversation: bytes) -> None:
        """It is in the book, or there is nothing to put there."""
        await self._client.delete(keys.record(conversation))
