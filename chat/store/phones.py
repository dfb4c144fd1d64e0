"""Keeps the short words that lead from a chat to the phone, hashed, in the store without a disk.

w:<name>   conversation 16 | fence of the advocate who made it, 0: the visitor did; `name` is a keyed hash of the word
wc:<id>    the name of the advocate's word, so that a new one and an end find it
wv:<id>    the same of the visitor's own
wa:<name>  staff id of whoever answers the visitor's own, for as long as that takes
wm:<staff> how many words she tried of late that were none
"""

from datetime import timedelta
from typing import Any, Final

from chat.conversation import NO_FENCE
from portal.store.valkey import Script, Valkey

MOST_MISSES: Final = 10
MISSES_LAST: Final = timedelta(minutes=10)
ANSWERING_LASTS: Final = timedelta(seconds=30)

# KEYS word, group. ARGV value, lasts ms. The word before it goes; a name that another conversation has is not taken.
_KEEP: Final = Script(
    """
local was = redis.call('GET', KEYS[2])
if was then redis.call('DEL', was) end
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], KEYS[1], 'PX', ARGV[2])
return 1
"""
)

# KEYS misses. ARGV lasts ms.
_MISS: Final = Script(
    """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n
"""
)

# KEYS group.
_DROP: Final = Script(
    """
local was = redis.call('GETDEL', KEYS[1])
return was and redis.call('DEL', was) or 0
"""
)


class PhoneStore:
    """Names are made by the caller under `key`. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey, key: bytes) -> None:
        self._client = client
        self.key = key

    async def keep(self, name: bytes, conversation: bytes, fence: int, lasts: timedelta) -> bool:
        """Keep a conversation's one word of an advocate's, or (NO_FENCE) of the visitor's. False: another has it."""
        value = conversation + b"%d" % fence
        lasts_ms = max(1, int(lasts.total_seconds() * 1000))
        group = _group(conversation) if fence != NO_FENCE else _hers(conversation)
        return bool(await _KEEP(self._client, keys=[_word(name), group], args=[value, lasts_ms]))

    async def peek(self, name: bytes) -> tuple[bytes, int] | None:
        """The conversation and the fence a word stands for, or None."""
        value: Any = await self._client.get(_word(name))
        return (value[:16], int(value[16:])) if value else None

    async def answers(self, name: bytes, staff_id: bytes) -> bytes:
        """She answers it now. Tells who does: of two who hear one word one is the first."""
        lasts_ms = int(ANSWERING_LASTS.total_seconds() * 1000)
        was: Any = await self._client.set(_answering(name), staff_id, nx=True, px=lasts_ms, get=True)
        return was or staff_id

    async def answered_not(self, name: bytes) -> None:
        """Nothing came of it: it is anybody's to answer."""
        await self._client.delete(_answering(name))

    async def spend(self, name: bytes) -> None:
        """It was used: forget it."""
        await self._client.delete(_word(name))

    async def is_out(self, conversation: bytes) -> bool:
        """Whether a word the advocate made for this conversation still works."""
        name: Any = await self._client.get(_group(conversation))
        return name is not None and bool(await self._client.exists(name))

    async def misses(self, staff_id: bytes) -> int:
        """How many words she tried of late that were none."""
        return int(await self._client.get(_misses(staff_id)) or 0)

    async def missed(self, staff_id: bytes) -> None:
        """She tried one more."""
        await _MISS(self._client, keys=[_misses(staff_id)], args=[int(MISSES_LAST.total_seconds() * 1000)])

    async def take_back(self, conversation: bytes) -> None:
        """Forget the word the advocate made."""
        await _DROP(self._client, keys=[_group(conversation)])

    async def take_back_hers(self, conversation: bytes) -> None:
        """Forget the word the visitor made."""
        await _DROP(self._client, keys=[_hers(conversation)])

    async def drop(self, conversation: bytes) -> None:
        """Forget every word of it."""
        await self.take_back(conversation)
        await self.take_back_hers(conversation)


def _word(name: bytes) -> bytes:
    return b"w:" + name


def _answering(name: bytes) -> bytes:
    return b"wa:" + name


def _group(conversation: bytes) -> bytes:
    return b"wc:" + conversation


def _hers(conversation: bytes) -> bytes:
    return b"wv:" + conversation


def _misses(staff_id: bytes) -> bytes:
    return b"wm:" + staff_id
