"""The house comes to itself as a visitor does: each hour it begins a chat over its own lines, answers it and ends it.

The echo (chat/echo.py) asks whether words travel through stores and channels. This asks whether somebody who presses
Start now would be heard: the page, the start, the socket, the queue, the take, the answer, the end. It is a chat apart
(chat/apart.py): no queue, place or count of the people's holds it, and its own hand alone can take it.
"""

import asyncio
import contextlib
import logging
from typing import Final

from chat.apart import Apart
from chat.canary_hand import HAND, OwnKindling, begin_hand
from chat.canary_walk import NotThrough, Walk
from chat.retention import Sweeper
from chat.store import keys
from chat.store.echo import TELLS_AT, EchoStore
from portal.errors import PorchlightError
from portal.ids import from_text
from portal.services import Services
from portal.store.valkey import ValkeyAway

NAME: Final = "walk"
FIRST_MS: Final = 10 * 60_000  # a house that comes up is not told ill of
CLAIM_MS: Final = 150_000  # whoever walks has so long; a process that dies over it leaves it to the next
AGAIN_MS: Final = 60_000  # after one that did not come through
WITHIN_S: Final = 90.0
LOOK_EVERY_S: Final = 10.0
TELLS_AGAIN_EVERY: Final = 30
ABOUT: Final = b"canary"

_log = logging.getLogger("porchlight.chat.canary")


class Canary:
    """One in each process: whichever finds that it is time walks, and all of them know whether it came through."""

    def __init__(self, services: Services) -> None:
        self.apart = Apart(services, NAME)
        self.apart.relay.kindling = OwnKindling(self.apart)
        self._services = services
        self._store = EchoStore(services.durable)
        self._sweeper = Sweeper(self.apart.relay)
        self._walk = Walk(self.apart)
        self._alerts = services.alerts
        self._in_vain_here = 0  # without a store nobody counts but this process
        self._is_unheard = False

    @property
    def is_unheard(self) -> bool:
        """Whether the house does not hear itself, by this chat or by its echo: the bar on every page of the desk."""
        return self._is_unheard or self._in_vain_here >= TELLS_AT

    async def run(self) -> None:
        """Walk when it is time, for as long as the process lives."""
        is_first = True
        while True:
            try:
                every_ms = self._services.now.own_chat_minutes * 60_000
                if is_first:
                    await self._store.begins_in(min(FIRST_MS, every_ms) or FIRST_MS)
                elif every_ms and await self._store.walk_is_mine(CLAIM_MS):
                    await self.look(every_ms)
                elif not every_ms:
                    await self._store.came_through(FIRST_MS)  # switched off: nothing of an earlier failure stays
                is_first = False
                self._is_unheard = await self._store.is_unheard()
            except ValkeyAway:
                pass  # the walk in vain was counted; a store that is away for long calls by itself
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self, every_ms: int) -> bool:
        """Walk once, and tell when it did not come through twice in a row; whether it did. Raises `ValkeyAway`.

        A house that has not opened its doors has no chat to try. It is counted as in vain before it begins, so that a
        process that stands still over it, or dies, was in vain too.
        """
        if not (await self._services.opening.facts()).is_open:
            await self._store.came_through(every_ms)
            return True
        self._in_vain_here += 1
        times = await self._store.walks()
        if times > TELLS_AT:
            await self._tell(times)  # two before this one never came back to say
        why = await self._walked()
        if why is None:
            self._in_vain_here = 0
            await self._store.came_through(every_ms)
            await self._alerts.settle("unheard", ABOUT)
        else:
            _log.error("own_chat_in_vain why=%s times=%d", why, times)
            await self._store.walk_again_in(AGAIN_MS)
            if times >= TELLS_AT:
                await self._tell(times)
        self._is_unheard = await self._store.is_unheard()
        return why is None

    async def _tell(self, times: int) -> None:
        if await self._store.got_lost() or times % TELLS_AGAIN_EVERY == 0:
            await self._alerts.raise_("unheard", ABOUT)

    async def _walked(self) -> str | None:
        """None where it came through; else on which part of the way it got lost, in one dull word."""
        conversation = b""
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._clear()
                door, hand = await begin_hand(self.apart)
                conversation = from_text(await self._walk.through(door, hand), 16)
                await self._clear()
                if await self.apart.relay.talks.facts(conversation) is not None:
                    return "erasing"
                if await self._services.embers.get(keys.ember(conversation)) is not None:
                    return "ember"
        except NotThrough as lost:
            return str(lost)
        except TimeoutError:
            return "time"
        except PorchlightError as error:
            return type(error).__name__
        finally:
            with contextlib.suppress(ValkeyAway):
                await self._services.embers.delete(HAND)
        return None

    async def _clear(self) -> None:
        """Nothing of an earlier walk is left, whatever became of the process that was on it."""
        relay = self.apart.relay
        far_ms = relay.now_ms() + 10**10
        for conversation in {*await relay.unfinished.unseen(far_ms), *await relay.unfinished.over(far_ms)}:
            await relay.ending.erase(conversation)
        await self._sweeper.sweep()
