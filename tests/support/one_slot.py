"""Holds every script and transaction of a test to one slot of a Cluster, on whichever store it runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from portal.store.asked import Command
from portal.store.asking import Asker
from portal.store.slots import SCRIPTS, one_slot, word_of


class OneSlot(Asker):
    """Asks as the asker it was given, once it is sure that a Cluster would answer too. Raises CrossesSlots."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.is_sharded, self.tells_later = asker.is_sharded, asker.tells_later

    async def ask(self, command: Command, *, tells: bool = False) -> Any:
        if word_of(command) in SCRIPTS:
            one_slot([command])
        return await self._asker.ask(command, tells=tells)

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        return await self._asker.ask_all(commands)

    async def ask_whole(self, commands: Sequence[Command]) -> list[Any]:
        one_slot(commands)
        return await self._asker.ask_whole(commands)

    async def tell(self, told: Sequence[Any]) -> None:
        await self._asker.tell(told)

    def every_key(self) -> AsyncIterator[bytes]:
        return self._asker.every_key()

    async def aclose(self) -> None:
        await self._asker.aclose()
