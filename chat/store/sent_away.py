"""Keeps whom the visitor sent away: out in the breath of her tap, and not let in again to read along.

{c:<id>}:people    hash    s<staff id> -> number of the tap: reads along no more, whatever mark she had or asks for
"""

from typing import Any, Final

from chat.message import Entry
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state, log, people, vanish. ARGV person, client key, tap, entry of one who read, entry of one who wrote, channel,
# now ms. Her tap, the line, the mark that goes and the one that bars are one step. Whoever holds it is not sent away.
_SEND_AWAY: Final = Script(
    """
local k = 'kv' .. ARGV[2]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'words', k, 'owner')
if not s[1] then return {'gone', 0, '', 0} end
if s[4] then return {'done', tonumber(s[4]), s[1], 0} end
if s[1] == 'ended' or s[1] == 'erased' then return {'over', 0, '', 0} end
if s[1] == 'talking' and s[5] == ARGV[1] then return {'gone', 0, '', 0} end
local how = string.sub(redis.call('HGET', KEYS[3], ARGV[1]) or '', 1, 1)
local turns = how == 'w' or how == 'j'
local seq = tonumber(s[2]) + 1
redis.call('HSET', KEYS[1], 'seq', turns and seq + 1 or seq, k, seq, 'words', tonumber(s[3]) + 1, 'spoken', 1,
  'spoke', ARGV[7])
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
redis.call('PUBLISH', ARGV[6], 'm' .. seq .. ' ' .. ARGV[3])
redis.call('HSET', KEYS[3], 's' .. ARGV[1], seq)
redis.call('PEXPIRE', KEYS[3], math.max(1, redis.call('PTTL', KEYS[1])))
if turns then
  redis.call('HDEL', KEYS[3], ARGV[1])
  redis.call('HDEL', KEYS[4], 'r' .. ARGV[1], 'w' .. ARGV[1])
  local line = how == 'j' and ARGV[5] or ARGV[4]
  redis.call('XADD', KEYS[2], (seq + 1) .. '-0', 'e', line)
  redis.call('PUBLISH', ARGV[6], 'm' .. (seq + 1) .. ' ' .. line)
end
return {'done', seq, s[1], turns and 1 or 0}
"""
)


class SentAwayStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def is_barred(self, conversation: bytes, person: bytes) -> bool:
        """Whether the visitor sent her away."""
        name: Any = b"s" + person
        return bool(await self._client.hexists(keys.people(conversation), name))

    async def send_away(
        self, conversation: bytes, person: bytes, tap: Entry, read: Entry, wrote: Entry, now_ms: int
    ) -> tuple[int, str, bool]:
        """Her tap; its number, the state the conversation had, and whether this person was there until now.

        Raises NotThisDesk of the one who holds it, ConversationOver.
        """
        names = [each(conversation) for each in (keys.state, keys.log, keys.people, keys.vanish)]
        args: list[Any] = [person, tap.key, tap.pack(), read.pack(), wrote.pack(), keys.talk_channel(conversation)]
        word, seq, standing, was_there = await _SEND_AWAY(self._client, keys=names, args=[*args, now_ms])
        if word == b"over":
            raise ConversationOver
        if word != b"done":
            raise NotThisDesk
        return int(seq), standing.decode(), bool(was_there)
