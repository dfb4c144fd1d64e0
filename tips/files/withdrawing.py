"""Erases one file for its sender, on coming back; where it is frozen she is told the same, in the same time."""

import asyncio
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.services import Services
from tips.access import Visit
from tips.files import card as cards, store
from tips.files.access import file_for_visit
from tips.files.holding import is_held
from tips.files.kinds import Sort
from tips.files.showing import sort_of
from tips.files.store import State, StoredFile
from tips.files.tables import tip_file_keys
from tips.files.uploads import Uploads
from tips.parts import day_of
from tips.retention import Retention

# Taking away many pieces lasts longer than marking one card. Whoever waits a whole number of these learns neither.
STEP_SECONDS: Final = 1.0


@dataclass(frozen=True)
class OwnFile:
    """One of her files, as her page lists it."""

    id: bytes
    at: datetime
    sort: Sort


class Withdrawing:
    """The acts of a reporter on files that have come."""

    def __init__(self, services: Services, uploads: Uploads, retention: Retention) -> None:
        self._services = services
        self._uploads = uploads
        self._retention = retention

    async def hers(self, visit: Visit) -> list[OwnFile]:
        """Her whole files, the first one first, without those she has erased. Raises DatabaseAway."""
        async with self._services.database.read() as connection:
            files = await store.of_tip(connection, visit.tip)
        opened = [(file.id, cards.open_card(visit.keys.words, file)) for file in files if file.state is State.READY]
        own = [OwnFile(name, card.at, sort_of(card.kind)) for name, card in opened if not card.is_withdrawn]
        return sorted(own, key=lambda file: file.at)

    async def withdraw(self, visit: Visit, file_id: bytes) -> None:
        """Erase one file: when this returns it opens for nobody, whatever a disk or a backup still holds of it.

        One that is frozen, or of a tip that is held, stays on the desk's side and goes when that ends. Nothing
        tells them apart, nor one that was erased before. Raises NotThere for another tip's, DatabaseAway.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with self._services.database.write() as connection:
            file = await file_for_visit(connection, visit, file_id)
            # Both are asked whatever the first says: by what is asked, nobody sees which it was.
            stay, is_frozen = (await self._retention.holds.read(connection)).stay, await is_held(connection, file_id)
            if file is not None and (is_frozen or visit.tip in stay):
                await _mark(connection, visit, file)
            elif file is not None:
                await store.erase_for_good(connection, file_id, day_of(self._services.clock.now()))
        await self._uploads.forget_salt(file_id)
        await self._retention.empty_the_log(tip_file_keys)
        await asyncio.sleep(_until_the_next_step(loop.time() - began))


async def _mark(connection: AsyncConnection, visit: Visit, file: StoredFile) -> None:
    card = msgspec.structs.replace(cards.open_card(visit.keys.words, file), is_withdrawn=True)
    sealed = cards.seal_card(visit.keys.words, visit.tip, file.id, file.revision + 1, card)
    await store.settle(connection, file.settled(sealed))


def _until_the_next_step(seconds: float) -> float:
    return math.ceil(max(seconds, 0.001) / STEP_SECONDS) * STEP_SECONDS - seconds
