"""Reads what was said last in many conversations at once."""

from collections.abc import Sequence
from typing import Any, Final

from chat.message import Entry
from chat.store import keys
from chat.store.talk import entries
from portal.store.valkey import Valkey

LATEST: Final = 10  # among so many stand the last words, beside joinings and returns


async def latest_entries(client: Valkey, conversations: Sequence[bytes]) -> list[list[Entry]]:
    """The last few messages of each, newest first. Raises `ValkeyAway`."""
    if not conversations:
        return []
    async with client.pipeline(transaction=False) as pipe:
        for conversation in conversations:
            pipe.xrevrange(keys.log(conversation), count=LATEST)
        answers: list[Any] = await pipe.execute()
    return [[entry for _, entry in entries(rows)] for rows in answers]
