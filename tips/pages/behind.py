"""The pages behind the newest: what she typed stands on none of them once she has gone on, or left."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from portal.errors import Away
from portal.services import Services
from portal.store.passes import LASTS
from tips.drafts import Drafts
from tips.intake import Filing
from tips.pages import carried
from tips.pages.carried import FormAgain

# A person waits for the page that follows, not for what is tidied up behind it.
AT_ONCE_S: Final = 1.0
AGAIN_S: Final = 0.5
LATE_AT_MOST: Final = 200  # in one process; what is beyond runs out by itself within the minute


class Behind:
    """Destroys what an address that is past could still open."""

    def __init__(self, services: Services, drafts: Drafts) -> None:
        self._services = services
        self._drafts = drafts
        self._late: asyncio.Queue[tuple[float, Callable[[], Awaitable[None]]]] = asyncio.Queue(LATE_AT_MOST)

    async def leave(self, token: str) -> None:
        """Destroy what a leaving page could still open by this token: its form and the one before, or every page of its
        tip. Raises ValkeyAway."""
        opened = await self._services.passes.open(token, carried.NOTE)
        if opened is None:
            return
        page = carried.decode_note(opened)
        if isinstance(page, FormAgain):
            await self._services.passes.spend(page.before, carried.NOTE)
            await self._services.passes.spend(token, carried.NOTE)
        else:
            await self._services.passes.drop(Filing.decode(page.filing).visit.group)

    async def sent(self, before: str, start_token: str) -> None:
        """The form that stood on this page was sent: neither it nor the copy of what was typed stays. Never raises."""

        async def tidies() -> None:
            await self.leave(before)
            await self._drafts.is_sent(start_token)

        await self._now_or_later(tidies)

    async def again(self, before: str) -> None:
        """The form stands on a new page: what she typed stays on one page before it, and on no other. Never raises."""

        async def tidies() -> None:
            opened = await self._services.passes.open(before, carried.NOTE)
            page = None if opened is None else carried.decode_note(opened)
            if isinstance(page, FormAgain):
                await self._services.passes.spend(page.before, carried.NOTE)

        await self._now_or_later(tidies)

    async def run(self) -> None:
        """Lives as long as the process: does what a store that was away held up, until it has run out by itself."""
        while True:
            ends, tidies = await self._late.get()
            while asyncio.get_running_loop().time() < ends:
                try:
                    await tidies()
                    break
                except Away:
                    await asyncio.sleep(AGAIN_S)

    async def _now_or_later(self, tidies: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(AT_ONCE_S):
                await tidies()
        except (Away, TimeoutError):
            if not self._late.full():
                self._late.put_nowait((asyncio.get_running_loop().time() + LASTS.total_seconds(), tidies))
