"""The open desk of somebody who only joins as a guest: she can be asked for, and is shown where she was let in."""

from chat.aliases import Aliases
from chat.aside import Aside
from chat.company import Company
from chat.duty import Duty, OpenedCards
from chat.protocol.server import QueueSnapshot
from chat.relay import Relay
from portal.staff.sessions.session import Signed


class GuestDuty(Duty):
    """No queue, no shift, no conversation of her own: only that she is there. Every act raises `ValkeyAway`."""

    async def is_here(self, signed: Signed) -> bool:
        """She can be asked for from now on, for as long as her desk is heard. She takes no conversations."""
        await self.guests_there.is_here(signed.staff_id, self._relay.now_ms())
        return False

    async def depart(self, signed: Signed) -> None:
        """She signed out."""
        await self.guests_there.is_gone(signed.staff_id)

    async def at_her_desk(self, _signed: Signed) -> list[bytes]:
        """Nothing is hers: where she was let in she comes in by a press."""
        return []

    async def snapshot(self, signed: Signed, _opened: OpenedCards) -> QueueSnapshot:
        """Where a visitor said yes to her, and what the door says: of those who wait she is told nothing."""
        return QueueSnapshot(
            waiting=[],
            total=0,
            ready=False,
            capacity=0,
            mine=[],
            heard=not await self.echo.is_unheard(),
            watchable=await Company(self._relay).watchable(signed, Aliases(self.called), self.calls),
            **await self.door(),
        )


class GuestAside(Aside):
    """Locked, she is not asked for; that she is there is said again by the desk she opens."""

    def __init__(self, relay: Relay) -> None:
        super().__init__(relay)
        self._there = relay.access.people.guests_there

    async def set_aside(self, signed: Signed) -> None:
        """Nobody asks for her now."""
        await self._there.is_gone(signed.staff_id)

    async def take_up(self, signed: Signed) -> None:
        """Her desk says so itself."""

    async def is_called(self, _signed: Signed) -> bool:
        """Nobody who waits is hers to take."""
        return False
