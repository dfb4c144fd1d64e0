"""Reads what was said last in many conversations at once."""

from collections.abc import Sequence
from typing import Any, Final

from chat.message import SAID, Entry
from chat.store import keys
from chat.store.talk import entries
from portal.store.valkey import Valkey

LATEST: Final = 10  # among so many stand the last words, beside joinings and returns
AT_ONCE: Final = 200  # whoever says something meanwhile is answered between, and a store takes no heap of thousands


async def latest_entries(client: Valkey, conversations: Sequence[bytes]) -> list[list[Entry]]:
    """The last few messages of each, newest first, as far as the last words. Raises `ValkeyAway`."""
    latest = await _latest(client, conversations, 1)
    # Nearly always words stand last; only where something else does one has to look further back.
    further = [at for at, found in enumerate(latest) if found and found[0].kind not in SAID]
    for at, found in zip(further, await _latest(client, [conversations[at] for at in further], LATEST), strict=True):
        latest[at] = found
    return latest


async def _latest(client: Valkey, conversations: Sequence[bytes], count: int) -> list[list[Entry]]:
    found: list[list[Entry]] = []
    for first in range(0, len(conversations), AT_ONCE):
        async with client.pipeline(transaction=False) as pipe:
            for conversation in conversations[first : first + AT_ONCE]:
                pipe.xrevrange(keys.log(conversation), count=count)
            answers: list[Any] = await pipe.execute()
        found += [[entry for _, entry in entries(rows)] for rows in answers]
    return found
