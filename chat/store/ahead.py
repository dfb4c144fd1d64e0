"""Pulls down what a clock wrote that was ahead and was set back, so that nothing stays in a time still to come.

Only what lies further ahead than any clock of the house may write: ahead of this machine's clock and of the store's, by
as long as the score is ordinarily written for, and by as far as two servers may be apart (decision 0054). What is
pulled keeps its order and stands at the latest moment that a right clock could have written now.
"""

from typing import Any, Final

from chat.presence import GONE_AFTER_MS, LEASE_MS
from chat.queue import TIER_WIDTH, Tier
from chat.store import keys
from portal.store.valkey import Script, Valkey

APART_MS: Final = 60_000
"""Two servers may be half of it from their store, one before and one behind: more calls somebody (judging.py)."""
AT_ONCE: Final = 500  # of each key; the rest the next sweep does, the earliest first

# Each key with how far ahead of the moment it is ordinarily written. `waiting` is by tier, `ends` by a setting.
LONGEST_MS: Final = {
    keys.ALIVE: 0,
    keys.OFFERED: 0,
    keys.TAKING: 0,
    keys.QUIET: GONE_AFTER_MS,
    keys.PRESENCE: GONE_AFTER_MS,
    keys.GUESTS_THERE: GONE_AFTER_MS,
    keys.LEASES: LEASE_MS,
    keys.WATCHING: LEASE_MS,
}

# `later`: by whichever of both clocks is ahead; where that is the store's, and by more than is borne, ours may be the
# wrong one.
_LATER: Final = """
local time = redis.call('TIME')
local now, apart = tonumber(ARGV[1]), tonumber(ARGV[2])
local later = math.max(now, time[1] * 1000 + math.floor(time[2] / 1000))
"""

# KEYS waiting, ends, then those of one length each. ARGV now ms, apart ms, how many of each, channel, length of ends
# (empty: they are left alone), lengths of the others. Answers whether there may be more.
_PULL: Final = Script(
    _LATER
    + f"""
if later - now > apart then return 1 end
local most, is_full = tonumber(ARGV[3]), 0
local function pull(key, from, lasts, below)
  local beyond = string.format('(%.0f', from + later + lasts + apart)
  local rows = redis.call('ZRANGE', key, beyond, below, 'BYSCORE', 'LIMIT', 0, most)
  for n, row in ipairs(rows) do
    redis.call('ZADD', key, 'XX', string.format('%.0f', from + now + lasts - #rows + n), row)
  end
  if #rows == most then is_full = 1 end
  return #rows
end
local moved = 0
for tier = {min(Tier)}, {max(Tier)} do
  local from = tier * {TIER_WIDTH}
  moved = moved + pull(KEYS[1], from, 0, string.format('(%.0f', from + {TIER_WIDTH}))
end
if moved > 0 then redis.call('PUBLISH', ARGV[4], 'q') end
if ARGV[5] ~= '' then pull(KEYS[2], 0, tonumber(ARGV[5]), '+inf') end
for n = 3, #KEYS do pull(KEYS[n], 0, tonumber(ARGV[n + 3]), '+inf') end
return is_full
"""
)

# What the clocks of a talk, its place and its figures are reckoned from.
_MOMENTS: Final = ("arrived", "took", "spoke", "told", "sign", "asked", "hidden", "covered", "lost")

# KEYS state. ARGV now ms, apart ms. Answers how many of its moments lay ahead.
_SETTLE: Final = Script(
    _LATER
    + f"""
local names, ahead = {{{", ".join(f"'{name}'" for name in _MOMENTS)}}}, {{}}
for n, value in ipairs(redis.call('HMGET', KEYS[1], unpack(names))) do
  local at = value and tonumber(value)
  if at and at > later + apart then ahead[#ahead + 1] = {{at, names[n]}} end
end
table.sort(ahead, function(one, other) return one[1] < other[1] end)
for n, each in ipairs(ahead) do
  redis.call('HSET', KEYS[1], each[2], string.format('%.0f', now - #ahead + n))
end
return #ahead
"""
)


class AheadStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def pull_down(self, now_ms: int, wrap_up_ms: int | None) -> bool:
        """Pull down what the desk's keys hold of a time still to come; whether to look again.

        `wrap_up_ms`: how long a wrap-up is; None leaves those alone.
        """
        lengths: list[Any] = ["" if wrap_up_ms is None else wrap_up_ms, *LONGEST_MS.values()]
        return bool(
            await _PULL(
                self._client,
                keys=[keys.WAITING, keys.ENDS, *LONGEST_MS],
                args=[now_ms, APART_MS, AT_ONCE, keys.QUEUE_CHANNEL, *lengths],
            )
        )

    async def settle(self, conversation: bytes, now_ms: int) -> bool:
        """The same of the moments that stand with one open talk; whether there were any."""
        return bool(await _SETTLE(self._client, keys=[keys.state(conversation)], args=[now_ms, APART_MS]))
