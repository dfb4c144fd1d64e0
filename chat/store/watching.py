"""Keeps until when each who reads along is borne in silence: a desk that vanished reads no longer, and that is told.

{desk}:watching    zset    conversation 16, staff id 16 -> until when
{c:<id>}:vanish    hash    r<staff id>, w<staff id>: what the visitor is told once she is gone, of one who read and of
                           one who wrote as well; sealed when she came, for nobody else could then (see people.py)
"""

from typing import Any, Final

from chat.presence import LEASE_MS
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state, log, people, vanish. ARGV person, channel. Answers 1 when she read along, and does not now.
_LAPSE: Final = Script(
    """
local mark = redis.call('HGET', KEYS[3], ARGV[1])
local read, wrote = unpack(redis.call('HMGET', KEYS[4], 'r' .. ARGV[1], 'w' .. ARGV[1]))
local how = mark and string.sub(mark, 1, 1)
if (how ~= 'w' and how ~= 'j') or not read or not wrote then return 0 end
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], 'r' .. ARGV[1], 'w' .. ARGV[1])
local s = redis.call('HMGET', KEYS[1], 'state', 'seq')
if s[1] ~= 'talking' and s[1] ~= 'waiting' then return 1 end
local seq, entry = tonumber(s[2]) + 1, how == 'j' and wrote or read
redis.call('XADD', KEYS[2], seq .. '-0', 'e', entry)
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('PUBLISH', ARGV[2], 'm' .. seq .. ' ' .. entry)
return 1
"""
)


class WatchingStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def begin(self, conversation: bytes, person: bytes, now_ms: int) -> None:
        """She is about to read along; written before she may, so that no mark is without its clock."""
        await self._client.zadd(keys.WATCHING, {conversation + person: now_ms + LEASE_MS})

    async def end(self, conversation: bytes, person: bytes) -> None:
        """Her clock is looked at no more."""
        await self._client.zrem(keys.WATCHING, conversation + person)

    async def forget(self, conversation: bytes) -> None:
        """Nobody's clock names this conversation any more."""
        named = [conversation + person for each, person in await self.all() if each == conversation]
        if named:
            await self._client.zrem(keys.WATCHING, *named)

    async def let_go(self, person: bytes) -> None:
        """She signed out: borne no longer, wherever she reads."""
        hers = {conversation + each: 0 for conversation, each in await self.all() if each == person}
        if hers:
            await self._client.zadd(keys.WATCHING, hers, xx=True)

    async def all(self) -> list[tuple[bytes, bytes]]:
        """Each conversation, and one who reads along there."""
        return _pairs(await self._client.zrange(keys.WATCHING, 0, -1))

    async def lapsed(self, now_ms: int) -> list[tuple[bytes, bytes]]:
        """Those whose desk has been silent for longer than it is borne."""
        return _pairs(await self._client.zrange(keys.WATCHING, "-inf", f"({now_ms}", byscore=True))

    async def lapse(self, conversation: bytes, person: bytes) -> bool:
        """She reads along no more, and the visitor is told so in the same breath; told once."""
        names = [each(conversation) for each in (keys.state, keys.log, keys.people, keys.vanish)]
        return bool(await _LAPSE(self._client, keys=names, args=[person, keys.talk_channel(conversation)]))


def _pairs(members: Any) -> list[tuple[bytes, bytes]]:
    return [(member[:16], member[16:]) for member in members]
