"""Keeps what the clocks of a conversation look at, and does what they decide only if nothing has stirred since.

In the hash {c:<id>}:  spoke, told  when she, and when an advocate, last said something
                       sign         when else she was last noticed
                       asked        when she was asked whether she is still there
                       wish         for how many minutes she wants to be waited for
{desk}:quiet           zset         conversation -> when it is to be looked at again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from chat.clocks import Life
from chat.message import Entry
from chat.store import keys
from portal.store.valkey import Script, Valkey

_STIRS: Final = ("spoke", "told", "sign", "asked", "hidden", "covered", "left", "lost", "line")
_LOOKED_AT: Final = ("state", "how", "wish", *_STIRS)
_STAMP: Final = f"""
local stamp = ''
for _, value in ipairs(redis.call('HMGET', KEYS[1], {", ".join(f"'{name}'" for name in _STIRS)})) do
  stamp = stamp .. (value or '') .. '|'
end
"""

# KEYS quiet. ARGV now ms, again at ms, most. Whoever looks first moves them on: a kill in between costs one round.
_CLAIM: Final = Script(
    """
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, conversation in ipairs(due) do redis.call('ZADD', KEYS[1], 'XX', ARGV[2], conversation) end
return due
"""
)

# KEYS state, log. ARGV entry, channel, now ms, stamp.
_ASK: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'seq')
"""
    + _STAMP
    + """
if s[1] ~= 'talking' or stamp ~= ARGV[4] then return 0 end
local seq = tonumber(s[2]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[1])
redis.call('HSET', KEYS[1], 'seq', seq, 'asked', ARGV[3])
redis.call('PUBLISH', ARGV[2], 'm' .. seq .. ' ' .. ARGV[1])
return seq
"""
)

# KEYS state, log. ARGV how, entry, channel, now ms, stamp.
_END: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'seq')
"""
    + _STAMP
    + """
if not s[1] or s[1] == 'ended' or s[1] == 'erased' or stamp ~= ARGV[5] then return 0 end
local seq = tonumber(s[2]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'state', 'ended', 'seq', seq, 'how', ARGV[1], 'ended', ARGV[4])
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return seq
"""
)

# KEYS state, log. ARGV client key, entry, channel, now ms. Not asked (any more), it is a sign and takes no number.
_STAY: Final = Script(
    """
local k = 'kv' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'asked', k)
if not s[1] or s[1] == 'ended' or s[1] == 'erased' then return -1 end
if s[4] then return tonumber(s[4]) end
redis.call('HSET', KEYS[1], 'sign', ARGV[4])
if not s[3] then return 0 end
local seq = tonumber(s[2]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HDEL', KEYS[1], 'asked')
redis.call('HSET', KEYS[1], 'seq', seq, k, seq)
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return seq
"""
)

# KEYS state. ARGV now ms. A sign of hers after the question is an answer to it.
_SIGN: Final = Script(
    """
local s = redis.call('HGET', KEYS[1], 'state')
if not s or s == 'ended' or s == 'erased' then return 0 end
redis.call('HSET', KEYS[1], 'sign', ARGV[1])
return 1
"""
)


@dataclass(frozen=True, slots=True)
class Looked:
    """One conversation as the clocks find it; `stamp` changes with whatever stirs."""

    life: Life | None  # None: it is over, or not there
    how: str  # of one that has ended
    stamp: bytes


class ClockStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def due(self, now_ms: int, again_ms: int, most: int) -> list[bytes]:
        """Up to `most` conversations that are to be looked at; nobody else looks at them before `again_ms`."""
        found: list[bytes] = await _CLAIM(self._client, keys=[keys.QUIET], args=[now_ms, again_ms, most])
        return found

    async def look(self, conversations: Sequence[bytes]) -> list[Looked]:
        """How each stands, in one journey."""
        names: list[Any] = list(conversations)
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.zmscore(keys.ALIVE, names)
            for conversation in conversations:
                pipe.hmget(keys.state(conversation), list(_LOOKED_AT))
            seen, *rows = await pipe.execute()
        return [_looked(row, at) for row, at in zip(rows, seen, strict=True)]

    async def ask(self, conversation: bytes, entry: Entry, stamp: bytes, now_ms: int) -> bool:
        """Ask her in the stream whether she is still there. False when something has stirred."""
        answer = await _ASK(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[entry.pack(), keys.talk_channel(conversation), now_ms, stamp],
        )
        return bool(answer)

    async def end(self, conversation: bytes, entry: Entry, how: str, stamp: bytes, now_ms: int) -> bool:
        """End it. False when something has stirred, or it is over."""
        answer = await _END(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[how, entry.pack(), keys.talk_channel(conversation), now_ms, stamp],
        )
        return bool(answer)

    async def stay(self, conversation: bytes, entry: Entry, now_ms: int) -> int | None:
        """She is still there: the number of that entry, 0 when nobody asked; None when it is over."""
        answer = int(
            await _STAY(
                self._client,
                keys=[keys.state(conversation), keys.log(conversation)],
                args=[entry.key, entry.pack(), keys.talk_channel(conversation), now_ms],
            )
        )
        return None if answer < 0 else answer

    async def sign(self, conversation: bytes, now_ms: int) -> None:
        """She was noticed."""
        await _SIGN(self._client, keys=[keys.state(conversation)], args=[now_ms])


def _looked(row: list[Any], seen: float | None) -> Looked:
    read = dict(zip(_LOOKED_AT, row, strict=True))
    stamp = b"".join((read[name] or b"") + b"|" for name in _STIRS)
    how = (read["how"] or b"").decode()
    if read["state"] not in (b"waiting", b"talking"):
        return Looked(None, how, stamp)

    def moment(name: str) -> int | None:
        return None if read[name] is None else int(read[name])

    life = Life(
        is_talking=read["state"] == b"talking",
        spoke_ms=moment("spoke") or 0,
        told_ms=moment("told") or 0,
        sign_ms=moment("sign") or 0,
        asked_ms=moment("asked") or 0,
        seen_ms=None if seen is None else int(seen),
        lost_ms=moment("lost"),
        hidden_ms=moment("hidden"),
        covered_ms=moment("covered"),
        wish_minutes=moment("wish") or 0,
        has_left=read["left"] is not None,
    )
    return Looked(life, how, stamp)
