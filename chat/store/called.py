"""Gives somebody who waits to the one who answers her call: decided on the desk's keys, in one breath."""

from collections.abc import Callable
from typing import Any, Final

from chat.presence import LEASE_MS
from chat.refusals import HandsFull, NotThisDesk, TakenBefore
from chat.store import keys
from chat.store.heavy import BORNE
from portal.settings import Settings
from portal.store.valkey import Script, Valkey

# KEYS waiting, alive, owners, leases, taking, fence, held:<staff>, shift, held_off, ending, heaps, heavy. ARGV
# conversation, staff id, capacity, places less while on a call, now ms, lease until ms, channel, more for a heavy one.
# As a take, but for three things: her page may sleep behind the call, she may have written nothing yet, and nobody is
# passed over, for it is she who called. Two who hear her digits: one gets her.
_TAKE_CALLED: Final = Script(
    BORNE
    + """
local owner = redis.call('HGET', KEYS[3], ARGV[1])
if owner then
  if string.sub(owner, 1, 16) == ARGV[2] then return {'yours', string.sub(owner, 18)} end
  return {'taken', string.sub(owner, 1, 16)}
end
local is_open = redis.call('ZSCORE', KEYS[2], ARGV[1]) and redis.call('HEXISTS', KEYS[10], ARGV[1]) == 0
if not is_open or redis.call('ZSCORE', KEYS[9], ARGV[1]) then return {'not_there', ''} end
local places = tonumber(ARGV[3])
if redis.call('HGET', KEYS[8], ARGV[2]) == 'on_call' then places = places - tonumber(ARGV[4]) end
if borne(KEYS[7], KEYS[12], ARGV[8]) >= places then return {'full', ''} end
local fence = redis.call('INCR', KEYS[6])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2] .. '|' .. fence)
redis.call('HDEL', KEYS[11], ARGV[1])
redis.call('SADD', KEYS[7], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[4], ARGV[6], ARGV[1])
redis.call('ZADD', KEYS[5], ARGV[5], ARGV[1])
redis.call('PUBLISH', ARGV[7], 'q')
return {'yours', tostring(fence)}
"""
)


class CalledStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey, settings: Callable[[], Settings]) -> None:
        self._client = client
        self._settings = settings

    async def take(self, conversation: bytes, staff_id: bytes, now_ms: int) -> int:
        """The fence of the take; asked twice by one advocate the same. Raises TakenBefore, HandsFull, NotThisDesk."""
        names = [keys.WAITING, keys.ALIVE, keys.OWNERS, keys.LEASES, keys.TAKING, keys.FENCE, keys.held(staff_id)]
        now = self._settings()
        args: list[Any] = [conversation, staff_id, now.chat_capacity, now.less_on_call, now_ms, now_ms + LEASE_MS]
        word, value = await _TAKE_CALLED(
            self._client,
            keys=[*names, keys.SHIFT, keys.HELD_OFF, keys.ENDING, keys.HEAPS, keys.HEAVY],
            args=[*args, keys.QUEUE_CHANNEL, now.more_when_heavy],
        )
        if word == b"taken":
            raise TakenBefore(value)
        if word == b"full":
            raise HandsFull
        if word != b"yours":
            raise NotThisDesk
        return int(value)
