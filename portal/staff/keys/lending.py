"""Lends the keys of somebody who is signed in to work behind the desk's pages: one session at a time in a process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from portal.errors import PorchlightError
from portal.staff.sessions.session import Signed

_log = logging.getLogger("porchlight.staff")


class Lending:
    """A queue of one. Keys are held while a piece of work lasts; what is offered meanwhile is not kept waiting with it.

    Work that lasts asks `Sessions.stands` before each of its steps.
    """

    def __init__(self) -> None:
        self._next: asyncio.Queue[Signed] = asyncio.Queue(1)
        self.is_ready = False

    def offer(self, signed: Signed) -> None:
        """Lend hers, if nobody else's are lent or waiting. Returns at once."""
        if self.is_ready and self._next.empty():
            self._next.put_nowait(signed)

    async def serve(self, what: str, work: Callable[[Signed], Awaitable[object]], pause: float = 0.0) -> None:
        """Work whenever keys are lent, with `pause` seconds after each. Runs as long as the process.

        A store that is away ends one piece of work; the log says so of `what`, a word.
        """
        while True:
            self.is_ready = True
            signed = await self._next.get()
            self.is_ready = False
            try:
                await work(signed)
            except PorchlightError as error:
                _log.warning("%s_waits error=%s", what, type(error).__name__)
            del signed
            await asyncio.sleep(pause)
