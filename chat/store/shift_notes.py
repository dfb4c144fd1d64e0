"""Keeps what one shift leaves for the next: sealed, until somebody has read it and a day has gone, and never for long.

{desk}:note:<id>   hash   s: the seal; r<staff id>: she has read it, or wrote it. Goes by itself
{desk}:notes       zset   note -> until when it is there
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chat.store import keys
from portal.errors import PorchlightError
from portal.store.valkey import Script, Valkey

UNREAD: Final = timedelta(days=7)  # across one change of the chat's key, at which it is sealed again
AFTER: Final = timedelta(days=1)  # from the first reading by somebody else on
MOST: Final = 40

# KEYS notes, note. ARGV note, seal, writer's field, lasts ms, now ms, most. 0 where there are as many already. Its key
# goes by the store's own clock, the list by the house's: whichever is first.
_WRITE: Final = Script(
    """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[5])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[6]) then return 0 end
redis.call('HSET', KEYS[2], 's', ARGV[2], ARGV[3], '1')
redis.call('PEXPIRE', KEYS[2], ARGV[4])
redis.call('ZADD', KEYS[1], tonumber(ARGV[5]) + tonumber(ARGV[4]), ARGV[1])
return 1
"""
)

# KEYS notes, note. ARGV note, reader's field, lasts ms, now ms. Both clocks only ever come nearer.
_READ: Final = Script(
    """
if redis.call('EXISTS', KEYS[2]) == 0 or redis.call('HSETNX', KEYS[2], ARGV[2], '1') == 0 then return 0 end
redis.call('PEXPIRE', KEYS[2], ARGV[3], 'LT')
redis.call('ZADD', KEYS[1], 'XX', 'LT', tonumber(ARGV[4]) + tonumber(ARGV[3]), ARGV[1])
return 1
"""
)

# KEYS note. ARGV the seal as it was read, the seal from now on. The clocks stay; a note that went, or was sealed again
# by somebody else, is left as it is.
_SEAL_AGAIN: Final = Script(
    """
if redis.call('HGET', KEYS[1], 's') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 's', ARGV[2])
return 1
"""
)


class TooManyNotes(PorchlightError):
    """The next shift has enough to read."""

    phrase = "deskshift.too_many"
    status = 409


@dataclass(frozen=True, slots=True)
class KeptNote:
    """One note as it lies there."""

    id: bytes
    sealed: bytes
    readers: frozenset[bytes]  # whoever wrote it among them
    until_ms: int


class ShiftNoteStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def write(self, note: bytes, sealed: bytes, writer: bytes, now_ms: int) -> None:
        """Leave it. Under the same name it is left once. Raises TooManyNotes."""
        names = [keys.SHIFT_NOTES, keys.shift_note(note)]
        if not await _WRITE(self._client, keys=names, args=[note, sealed, b"r" + writer, _ms(UNREAD), now_ms, MOST]):
            raise TooManyNotes

    async def read(self, note: bytes, reader: bytes, now_ms: int) -> bool:
        """She has read it; whether that is new."""
        names = [keys.SHIFT_NOTES, keys.shift_note(note)]
        return bool(await _READ(self._client, keys=names, args=[note, b"r" + reader, _ms(AFTER), now_ms]))

    async def all(self, now_ms: int) -> list[KeptNote]:
        """Every note there is, the one that goes first first."""
        rows: Any = await self._client.zrange(
            keys.SHIFT_NOTES, str(now_ms), "+inf", byscore=True, withscores=True, offset=0, num=MOST
        )
        async with self._client.pipeline(transaction=False) as pipe:
            for note, _ in rows:
                pipe.hgetall(keys.shift_note(note))
            found: list[dict[bytes, bytes]] = await pipe.execute()
        return [
            KeptNote(note, held[b"s"], frozenset(name[1:] for name in held if name[:1] == b"r"), int(until_ms))
            for (note, until_ms), held in zip(rows, found, strict=True)
            if b"s" in held
        ]

    async def seal_again(self, note: bytes, before: bytes, sealed: bytes) -> None:
        """Put another seal in the place of this one."""
        await _SEAL_AGAIN(self._client, keys=[keys.shift_note(note)], args=[before, sealed])

    async def unread(self, reader: bytes, now_ms: int) -> int:
        """How many of them she has not read."""
        notes: Any = await self._client.zrange(keys.SHIFT_NOTES, str(now_ms), "+inf", byscore=True)
        if not notes:
            return 0
        async with self._client.pipeline(transaction=False) as pipe:
            for note in notes:
                pipe.hmget(keys.shift_note(note), [b"s", b"r" + reader])
            found: list[list[bytes | None]] = await pipe.execute()
        return sum(sealed is not None and read is None for sealed, read in found)


def _ms(time: timedelta) -> int:
    return int(time.total_seconds() * 1000)
