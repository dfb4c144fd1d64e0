"""Sets an advocate aside while her desk is locked: nobody new is promised her, and her shift goes on."""

from chat.relay import Relay
from portal.staff.sessions.session import Signed


class Aside:
    """Each act may be done twice. Every act raises `ValkeyAway` when the store does not answer."""

    def __init__(self, relay: Relay) -> None:
        self._shifts = relay.shifts

    async def set_aside(self, signed: Signed) -> None:
        """She takes nobody for now, whatever her state: it stands."""
        await self._shifts.set_aside(signed.staff_id)

    async def take_up(self, signed: Signed) -> None:
        """She takes conversations again, if her state says so."""
        await self._shifts.take_up(signed.staff_id)

    async def is_called(self, signed: Signed) -> bool:
        """Whether she would take somebody, were her desk not locked: it calls, and she can open it again."""
        return await self._shifts.is_set_aside(signed.staff_id)
