"""Keeps what a visitor said to a machine, and each translation once, as an entry of its own.

In the hash `{c:<id>}`:
    mv, ma        consent.py: for her words, and for the desk's: `-` for no, or `<since> <asked> <engine>`
    ml            `<holder>|<until ms>`: whose desk asks the engine for this conversation now
    mo            there while she has been told that the engine does not answer
    kT<number>    the number of the translation of the words under that number
    km<key>       the number of a question, kv<key> that of a tap
"""

from typing import Any, Final

from chat.consent import DIRECTIONS, Direction
from chat.message import Entry
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from chat.store.talk import LASTS
from portal.store.valkey import Script, Valkey

_FIELDS: Final[dict[Direction, str]] = {"hers": "mv", "theirs": "ma"}
_LASTS_MS: Final = int(LASTS.total_seconds() * 1000)

# KEYS state, log. ARGV client key, the tap, channel, staff channel, now ms, '1' for yes, number of the question,
# engine, lasts ms, then each field it is about. A first yes means all her words; one after a no only what comes after.
_DECIDE: Final = Script(
    """
local k = 'kv' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'words', k)
if not s[1] then return {'gone', 0, ''} end
if s[4] then return {'done', tonumber(s[4]), s[1]} end
if s[1] == 'ended' or s[1] == 'erased' then return {'over', 0, ''} end
local seq = tonumber(s[2]) + 1
for n = 10, #ARGV do
  local was, now = redis.call('HGET', KEYS[1], ARGV[n]), '-'
  if ARGV[6] == '1' then
    local since = was and (was == '-' and seq or string.match(was, '^%d+')) or 0
    now = since .. ' ' .. ARGV[7] .. ' ' .. ARGV[8]
  end
  redis.call('HSET', KEYS[1], ARGV[n], now)
end
redis.call('HSET', KEYS[1], 'seq', seq, k, seq, 'words', tonumber(s[3]) + 1, 'spoken', 1, 'spoke', ARGV[5])
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
if seq == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[9]) end
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
redis.call('PUBLISH', ARGV[4], 'c')
return {'done', seq, s[1]}
"""
)

# KEYS state, log. ARGV client key, the question, channel, fence, field. Asked once under a key, and only while she has
# not said no: who did is not asked again by somebody else.
_ASK: Final = Script(
    """
local k = 'km' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq', k, ARGV[5])
if s[4] then return tonumber(s[4]) end
if s[1] ~= 'talking' or s[2] ~= ARGV[4] or s[5] == '-' then return 0 end
local seq = tonumber(s[3]) + 1
redis.call('HSET', KEYS[1], 'seq', seq, k, seq)
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return seq
"""
)

# KEYS state, log. ARGV number of the words (0: none, only that the engine does not answer), the translation, channel,
# field, engine, '1' where it is one. One for each number; none where the words are gone or the yes is.
_KEEP: Final = Script(
    """
local k = 'kT' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', k, ARGV[4], 'mo')
if not s[1] or s[1] == 'erased' then return {'gone', 0} end
if s[3] then return {'kept', tonumber(s[3])} end
if s[1] == 'ended' and ARGV[4] ~= 'mv' then return {'gone', 0} end
local since, engine = string.match(s[4] or '', '^(%d+) %d+ (.+)$')
if engine ~= ARGV[5] then return {'no', 0} end
local seq = tonumber(s[2]) + 1
if ARGV[1] == '0' then
  if s[5] or s[1] == 'ended' then return {'kept', 0} end
  redis.call('HSET', KEYS[1], 'mo', 1)
else
  if tonumber(ARGV[1]) <= tonumber(since) then return {'no', 0} end
  if not redis.call('XRANGE', KEYS[2], ARGV[1] .. '-0', ARGV[1] .. '-0')[1] then return {'no', 0} end
  redis.call('HSET', KEYS[1], k, seq)
  if ARGV[6] == '1' then redis.call('HDEL', KEYS[1], 'mo') end
end
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return {'kept', seq}
"""
)

# KEYS state. ARGV holder, until ms, now ms.
_CLAIM: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'ml')
if not s[1] then return 0 end
local holder, lasts = string.match(s[2] or '', '^(.*)|(%d+)$')
if holder and holder ~= ARGV[1] and tonumber(lasts) > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], 'ml', ARGV[1] .. '|' .. ARGV[2])
return 1
"""
)

# KEYS state. ARGV holder.
_LET_GO: Final = Script(
    """
local l = redis.call('HGET', KEYS[1], 'ml')
if l and string.match(l, '^(.*)|') == ARGV[1] then redis.call('HDEL', KEYS[1], 'ml') end
return 1
"""
)


class TranslatedStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def decide(
        self, conversation: bytes, tap: Entry, of: Direction | None, *, yes: bool, asked: int, engine: str, now_ms: int
    ) -> tuple[int, str]:
        """Her answer to the question under `asked`, for one direction or, with None, for both.

        Answers the tap's number, and the state the conversation had. Raises ConversationOver, NotThisDesk.
        """
        fields = [_FIELDS[each] for each in DIRECTIONS if of in (None, each)]
        channels = [keys.talk_channel(conversation), keys.staff_channel(conversation)]
        word, seq, standing = await _DECIDE(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[tap.key, tap.pack(), *channels, now_ms, int(yes), asked, engine, _LASTS_MS, *fields],
        )
        if word == b"over":
            raise ConversationOver
        if word != b"done":
            raise NotThisDesk
        return int(seq), standing.decode()

    async def ask(self, conversation: bytes, question: Entry, of: Direction, *, fence: int) -> int:
        """Put the question to her, once under its key; 0 where it may not be asked now."""
        answer: Any = await _ASK(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[question.key, question.pack(), keys.talk_channel(conversation), fence, _FIELDS[of]],
        )
        return int(answer)

    async def keep(self, conversation: bytes, entry: Entry, of: Direction, *, engine: str, is_one: bool) -> bool:
        """Keep and tell a translation of the words under `entry.after`; once, and only while her yes stands.

        `is_one`: there are words in it. False where it may not be kept.
        """
        word, _ = await _KEEP(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[entry.after, entry.pack(), keys.talk_channel(conversation), _FIELDS[of], engine, int(is_one)],
        )
        return bool(word == b"kept")

    async def claim(self, conversation: bytes, holder: str, *, now_ms: int, lasts_ms: int) -> bool:
        """Whether this desk is the one that asks the engine for this conversation; hers for so long."""
        args: list[str | int] = [holder, now_ms + lasts_ms, now_ms]
        return bool(await _CLAIM(self._client, keys=[keys.state(conversation)], args=args))

    async def let_go(self, conversation: bytes, holder: str) -> None:
        """Another desk may ask at once."""
        await _LET_GO(self._client, keys=[keys.state(conversation)], args=[holder])
