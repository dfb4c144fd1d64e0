"""What an advocate is asked before she signs out: whom she holds, and whether newcomers would wait for nobody."""

from chat.duty import Duty
from chat.refusals import HoldsSomebody, LastOne
from chat.relay import Relay
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed


class Going:
    """The way out of a shift from any page of the desk: the question of "off", asked by the same script."""

    def __init__(self, duty: Duty, relay: Relay) -> None:
        self._duty = duty
        self._relay = relay

    async def go_off(self, signed: Signed, knows: bool, closes: int) -> tuple[str, ...]:
        """What she is asked, or nothing: then she is off, and whom she held waits at the front. Raises ValkeyAway."""
        if not signed.may(Right.TAKE_CHATS):
            return ()
        try:
            await self._duty.turn(signed, "off", knows=knows, closes=closes)
        except HoldsSomebody:
            return ("holding", "last_one") if await self._duty.is_last(signed) else ("holding",)
        except LastOne:
            return ("last_one",)
        await self._duty.depart(signed)
        return ()
