"""Asks visitors who have fallen silent whether they are still there, and ends what nobody is in any more."""

from typing import Final

from chat.clocks import judge
from chat.message import NO_KEY, NOBODY, Entry
from chat.refusals import Refusal
from chat.relay import Relay
from chat.store.clocks import Looked
from chat.sweeps.ahead import AheadSweep

LOOKED_AT_EVERY_MS: Final = 30_000  # so late a clock may be
AT_ONCE: Final = 200
ROUNDS: Final = 5


class QuietSweep:
    """Any process may do it, several at once, and again after a kill: what has stirred meanwhile is left alone."""

    def __init__(self, relay: Relay, ahead: AheadSweep) -> None:
        self._relay = relay
        self._ahead = ahead
        self._clocks = relay.clocks

    async def sweep(self, now_ms: int) -> None:
        """Look at those that are due. Raises `ValkeyAway`."""
        for _ in range(ROUNDS):
            due = await self._clocks.due(now_ms, now_ms + LOOKED_AT_EVERY_MS, AT_ONCE)
            if due:
                for conversation, looked in zip(due, await self._clocks.look(due), strict=True):
                    await self._do(conversation, looked, now_ms)
            if len(due) < AT_ONCE:
                return

    async def _do(self, conversation: bytes, looked: Looked, now_ms: int) -> None:
        if looked.life is None:
            # A kill came between an end and its last step; or nothing of it is there.
            await self._finish(conversation, looked.how or "end")
            return
        if await self._ahead.settles(conversation, now_ms):
            return  # what was read of it is not so any more; it is looked at again
        verdict = judge(now_ms, looked.life, self._relay.services.now.silent_minutes)
        if verdict == "ask":
            asked = Entry("system", NOBODY, NO_KEY, "asked", 0, b"")
            await self._clocks.ask(conversation, asked, looked.stamp, now_ms)
        elif verdict != "wait":
            closing = Entry("system", NOBODY, NO_KEY, "closed", 0, verdict.encode())
            if await self._clocks.end(conversation, closing, verdict, looked.stamp, now_ms):
                await self._finish(conversation, verdict)

    async def _finish(self, conversation: bytes, how: str) -> None:
        try:
            await self._relay.ending.finish(conversation, how, None)
        except Refusal:
            return  # nothing is there any more: the act itself has cleared what named it
