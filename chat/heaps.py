"""Marks what somebody says who waits in a surge, so that like lines make one heap; the line itself is kept nowhere."""

import contextlib
from datetime import timedelta
from typing import Final

from chat.likeness import likeness_mark, says_much
from chat.store import keys
from chat.store.desk import DeskStore
from portal.errors import Away
from portal.ids import random_key
from portal.store.embers import Embers

KEY_LASTS: Final = timedelta(hours=6)  # lines marked under two keys are not alike; a surge is seldom longer


class Heaps:
    """Marks lines under a key that only the store without a disk knows, and that ends with it."""

    def __init__(self, desk: DeskStore, embers: Embers) -> None:
        self._desk = desk
        self._embers = embers

    async def said(self, conversation: bytes, line: str) -> None:
        """She said this while there is a surge. A store that is away leaves her without a mark: a heap of her own."""
        with contextlib.suppress(Away):
            mark = likeness_mark(await self._key(), line)
            await self._desk.surge.mark(conversation, mark, says_much=says_much(line))

    async def _key(self) -> bytes:
        key = await self._embers.get(keys.LIKENESS)
        if key is None:
            await self._embers.put_new(keys.LIKENESS, random_key(), KEY_LASTS)
            key = await self._embers.get(keys.LIKENESS)
        return key or random_key()
