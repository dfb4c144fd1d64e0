"""Keeps when the house writes to itself next, and how often in a row it did not hear itself."""

from typing import Any, Final

from chat.store import keys
from portal.store.valkey import Valkey

REMEMBERED_MS: Final = 60 * 60_000
LOST_MS: Final = 24 * 60 * 60_000
TELLS_AT: Final = 2  # so often in a row before anybody is told: once may be a restart


class EchoStore:
    """A few keys of the desk. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def is_mine(self, next_in_ms: int) -> bool:
        """Whether it is due, and this process the one that does it. A kill leaves it to whoever looks then."""
        return bool(await self._client.set(keys.ECHO, b"1", nx=True, px=next_in_ms))

    async def again_in(self, ms: int) -> None:
        """Do it again sooner, whoever does."""
        await self._client.set(keys.ECHO, b"1", px=ms)

    async def ask(self, conversation: bytes) -> int:
        """Ask every process to say the words; how many listen, the asking one among them."""
        return int(await self._client.publish(keys.ECHO_CHANNEL, conversation))

    async def heard(self) -> None:
        """It was heard."""
        await self._client.delete(keys.UNHEARD)

    async def not_heard(self) -> int:
        """It was not; how often by now."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.incr(keys.UNHEARD)
            pipe.pexpire(keys.UNHEARD, REMEMBERED_MS)
            many, _ = await pipe.execute()
        return int(many)

    async def is_unheard(self) -> bool:
        """Whether the house did not hear itself so often in a row, in either way, that everybody is to know."""
        names: list[Any] = [keys.UNHEARD, keys.LOST]
        unheard, lost = await self._client.mget(names)
        return int(unheard or 0) >= TELLS_AT or lost is not None

    # The chat the house holds with itself

    async def begins_in(self, ms: int) -> None:
        """The first one is so far away, where none is waited for yet."""
        await self._client.set(keys.WALK, b"1", nx=True, px=ms)

    async def walk_is_mine(self, within_ms: int) -> bool:
        """Whether it is time, and this process the one to do it; whoever says nothing by then leaves it to the next."""
        return bool(await self._client.set(keys.WALK, b"1", nx=True, px=within_ms))

    async def walk_again_in(self, ms: int) -> None:
        """It is time again then."""
        await self._client.set(keys.WALK, b"1", px=ms)

    async def walks(self) -> int:
        """One begins: the how manieth that has not come through yet."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.incr(keys.WALKS)
            pipe.pexpire(keys.WALKS, LOST_MS)
            many, _ = await pipe.execute()
        return int(many)

    async def got_lost(self) -> bool:
        """Everybody is to know; whether nobody had said so before."""
        return bool(await self._client.set(keys.LOST, b"1", nx=True, px=LOST_MS))

    async def came_through(self, next_in_ms: int) -> None:
        """It did; it is time again then."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(keys.WALKS, keys.LOST)
            pipe.set(keys.WALK, b"1", px=next_in_ms)
            await pipe.execute()
