"""Keeps that a page is covered, and what brings its visitor back: the flag on disk, the rest in memory only.

{c:<id>} covered   since when (ms), while it is
cw:<id>            the mark of the word she chose
cv:<name>          hash  k: the token of a page without script, boxed; n: words tried
cg:<id>            set of those names, so that an end finds them
"""

from datetime import timedelta
from typing import Any, Final, cast

from chat.store import keys
from portal.store.valkey import Script, Valkey

MOST_TRIES: Final = 5

# KEYS state. ARGV covered (1) or back (0), now ms, staff channel, talk channel. Covered again it keeps its first
# moment; that she is back is a sign of hers.
_TURN: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'covered')
if not s[1] or s[1] == 'ended' or s[1] == 'erased' then return 'over' end
if (ARGV[1] == '1') == (s[2] and true or false) then return 'same' end
if ARGV[1] == '1' then
  redis.call('HSET', KEYS[1], 'covered', ARGV[2])
else
  redis.call('HDEL', KEYS[1], 'covered')
  redis.call('HSET', KEYS[1], 'sign', ARGV[2])
end
redis.call('PUBLISH', ARGV[3], 'l')
redis.call('PUBLISH', ARGV[4], 'v')
return 'turned'
"""
)

# KEYS name, group. ARGV box, lasts ms. The group lives as long as its longest name.
_PUT_AWAY: Final = Script(
    """
redis.call('HSET', KEYS[1], 'k', ARGV[1], 'n', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SADD', KEYS[2], KEYS[1])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return 1
"""
)

# KEYS name. ARGV most tries. Counted before it is judged: of any number that come at once no more than these are.
# Nothing is made where nothing is kept.
_TRY: Final = Script(
    """
local box = redis.call('HGET', KEYS[1], 'k')
if not box or redis.call('HINCRBY', KEYS[1], 'n', 1) > tonumber(ARGV[1]) then return false end
return box
"""
)

# KEYS group.
_DROP: Final = Script(
    """
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', name) end
return redis.call('DEL', KEYS[1])
"""
)


class CoverStore:
    """Every method raises `ValkeyAway` when its store does not answer."""

    def __init__(self, durable: Valkey, embers: Valkey) -> None:
        self._durable = durable
        self._embers = embers

    async def turn(self, conversation: bytes, now_ms: int, *, is_covered: bool) -> str:
        """Mark her page covered, or not. Answers `turned`, `same` when it was so already, or `over`."""
        answer: bytes = await _TURN(
            self._durable,
            keys=[keys.state(conversation)],
            args=[
                int(is_covered),
                now_ms,
                keys.staff_channel(conversation),
                keys.talk_channel(conversation),
            ],
        )
        return answer.decode()

    async def keep_word(self, conversation: bytes, mark: bytes, lasts: timedelta) -> None:
        """Keep the mark of her word; it takes the place of an earlier one."""
        await self._embers.set(_word(conversation), mark, px=_ms(lasts))

    async def word(self, conversation: bytes) -> bytes | None:
        """The mark of her word, or None where she chose none."""
        return cast("bytes | None", await self._embers.get(_word(conversation)))

    async def put_away(self, name: bytes, conversation: bytes, box: bytes, lasts: timedelta) -> None:
        """Keep a token's box under the hash of a page's name."""
        await _PUT_AWAY(self._embers, keys=[_name(name), _group(conversation)], args=[box, _ms(lasts)])

    async def kept(self, name: bytes) -> bytes | None:
        """The box; None for a name under which nothing is."""
        field: Any = "k"
        return cast("bytes | None", await self._embers.hget(_name(name), field))

    async def try_once(self, name: bytes) -> bytes | None:
        """The box, for one more word to be tried on it; None where nothing is, and after as many as may be tried."""
        return cast("bytes | None", await _TRY(self._embers, keys=[_name(name)], args=[MOST_TRIES]))

    async def bring_out(self, conversation: bytes) -> None:
        """She is back: the names of her covered pages open nothing any more. Her word stays hers."""
        await _DROP(self._embers, keys=[_group(conversation)])

    async def drop(self, conversation: bytes) -> None:
        """Forget every name, and her word."""
        # One after the other: in a cluster of stores the two may lie apart.
        await self.bring_out(conversation)
        await self._embers.delete(_word(conversation))


def _word(conversation: bytes) -> bytes:
    return b"cw:" + conversation


def _name(name: bytes) -> bytes:
    return b"cv:" + name


def _group(conversation: bytes) -> bytes:
    return b"cg:" + conversation


def _ms(lasts: timedelta) -> int:
    return max(1, int(lasts.total_seconds() * 1000))
