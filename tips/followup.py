"""What a reporter does who came back: reads the thread, adds words, erases it all."""

from dataclasses import dataclass, field

from portal.errors import NotThere
from portal.services import Services
from tips import parts, store
from tips.access import Visit
from tips.retention import Retention
from tips.tip import Kind, Status, Words, after_addition, open_part


@dataclass(frozen=True)
class Thread:
    """A tip as its reporter reads it. `closed` stands behind a tap, `open` in sight."""

    status: Status
    closed: tuple[Words, ...] = field(repr=False)
    open: tuple[Words, ...] = field(repr=False)


class FollowUp:
    """The acts of a visit. Nothing here counts visits or notes that there was one."""

    def __init__(self, services: Services, retention: Retention) -> None:
        self._services = services
        self._retention = retention

    async def read(self, visit: Visit) -> Thread:
        """The thread. Raises NotThere when the tip was erased meanwhile, DatabaseAway."""
        async with self._services.database.read() as connection:
            sealed = await store.read_tip(connection, visit.tip)
            kept = await store.read_parts(connection, visit.tip)
        if sealed is None:
            raise NotThere("no such tip")
        words = parts.open_words(visit.keys.words, visit.tip, kept)
        begins = open_part(words)
        return Thread(sealed.status, tuple(words[:begins]), tuple(words[begins:]))

    async def add(self, visit: Visit, text: str, part: bytes) -> None:
        """Add the reporter's words under the page's own `part` id; sent twice they are kept once.

        Raises NotThere when the tip was erased meanwhile, DatabaseAway.
        """
        now = self._services.clock.now()
        sealed = parts.seal_words(visit.keys.words, visit.tip, part, Words(Kind.ADDED, text, now))
        async with self._services.database.write() as connection:
            tip = await store.read_tip(connection, visit.tip)
            if tip is None:
                raise NotThere("no such tip")
            if await store.insert_part(connection, visit.tip, sealed):
                await store.set_status(connection, visit.tip, after_addition(tip.status))

    async def erase(self, visit: Visit) -> None:
        """Erase the tip, its words and its keys, and every pass that could still show them. Safe to do twice."""
        await self._retention.erase(visit.tip)
        await self._services.passes.drop(visit.group)
