"""Keeps the calls in the durable store, so that a process killed in the middle of one leaves it to the next.

    {desk}:ladder   zset  matter -> when it is due, in milliseconds
    {desk}:calls    hash  matter -> how far the calling got (see ladder.Call); with what is over, for a shift
    {desk}:heard    zset  matter -> when somebody said yes to what could not wait: open desks name her for a while
    {desk}:called   zset  staff id -> when she was last called

A matter is a random name or a hash: nothing here says what it is about. What is open stands in the ladder as well, so
what a desk is told is read by name: what was over before costs it nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from portal.alerts.ladder import CANNOT_WAIT, CLAIM_MS, SHOWN_MS, TOLD_MS, Call
from portal.store.valkey import Script, Valkey

LADDER: Final = b"{desk}:ladder"
CALLS: Final = b"{desk}:calls"
HEARD: Final = b"{desk}:heard"
CALLED: Final = b"{desk}:called"
CALLS_CHANNEL: Final = b"{desk}:ringing"  # hears that a call changed; how, says the next reading
AT_ONCE: Final = 20

# KEYS ladder, calls. ARGV now ms, until ms, how many. What is due is one process's for a while, and anybody's after it.
_CLAIM: Final = Script(
    """
local claimed = {}
for _, matter in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
  local call = redis.call('HGET', KEYS[2], matter)
  if call then
    redis.call('ZADD', KEYS[1], ARGV[2], matter)
    claimed[#claimed + 1] = matter
    claimed[#claimed + 1] = call
  else
    redis.call('ZREM', KEYS[1], matter)
  end
end
return claimed
"""
)

# KEYS ladder, calls, heard. ARGV matter, the call as it was read (empty: none), the call from now on (empty: none), due
# ms (empty: never), channel, since when a desk names who said yes (empty: it names nobody). Answers 0 when it was
# changed by somebody else meanwhile.
_CHANGE: Final = Script(
    """
local before = redis.call('HGET', KEYS[2], ARGV[1]) or ''
if before ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[2], ARGV[1]) else redis.call('HSET', KEYS[2], ARGV[1], ARGV[3]) end
if ARGV[4] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1]) end
if ARGV[6] == '' then redis.call('ZREM', KEYS[3], ARGV[1]) else redis.call('ZADD', KEYS[3], ARGV[6], ARGV[1]) end
redis.call('PUBLISH', ARGV[5], 'c')
return 1
"""
)

# KEYS ladder, calls, heard. ARGV since when. Answers the matters that are open or were heard since then, and their
# calls: in one breath, so that none is between the two.
_STANDING: Final = Script(
    """
local standing = {}
local function add(matters)
  for from = 1, #matters, 1000 do
    local until_ = math.min(from + 999, #matters)
    for at, call in ipairs(redis.call('HMGET', KEYS[2], unpack(matters, from, until_))) do
      if call then
        standing[#standing + 1] = matters[from + at - 1]
        standing[#standing + 1] = call
      end
    end
  end
end
add(redis.call('ZRANGE', KEYS[1], 0, -1))
add(redis.call('ZRANGE', KEYS[3], ARGV[1], '+inf', 'BYSCORE'))
return standing
"""
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One matter with its call as it was read."""

    matter: bytes
    call: Call
    raw: bytes


class CallStore:
    """The ladder's keys. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def claim(self, now_ms: int) -> list[Kept]:
        """What is due now; it is this process's for CLAIM_MS."""
        flat: list[bytes] = await _CLAIM(self._client, keys=[LADDER, CALLS], args=[now_ms, now_ms + CLAIM_MS, AT_ONCE])
        return [_kept(matter, raw) for matter, raw in zip(flat[::2], flat[1::2], strict=True)]

    async def change(self, matter: bytes, before: Kept | None, call: Call | None, due_ms: int | None) -> bool:
        """Write how far it got, unless somebody wrote meanwhile: then False."""
        return bool(
            await _CHANGE(
                self._client,
                keys=[LADDER, CALLS, HEARD],
                args=[
                    matter,
                    b"" if before is None else before.raw,
                    b"" if call is None else msgspec.msgpack.encode(call),
                    "" if due_ms is None else due_ms,
                    CALLS_CHANNEL,
                    call.over_ms if call is not None and call.over == "yes" and call.kind in CANNOT_WAIT else "",
                ],
            )
        )

    async def one(self, matter: bytes) -> Kept | None:
        """One call, or None."""
        name: Any = matter
        raw: Any = await self._client.hget(CALLS, name)
        return None if raw is None else _kept(matter, raw)

    async def named(self, matters: Sequence[bytes]) -> list[Kept]:
        """The calls of these matters, of those that have one."""
        if not matters:
            return []
        names: list[Any] = list(matters)
        found: list[Any] = await self._client.hmget(CALLS, names)
        return [_kept(matter, raw) for matter, raw in zip(matters, found, strict=True) if raw is not None]

    async def standing(self, now_ms: int) -> list[Kept]:
        """Every call that is open, and what could not wait and was heard a moment ago; the newest first.

        Reads so many and no more, whatever was called before.
        """
        flat: list[bytes] = await _STANDING(self._client, keys=[LADDER, CALLS, HEARD], args=[f"({now_ms - TOLD_MS}"])
        return _newest_first(_kept(matter, raw) for matter, raw in zip(flat[::2], flat[1::2], strict=True))

    async def all(self) -> list[Kept]:
        """Every call that is open, and what was over within a shift; the newest first."""
        rows: Any = await self._client.hgetall(CALLS)
        return _newest_first(_kept(matter, raw) for matter, raw in rows.items())

    async def forget_old(self, now_ms: int) -> None:
        """Forget what has been over for longer than a shift, and when somebody was called before that."""
        for kept in await self.all():
            if not kept.call.is_open and kept.call.over_ms < now_ms - SHOWN_MS:
                await self.change(kept.matter, kept, None, None)
        await self._client.zremrangebyscore(CALLED, "-inf", now_ms - SHOWN_MS)
        await self._client.zremrangebyscore(HEARD, "-inf", now_ms - TOLD_MS)

    async def called_since(self, people: list[bytes], since_ms: int) -> set[bytes]:
        """Those of these people who were called after this moment."""
        if not people:
            return set()
        names: list[Any] = list(people)
        scores: list[Any] = await self._client.zmscore(CALLED, names)
        return {person for person, at in zip(people, scores, strict=True) if at is not None and at > since_ms}

    async def was_called(self, person: bytes, now_ms: int) -> None:
        """She was called now."""
        await self._client.zadd(CALLED, {person: now_ms})


def _newest_first(kept: Iterable[Kept]) -> list[Kept]:
    return sorted(kept, key=lambda each: -each.call.since_ms)


def _kept(matter: bytes, raw: bytes) -> Kept:
    return Kept(matter, msgspec.msgpack.decode(raw, type=Call), raw)
