"""Changes which languages somebody reads, and has every process offer conversations by it from then on."""

import contextlib
from typing import TYPE_CHECKING, Final

from portal.errors import NotThere
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.valkey import Valkey, ValkeyAway

if TYPE_CHECKING:
    from portal.services import Services
    from portal.store.channels import Channels

CHANNEL: Final = b"staff-changed"  # hears that what is known of somebody is old; what is new, says the next reading


class StaffNews:
    """Counts how often this process heard that somebody's languages changed: whoever keeps them reads them again."""

    def __init__(self) -> None:
        self.number = 0

    async def run(self, channels: "Channels") -> None:
        """Hear it, for as long as the process lives."""
        async with channels.listen(CHANNEL) as listener:
            while True:
                await listener.next()
                self.number += 1

    async def tell(self, durable: Valkey) -> None:
        """Say so: here it counts at once, elsewhere as soon as it is heard, or within seconds where it is not."""
        self.number += 1
        with contextlib.suppress(ValkeyAway):
            await durable.publish(CHANNEL, b"s")


class Speaking:
    """The act on it."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def reads(self, signed: Signed, staff_id: bytes, languages: tuple[str, ...]) -> None:
        """She reads these, says she or an administrator. Whom she holds stays hers. Raises NotThere, DatabaseAway."""
        accounts = self._services.staff.accounts
        await accounts.ready()
        async with self._services.database.write() as connection:
            person = await accounts.person_in(connection, staff_id)
            if person is None:
                raise NotThere("nobody")
            if languages == person.languages:
                return
            await accounts.change(connection, staff_id, languages=languages)
            await audit.line(
                connection,
                at=self._services.clock.now(),
                act="staff.languages",
                staff_id=signed.staff_id,
                subject=staff_id,
            )
        await self._services.staff.news.tell(self._services.durable)
