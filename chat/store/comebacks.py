"""Keeps what come-back numbers open, in the store without a disk: one live number for one conversation.

r:<name>     the box under the number; `name` is a keyed hash of it
rr:<name>    what one page's use of a number gave, for as long as a lost answer may be asked for again
rs:<id>      the name of the number that outlives an exit, because its visitor asked for that
rc:<id>      set of the names above that belong to a conversation; what is not in it opens nothing

In a Cluster all of them begin with the one hash tag of the ember store (portal/store/apart.py).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from portal.store.valkey import Script, Valkey

# KEYS entry, group. ARGV box, lasts ms. The number before it goes in the same breath.
_KEEP: Final = Script(
    """
for _, name in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('DEL', name) end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SADD', KEYS[2], KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1
"""
)

# KEYS entry, repeat. ARGV half, remembered ms. The first page that comes takes it; the same page is answered again.
_TAKE: Final = Script(
    """
local kept = redis.call('GET', KEYS[2])
if kept then return kept end
local box = redis.call('GETDEL', KEYS[1])
if not box then return false end
kept = ARGV[1] .. box
redis.call('SET', KEYS[2], kept, 'PX', ARGV[2])
return kept
"""
)

# KEYS entry, repeat, group. ARGV remembered ms. Whether the number is the conversation's live one.
_CLAIM: Final = Script(
    """
if redis.call('SISMEMBER', KEYS[3], KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2])
  return 0
end
redis.call('SADD', KEYS[3], KEYS[2])
if redis.call('PTTL', KEYS[3]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[3], ARGV[1]) end
return 1
"""
)

# KEYS group.
_DROP: Final = Script(
    """
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', name) end
return redis.call('DEL', KEYS[1])
"""
)

# KEYS group, outlives. ARGV '1' or '0'. Answers for how many ms the live number still works; 0 where there is none.
_OUTLIVE: Final = Script(
    """
redis.call('DEL', KEYS[2])
redis.call('SREM', KEYS[1], KEYS[2])
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local left = redis.call('PTTL', name)
  local bare = string.gsub(name, '^{embers}', '')
  if string.sub(bare, 1, 2) == 'r:' and left > 0 then
    if ARGV[1] == '1' then
      redis.call('SET', KEYS[2], name, 'PX', left)
      redis.call('SADD', KEYS[1], KEYS[2])
    end
    return left
  end
end
return 0
"""
)

# KEYS outlives. For how many ms the number it names still works; 0 where nothing outlives an exit.
_OUTLIVES: Final = Script(
    """
local name = redis.call('GET', KEYS[1])
return name and math.max(0, redis.call('PTTL', name)) or 0
"""
)

# KEYS group. What a used number could be asked for again goes with the page that used it.
_KEEP_ONLY_LIVE: Final = Script(
    """
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local bare = string.gsub(name, '^{embers}', '')
  if string.sub(bare, 1, 2) ~= 'r:' then
    redis.call('DEL', name)
    redis.call('SREM', KEYS[1], name)
  end
end
return 1
"""
)

HALF: Final = 32  # bytes


class ComebackStore:
    """Names are hashes made by the caller under `key`; `lasts` is how long a number works at most.

    Every method raises `ValkeyAway` when the store does not answer.
    """

    def __init__(self, client: Valkey, key: bytes, lasts: Callable[[], timedelta]) -> None:
        self._client = client
        self.key = key
        self._lasts = lasts

    @property
    def lasts(self) -> timedelta:
        """How long a number works at most, as the house is set now."""
        return self._lasts()

    async def keep(self, name: bytes, conversation: bytes, box: bytes, lasts: timedelta) -> None:
        """Keep one number's box; the conversation's earlier number opens nothing from here on."""
        await _KEEP(self._client, keys=[_entry(name), _group(conversation)], args=[box, _ms(lasts)])

    async def take(self, name: bytes, repeat: bytes, half: bytes, remembered: timedelta) -> tuple[bytes, bytes] | None:
        """Use a number up: the box, and the 32 random bytes that this use is remembered by. None for all others.

        Asked again under the same `repeat` within `remembered` it answers the same, with the bytes of the first time.
        """
        kept = await _TAKE(self._client, keys=[_entry(name), _repeat(repeat)], args=[half, _ms(remembered)])
        return (kept[:HALF], kept[HALF:]) if kept else None

    async def claim(self, name: bytes, repeat: bytes, conversation: bytes, remembered: timedelta) -> bool:
        """Whether this number is still the conversation's own: neither replaced nor dropped meanwhile."""
        keys = [_entry(name), _repeat(repeat), _group(conversation)]
        return bool(await _CLAIM(self._client, keys=keys, args=[_ms(remembered)]))

    async def outlive(self, conversation: bytes, outlives: bool) -> int:
        """Whether the live number outlives an exit; answers for how many ms it still works, 0 where there is none."""
        keys = [_group(conversation), _outlives(conversation)]
        answer: int = await _OUTLIVE(self._client, keys=keys, args=[int(outlives)])
        return answer

    async def outlives(self, conversation: bytes) -> int:
        """For how many ms the number that outlives an exit still works; 0 where none does."""
        answer: int = await _OUTLIVES(self._client, keys=[_outlives(conversation)])
        return answer

    async def keep_only_live(self, conversation: bytes) -> None:
        """Forget what the use of earlier numbers left; the live one stays."""
        await _KEEP_ONLY_LIVE(self._client, keys=[_group(conversation)])

    async def drop(self, conversation: bytes) -> None:
        """Forget every number of a conversation, used or not."""
        await _DROP(self._client, keys=[_group(conversation)])


def _entry(name: bytes) -> bytes:
    return b"r:" + name


def _repeat(name: bytes) -> bytes:
    return b"rr:" + name


def _outlives(conversation: bytes) -> bytes:
    return b"rs:" + conversation


def _group(conversation: bytes) -> bytes:
    return b"rc:" + conversation


def _ms(lasts: timedelta) -> int:
    return max(1, int(lasts.total_seconds() * 1000))
