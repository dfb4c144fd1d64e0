"""Keeps what is known of a visitor's page: its newest line, whether it is in view, the last number it showed.

In the hash {c:<id>}:  line   names the newest connection
                       lost   when that one broke
                       hidden since when the page is out of view
                       shown  the last number that stood on her screen
"""

from typing import Final

from chat.presence import GONE_AFTER_MS
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS state. ARGV line, when (ms, or '' when it opens), channel, goes on (1: the same page asks again), now ms, gone
# after ms. An older line's break says nothing about a newer one; a new page is in view until it says otherwise. One
# that was gone and came back is a sign of hers, one that only blinked is none.
_MARK: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'line', 'lost')
if not s[1] or s[1] == 'erased' then return 0 end
if ARGV[2] == '' then
  if s[3] and ARGV[5] - s[3] >= tonumber(ARGV[6]) then redis.call('HSET', KEYS[1], 'sign', ARGV[5]) end
  redis.call('HSET', KEYS[1], 'line', ARGV[1])
  redis.call('HDEL', KEYS[1], 'lost')
  if ARGV[4] == '0' then redis.call('HDEL', KEYS[1], 'hidden') end
elseif s[2] == ARGV[1] then
  redis.call('HSET', KEYS[1], 'lost', ARGV[2])
else
  return 0
end
redis.call('PUBLISH', ARGV[3], 'l')
return 1
"""
)

# KEYS state. ARGV line ('': whichever is the newest), since when hidden (ms, or '': in view), channel, now ms. Only her
# newest line says how her screen stands. Hidden again it keeps its first moment.
_TURN: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'line', 'hidden')
if not s[1] or s[1] == 'ended' or s[1] == 'erased' then return 0 end
if ARGV[1] ~= '' and s[2] ~= ARGV[1] then return 0 end
if (ARGV[2] == '') == (not s[3]) then return 0 end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], 'hidden')
  redis.call('HSET', KEYS[1], 'sign', ARGV[4])
else
  redis.call('HSET', KEYS[1], 'hidden', ARGV[2])
end
redis.call('PUBLISH', ARGV[3], 'l')
return 1
"""
)

# KEYS state. ARGV number. It only ever rises.
_SHOW: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'shown')
if not s[1] or s[1] == 'erased' or tonumber(s[2] or 0) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'shown', ARGV[1])
return 1
"""
)


class LineStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def opened(self, conversation: bytes, line: bytes, now_ms: int, *, goes_on: bool) -> None:
        """Her page opened a line, named `line`. `goes_on`: the page that asked before asks again."""
        await self._mark(conversation, line, "", now_ms, goes_on=goes_on)

    async def broke(self, conversation: bytes, line: bytes, lost_ms: int) -> None:
        """That line broke; if it was her newest, her desk is told."""
        await self._mark(conversation, line, lost_ms, lost_ms)

    async def turned(self, conversation: bytes, line: bytes, now_ms: int, *, is_hidden: bool) -> None:
        """Her page went out of view or came back. `line` empty: the page speaks without a connection."""
        await _TURN(
            self._client,
            keys=[keys.state(conversation)],
            args=[line, now_ms if is_hidden else "", keys.staff_channel(conversation), now_ms],
        )

    async def shows(self, conversation: bytes, seq: int) -> None:
        """Everything up to this number has stood on her screen."""
        await _SHOW(self._client, keys=[keys.state(conversation)], args=[seq])

    async def _mark(
        self, conversation: bytes, line: bytes, when: int | str, now_ms: int, *, goes_on: bool = False
    ) -> None:
        await _MARK(
            self._client,
            keys=[keys.state(conversation)],
            args=[line, when, keys.staff_channel(conversation), int(goes_on), now_ms, GONE_AFTER_MS],
        )
