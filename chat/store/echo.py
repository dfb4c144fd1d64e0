"""Keeps when the house writes to itself next, and how often in a row it did not hear itself."""

from typing import Any, Final

from chat.store import keys
from portal.store.valkey import Valkey

REMEMBERED_MS: Final = 60 * 60_000
TELLS_AT: Final = 2  # so often in a row before anybody is told: once may be a restart


class EchoStore:
    """Two keys of the desk. Every method raises `ValkeyAway` when the store does not answer."""

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
        """Whether it was not heard so often in a row that everybody is to know."""
        found: Any = await self._client.get(keys.UNHEARD)
        return int(found or 0) >= TELLS_AT
