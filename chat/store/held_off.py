"""Keeps the conversations that nobody is offered for a while: held off by an advocate, and let in again.

{desk}:held_off   zset   conversation -> until when it is in no queue; written before the lapse that ends her hold
{c:<id>} off      field  the same moment: until then the script that keeps words refuses the visitor's
{c:<id>} let      field  the fence of the holding off that is over: nobody who was late holds her off by it again
"""

from typing import Any, Final

from chat.message import Entry
from chat.queue import Tier
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS owners, lapsing, fence, held_off. ARGV conversation, staff id|fence, until ms. The higher fence that will end her
# hold, written down as a lapse is: a sweeper finishes it. 0 where it is not hers.
_BEGIN: Final = Script(
    """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[1])
local begun = redis.call('HGET', KEYS[2], ARGV[1])
if begun then return tonumber(begun) end
local fence = redis.call('INCR', KEYS[3])
redis.call('HSET', KEYS[2], ARGV[1], fence)
return fence
"""
)

# KEYS state, log. ARGV fence, entry, channel, tier, until ms. Done twice it is done once. A lapse under the same fence
# may have come first and given her back to the queue: she is held off all the same.
_KEEP: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq', 'off', 'let')
if not s[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' then return 'over' end
local is_back = s[2] == ARGV[1] and s[1] == 'waiting' and not s[4] and s[5] ~= ARGV[1]
if tonumber(s[2]) >= tonumber(ARGV[1]) and not is_back then return 'done' end
local seq = tonumber(s[3]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'state', 'waiting', 'owner', '', 'fence', ARGV[1], 'seq', seq)
redis.call('HSET', KEYS[1], 'tier', ARGV[4], 'off', ARGV[5])
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return 'done'
"""
)

# KEYS state, log. ARGV entry, channel. Her page hears once that it is over.
_LIFT: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'off', 'seq', 'fence')
if not s[1] then return 0 end
redis.call('HSET', KEYS[1], 'let', s[4])
if not s[2] then return 0 end
redis.call('HDEL', KEYS[1], 'off')
if s[1] ~= 'waiting' then return 0 end
local seq = tonumber(s[3]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[1])
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('PUBLISH', ARGV[2], 'm' .. seq .. ' ' .. ARGV[1])
return 1
"""
)


class HeldOffStore:
    """Who is held off, and until when. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def begin(self, conversation: bytes, staff_id: bytes, fence: int, until_ms: int) -> int:
        """Write down that it is to be held off; answers the fence that ends this advocate's hold, 0 for an old one."""
        answer: int = await _BEGIN(
            self._client,
            keys=[keys.OWNERS, keys.LAPSING, keys.FENCE, keys.HELD_OFF],
            args=[conversation, staff_id + b"|" + str(fence).encode(), until_ms],
        )
        return answer

    async def keep(self, conversation: bytes, entry: Entry, *, fence: int, until_ms: int) -> str:
        """Out of her advocate's hands, with a line that says so. Answers `done`, `over` or `gone`."""
        answer: bytes = await _KEEP(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[fence, entry.pack(), keys.talk_channel(conversation), int(Tier.ORDINARY), until_ms],
        )
        return answer.decode()

    async def lift(self, conversation: bytes, entry: Entry) -> None:
        """She may write again, and is told so; then it may be offered again."""
        await _LIFT(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[entry.pack(), keys.talk_channel(conversation)],
        )
        await self._client.zrem(keys.HELD_OFF, conversation)

    async def until(self, conversation: bytes) -> int | None:
        """Until when it is held off, in milliseconds; None when it is not."""
        score = await self._client.zscore(keys.HELD_OFF, conversation)
        return None if score is None else int(score)

    async def over(self, now_ms: int) -> list[bytes]:
        """Those whose time is over."""
        found: Any = await self._client.zrange(keys.HELD_OFF, "-inf", str(now_ms), byscore=True)
        return list(found)
