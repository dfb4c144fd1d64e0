"""Lets one who reads along write as well, told in the breath that grants it; and keeps what he or a guest writes.

{c:<id>}:people    hash    j<number> in place of w<number>: writes along since that number (see people.py)
"""

from typing import Any, Final

from chat.message import Entry
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state, log, people. ARGV person, entry, channel. Only from one who reads along.
_ENTER: Final = Script(
    """
local mark = redis.call('HGET', KEYS[3], ARGV[1])
local how = mark and string.sub(mark, 1, 1)
local s = redis.call('HMGET', KEYS[1], 'state', 'seq')
if s[1] ~= 'talking' then return 0 end
if how == 'j' then return 1 end
if how ~= 'w' then return 0 end
local seq = tonumber(s[2]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('HSET', KEYS[3], ARGV[1], 'j' .. seq)
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return 1
"""
)

# KEYS state, log, people. ARGV person, client key, entry, channel, now ms. Under no fence: the mark is what allows it,
# and the owner's own is as it was. A key that was kept is answered first: the sender only missed the answer.
_SAY: Final = Script(
    """
local k = 'ka' .. ARGV[2]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', k)
if s[3] then return tonumber(s[3]) end
if s[1] == 'ended' or s[1] == 'erased' then return -1 end
local mark = redis.call('HGET', KEYS[3], ARGV[1])
local how = mark and string.sub(mark, 1, 1)
if s[1] ~= 'talking' or (how ~= 'j' and how ~= 'g') then return 0 end
local seq = tonumber(s[2]) + 1
redis.call('HSET', KEYS[1], 'seq', seq, k, seq, 'told', ARGV[5])
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
redis.call('PUBLISH', ARGV[4], 'm' .. seq .. ' ' .. ARGV[3])
return seq
"""
)


class BesideStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def enter(self, conversation: bytes, entry: Entry) -> bool:
        """Let her write, and tell the visitor by `entry`; told once. False for one who does not read along."""
        args = [entry.person, entry.pack(), keys.talk_channel(conversation)]
        return bool(await _ENTER(self._client, keys=_three(conversation), args=args))

    async def say(self, conversation: bytes, entry: Entry, now_ms: int) -> int:
        """Keep her words; the same key is the same number. Raises NotThisDesk from anybody else, ConversationOver."""
        args: list[Any] = [entry.person, entry.key, entry.pack(), keys.talk_channel(conversation), now_ms]
        seq = int(await _SAY(self._client, keys=_three(conversation), args=args))
        if seq < 0:
            raise ConversationOver
        if not seq:
            raise NotThisDesk
        return seq


def _three(conversation: bytes) -> list[bytes]:
    return [keys.state(conversation), keys.log(conversation), keys.people(conversation)]
