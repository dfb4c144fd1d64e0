"""Takes words back in one breath: the fence is looked at, a withdrawal numbered, and the words' own entry deleted."""

from typing import Final

from chat.message import Entry
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state, log. ARGV client key, fence, staff id, number, entry, channel. Only words of hers, under her own fence.
# The stream is written anew, not cut: an entry deleted from the middle of a stream is only marked as deleted, and its
# bytes would go on into every file the store writes. A translation of the words says them too: it goes with them.
WITHDRAW: Final = Script(
    """
local k = 'kx' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq', k)
if not s[1] then return {'gone', 0} end
if s[4] then return {'kept', tonumber(s[4])} end
if s[1] == 'ended' or s[1] == 'erased' then return {'over', 0} end
if s[1] ~= 'talking' or s[2] ~= ARGV[2] then return {'gone', 0} end
local id = ARGV[4] .. '-0'
local found = redis.call('XRANGE', KEYS[2], id, id)
local e = found[1] and found[1][2][2] or ''
local kind = string.sub(e, 1, 2)
if (kind ~= 'aw' and kind ~= 'ak') or string.sub(e, 3, 18) ~= ARGV[3] then return {'gone', 0} end
local seq = tonumber(s[3]) + 1
local made = (redis.call('HGET', KEYS[1], 'kT' .. ARGV[4]) or '') .. '-0'
local left = redis.call('PTTL', KEYS[2])
local rows = redis.call('XRANGE', KEYS[2], '-', '+')
redis.call('DEL', KEYS[2])
for _, row in ipairs(rows) do
  if row[1] ~= id and row[1] ~= made then redis.call('XADD', KEYS[2], row[1], 'e', row[2][2]) end
end
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[5])
if left > 0 then redis.call('PEXPIRE', KEYS[2], left) end
redis.call('HSET', KEYS[1], 'seq', seq, k, seq)
redis.call('PUBLISH', ARGV[6], 'm' .. seq .. ' ' .. ARGV[5])
return {'kept', seq}
"""
)


class WithdrawnStore:
    """The one way in which an entry leaves a conversation that goes on. Raises `ValkeyAway`."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def withdraw(self, conversation: bytes, entry: Entry, *, seq: int, fence: int) -> int:
        """Put `entry` at the end and delete what stands under `seq`; answers the number of `entry`.

        The same client key is the same act. Raises ConversationOver; NotThisDesk for an old fence, and where under
        this number nothing stands that `entry`'s person said.
        """
        word, number = await WITHDRAW(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[entry.key, fence, entry.person, seq, entry.pack(), keys.talk_channel(conversation)],
        )
        if word == b"over":
            raise ConversationOver
        if word != b"kept":
            raise NotThisDesk
        return int(number)
