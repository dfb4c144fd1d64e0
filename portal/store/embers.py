"""The ember store: small secrets that live in memory only and make an ending an ending."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, cast

from portal.store.valkey import Valkey

SECRET_BYTES: Final = 32
_OVER: Final = 3  # how often it is written over: after the second time its first places have been taken
_OVER_AT_MOST: Final = 10
_OVER_LASTS: Final = timedelta(minutes=1)  # should the delete never come


class Embers:
    """Keys with a time to live in a Valkey that has no disk. What is deleted here is gone, for everyone.

    Keys are hashes or random ids made by the caller, never a secret itself. Every method raises
    ``ValkeyAway`` when the store does not answer.
    """

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def put(self, key: bytes, value: bytes, lasts: timedelta) -> None:
        """Keep ``value`` under ``key`` for ``lasts``; replaces what was there."""
        await self._client.set(key, value, px=_milliseconds(lasts))

    async def put_new(self, key: bytes, value: bytes, lasts: timedelta) -> bool:
        """Keep ``value`` only if ``key`` holds nothing. True when this call was the one that kept it.

        Never true twice; an answer lost on the way can make it false although this call kept it.
        """
        return bool(await self._client.set(key, value, px=_milliseconds(lasts), nx=True))

    async def get(self, key: bytes) -> bytes | None:
        """What ``key`` holds, or None."""
        return cast("bytes | None", await self._client.get(key))

    async def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """What each of ``keys`` holds, asked at once."""
        return cast("list[bytes | None]", await self._client.mget(list(keys))) if keys else []

    async def take(self, key: bytes) -> bytes | None:
        """What ``key`` holds, removed in the same step: of two who ask, one gets it."""
        return cast("bytes | None", await self._client.getdel(key))

    async def delete(self, *keys: bytes) -> None:
        """Forget ``keys``; those not there are no matter."""
        if keys:
            await self._client.delete(*keys)

    async def quench(self, key: bytes, *, size: int = SECRET_BYTES) -> None:
        """Forget a secret of `size` bytes so that the store's memory holds it no more, as far as that can be done.

        A plain delete gives its place back as it is, and it stands there until something else needs the place: tried,
        20 of 20 keys were still to be read. A value of the same size takes the very place that was given back last; a
        random one, so that whoever comes in between seals nothing under what anybody knows. It comes by a command like
        the one that put the secret, with a time of its own: of the last one that was put, the store keeps a second copy
        where only such a command writes (tried: without a time, that copy was there in 15 of 15). And each asks for
        what was there, so that the answer to whoever read the secret last is written over too (tried: else there in 89
        of 90). A connection of another process that read it keeps its last answer until its next ones.
        """
        over, again = b"", _OVER
        for _ in range(_OVER_AT_MOST):
            was, over = over, secrets.token_bytes(size)
            found = await self._client.set(key, over, xx=True, get=True, px=_milliseconds(_OVER_LASTS))
            # Somebody put a word behind it meanwhile, and the secret back with it: from the beginning.
            again = again - 1 if not was or found in (was, over) else _OVER
            if found is None or not again:
                break
        await self._client.delete(key)

    async def extend(self, key: bytes, lasts: timedelta) -> bool:
        """Let ``key`` last for ``lasts`` from now. False when it is not there."""
        return bool(await self._client.pexpire(key, _milliseconds(lasts)))

    async def mark(self, key: bytes, word: bytes, *, size: int) -> bool:
        """Put ``word`` behind a value of ``size`` bytes, which lasts as long as before; it cannot be lost alone.

        False when the value is not there, or marked already. Not by a script: its copies of the value would stay in the
        store, wherever that has put them, after the value was quenched (tried: five or six in 90 of 90).
        """
        value = await self.get(key)
        if value is None or len(value) != size:
            return False
        was = cast("bytes | None", await self._client.set(key, value + word, xx=True, get=True, keepttl=True))
        return was is not None and len(was) == size

    async def count(self, key: bytes, by: int, lasts: timedelta) -> int:
        """Add to the number that ``key`` holds, which lasts from its beginning; answers what it is now."""
        now: int = await self._client.incrby(key, by)
        if now == by:
            await self._client.pexpire(key, _milliseconds(lasts))
        return now

    async def left(self, key: bytes) -> timedelta:
        """How long ``key`` still lasts; zero when it is not there."""
        return timedelta(milliseconds=max(0, int(await self._client.pttl(key))))


def _milliseconds(lasts: timedelta) -> int:
    return max(1, int(lasts.total_seconds() * 1000))
