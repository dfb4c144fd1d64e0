"""Keeps who, beside the one who holds a conversation, may read it: a mark a person, written and used in one breath.

{c:<id>}:people    hash    staff id -> n<fence>: is to have it next, while its owner holds it under that fence
"""

from typing import Any, Final, Literal, cast

from chat.message import Entry
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state, people. ARGV person, fence. Only under the fence of the one who offers; it goes when the talk goes.
_LET_READ: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[1] ~= 'talking' or s[2] ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], 'n' .. ARGV[2])
redis.call('PEXPIRE', KEYS[2], math.max(1, redis.call('PTTL', KEYS[1])))
return 1
"""
)

# KEYS state, log, people. ARGV person, old fence, new fence, shown, entry, channel. Whoever has not shown all of it,
# and whose leave to read was withdrawn, gets nothing.
_HAND: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'owner', 'fence', 'seq')
if not s[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' then return 'over' end
if s[2] == ARGV[1] and s[3] == ARGV[3] then return 'handed' end
if s[1] ~= 'talking' or s[3] ~= ARGV[2] then return 'gone' end
if redis.call('HGET', KEYS[3], ARGV[1]) ~= 'n' .. ARGV[2] then return 'gone' end
if tonumber(ARGV[4]) < tonumber(s[4]) then return 'more' end
local seq = tonumber(s[4]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[5])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', ARGV[3], 'seq', seq, 'joined', seq)
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('PUBLISH', ARGV[6], 'm' .. seq .. ' ' .. ARGV[5])
return 'handed'
"""
)

Handed = Literal["handed", "more", "over", "gone"]


class PeopleStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def let_read(self, conversation: bytes, person: bytes, *, fence: int) -> bool:
        """Let her read it for as long as it is held under `fence`. False when it is not."""
        names = [keys.state(conversation), keys.people(conversation)]
        return bool(await _LET_READ(self._client, keys=names, args=[person, fence]))

    async def may_read(self, conversation: bytes, person: bytes, *, fence: int) -> bool:
        """Whether she was let read under this fence."""
        name: Any = person
        return bool(await self._client.hget(keys.people(conversation), name) == b"n%d" % fence)

    async def shut_out(self, conversation: bytes, person: bytes) -> None:
        """She may not read it any more."""
        name: Any = person
        await self._client.hdel(keys.people(conversation), name)

    async def hand(self, conversation: bytes, entry: Entry, *, person: bytes, old: int, new: int, shown: int) -> Handed:
        """Make her its owner under the `new` fence and say so in the stream, if she has shown all of it."""
        answer: bytes = await _HAND(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation), keys.people(conversation)],
            args=[person, old, new, shown, entry.pack(), keys.talk_channel(conversation)],
        )
        return cast(Handed, answer.decode())
