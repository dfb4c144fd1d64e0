"""Puts the end of a talk of the house with itself before its beginning, so that no kill leaves one behind."""

from chat.store import keys
from portal.store.valkey import Valkey


class PracticeStore:
    """The one clock such a talk has: it stands in no queue, counts for nobody and is no page's."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def ends_at(self, conversation: bytes, moment_ms: int) -> None:
        """From this moment on any sweeper erases it. Raises `ValkeyAway`."""
        await self._client.zadd(keys.ENDS, {conversation: moment_ms})
