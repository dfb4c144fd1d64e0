"""Writes what she agreed to keep beside her conversation, in the breath that tells her so."""

from typing import Any, Final

from chat.message import Entry
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state, log, kept. ARGV client key, number of the question, the tap, what the house says (kept or not kept), what
# is kept (empty: nothing), channel, now ms, lasts ms. Her answer, the line that says what came of it, and what is kept
# are one step: nothing is kept that her page was not told of, and nothing is told that was not done.
DECIDE: Final = Script(
    """
local k = 'kv' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'words', k)
if not s[1] then return {'gone', 0, ''} end
if s[4] then return {'done', tonumber(s[4]), s[1]} end
if s[1] == 'ended' or s[1] == 'erased' then return {'over', 0, ''} end
local seq = tonumber(s[2]) + 1
local there = redis.call('HEXISTS', KEYS[3], ARGV[2]) == 1
local turns = there == (ARGV[5] == '')
redis.call('HSET', KEYS[1], 'seq', turns and seq + 1 or seq, k, seq, 'words', tonumber(s[3]) + 1, 'spoken', 1,
  'spoke', ARGV[7])
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
redis.call('PUBLISH', ARGV[6], 'm' .. seq .. ' ' .. ARGV[3])
if turns then
  if ARGV[5] == '' then
    redis.call('HDEL', KEYS[3], ARGV[2])
  else
    redis.call('HSET', KEYS[3], ARGV[2], ARGV[5])
    redis.call('PEXPIRE', KEYS[3], ARGV[8])
  end
  redis.call('XADD', KEYS[2], (seq + 1) .. '-0', 'e', ARGV[4])
  redis.call('PUBLISH', ARGV[6], 'm' .. (seq + 1) .. ' ' .. ARGV[4])
end
return {'done', seq, s[1]}
"""
)


class KeptStore:
    """`{c:<id>}:kept`, a hash: number of the question -> what is kept, sealed. Raises `ValkeyAway`."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def decide(
        self, conversation: bytes, seq: int, tap: Entry, line: Entry, kept: bytes, *, now_ms: int, lasts_ms: int
    ) -> tuple[int, str]:
        """Her answer to the question under `seq`; the answer's number, and the state the conversation had.

        `kept` empty: she said no, and what was kept before is gone. Raises ConversationOver, NotThisDesk.
        """
        word, number, standing = await DECIDE(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation), keys.kept_words(conversation)],
            args=[
                tap.key,
                seq,
                tap.pack(),
                line.pack(),
                kept,
                keys.talk_channel(conversation),
                now_ms,
                lasts_ms,
            ],
        )
        if word == b"over":
            raise ConversationOver
        if word != b"done":
            raise NotThisDesk
        return int(number), standing.decode()

    async def waiting(self, conversation: bytes) -> list[bytes]:
        """What is to be moved, in the order it was asked for."""
        rows: Any = await self._client.hgetall(keys.kept_words(conversation))
        return [rows[number] for number in sorted(rows, key=int)]

    async def drop(self, conversation: bytes) -> None:
        """All of it stands in the records now."""
        await self._client.delete(keys.kept_words(conversation))
