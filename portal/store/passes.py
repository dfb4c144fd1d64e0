"""Passes: sixty-second tokens that carry what the next page must show across a 303, without a cookie.

Passes may share a thread: their first twelve bytes, which say nothing and open nothing. A thread may be marked with a
word, so that an address whose time is over can still be told from one that never was.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import cast

from portal.ids import KEY_SIZE, from_text, random_key, to_text
from portal.store.valkey import Script, Valkey, ValkeyAway
from portal.vault.errors import SealBroken
from portal.vault.sealing import open_box, seal_box, sub

LASTS = timedelta(seconds=60)

HELD_FOR = timedelta(seconds=6)  # and its last try, four at most: the shipped proxies wait 15 for all of an answer
HELD_AGAIN_S = 0.2
HELD_AT_MOST = 100  # in one process; beyond it nobody waits

THREAD_SIZE = 12

# KEYS: the pass, its group. ARGV: box, milliseconds. The group lives as long as its longest pass; those that ran out
# are taken from it, or an hour of a page that asks every few seconds would lie there in a row.
_ISSUE = Script(
    """
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if #KEYS == 2 then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  redis.call('ZADD', KEYS[2], now + ARGV[2], KEYS[1])
  if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
end
return 1
"""
)


class Passes:
    """Issues and opens passes in the ember store.

    A pass is 32 random bytes in an address. The store knows only its SHA-256, and what lies under it is sealed
    by the pass itself: a copy of the store's memory opens nothing without the address.
    """

    def __init__(self, client: Valkey) -> None:
        self._client = client
        self._holds = 0

    async def issue(
        self,
        kind: str,
        payload: bytes,
        *,
        group: bytes | None = None,
        lasts: timedelta = LASTS,
        thread: bytes = b"",
        apart: bool = False,
        is_held: bool = False,
    ) -> str:
        """A new pass of ``kind`` that opens to ``payload`` for ``lasts``, as 43 base64url characters.

        Passes of one ``group`` (a conversation's id, a tip's) can be dropped together, or all but those
        issued ``apart``. ``thread``: twelve bytes to begin with, or none; the other twenty are random in any case.
        ``is_held``: it carries what somebody typed, which stands nowhere else (no browser keeps a form of ours), so
        while the store is away she waits for it, for ``HELD_FOR``: so long another one needs to take its place.
        Raises ``ValkeyAway``.
        """
        token = thread + random_key()[len(thread) :]
        name = kind.encode("ascii")
        box = seal_box(sub(token, "pass"), "pass", bytes([len(name)]) + name + payload)
        keys = [_key(token)] if group is None else [_key(token), _group_key(group, apart=apart)]
        args: list[bytes | int] = [box, max(1, int(lasts.total_seconds() * 1000))]
        if is_held:
            await self._kept(lambda: _ISSUE(self._client, keys=keys, args=args))
        else:
            await _ISSUE(self._client, keys=keys, args=args)
        return to_text(token)

    async def _kept(self, keep: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        ends = loop.time() + HELD_FOR.total_seconds()
        try:
            return await keep()
        except ValkeyAway:
            if self._holds >= HELD_AT_MOST:
                raise
        self._holds += 1
        try:
            while True:
                await asyncio.sleep(HELD_AGAIN_S)
                try:
                    return await keep()
                except ValkeyAway:
                    if loop.time() > ends:
                        raise
        finally:
            self._holds -= 1

    async def open(self, token: str, kind: str) -> bytes | None:
        """What the pass carries, as often as it is asked until it runs out.

        None for a pass that is unknown, over, dropped, misspelt or of another kind: all alike. Raises ``ValkeyAway``.
        """
        try:
            raw = from_text(token, KEY_SIZE)
        except ValueError:
            return None
        box = cast("bytes | None", await self._client.get(_key(raw)))
        if box is None:
            return None
        try:
            content = open_box(sub(raw, "pass"), "pass", box)
        except SealBroken:
            return None
        size = content[0]
        if content[1 : 1 + size] != kind.encode("ascii"):
            return None
        return content[1 + size :]

    async def spend(self, token: str, kind: str) -> bytes | None:
        """Open a pass and drop it: of two who ask, one gets it."""
        content = await self.open(token, kind)
        if content is None or not await self._client.delete(_key(from_text(token, KEY_SIZE))):
            return None
        return content

    async def drop(self, group: bytes, *, also_apart: bool = True) -> None:
        """Drop every pass and every mark of ``group`` at once: an exit or an end leaves no address that still opens."""
        parts = [_group_key(group, apart=apart) for apart in ((False, True) if also_apart else (False,))]
        marks = _marks_key(group)
        # Twice, for a pass issued between the two lines of the first round.
        for _ in range(2):
            members = [cast("bytes", each) for part in parts for each in await self._client.zrange(part, 0, -1)]
            marked = await self._client.smembers(marks)
            await self._client.delete(*parts, marks, *members, *marked)

    async def mark(self, thread: bytes, word: str, *, lasts: timedelta, group: bytes | None = None) -> None:
        """Mark a thread with ``word`` for ``lasts``, or until its ``group`` is dropped. Raises ``ValkeyAway``."""
        key, lasts_ms = _mark_key(thread, word), max(1, int(lasts.total_seconds() * 1000))
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(key, b"1", px=lasts_ms)
            if group is not None:
                pipe.sadd(_marks_key(group), key)
                pipe.pexpire(_marks_key(group), lasts_ms)
            await pipe.execute()

    async def is_marked(self, token: str, word: str) -> bool:
        """Whether the thread this pass belongs to, or belonged to, is marked with ``word``. Raises ``ValkeyAway``."""
        try:
            raw = from_text(token, KEY_SIZE)
        except ValueError:
            return False
        return await self.has_mark(raw[:THREAD_SIZE], word)

    async def has_mark(self, thread: bytes, word: str) -> bool:
        """The same of the thread itself. Raises ``ValkeyAway``."""
        return bool(await self._client.exists(_mark_key(thread, word)))


def _key(token: bytes) -> bytes:
    return b"t:" + hashlib.sha256(token).digest()


def _group_key(group: bytes, *, apart: bool) -> bytes:
    return (b"ta:" if apart else b"tg:") + hashlib.sha256(group).digest()


def _mark_key(thread: bytes, word: str) -> bytes:
    return b"tm:" + word.encode("ascii") + b":" + hashlib.sha256(thread).digest()


def _marks_key(group: bytes) -> bytes:
    return b"ts:" + hashlib.sha256(group).digest()
