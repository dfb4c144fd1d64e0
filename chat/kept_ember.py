"""Keeps one conversation openable for as long as a page or a desk of it is here: an ember its store lost comes back."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from chat.ember_watch import EmberWatch, Watched
from chat.errands import Errands
from chat.refusals import ConversationOver
from chat.roused import Roused
from portal.errors import Away

AGAIN_AFTER_S: Final = 1.0


class KeptEmber:
    """What one page or desk knows of an ember, tended when the watch, the feed or its own beginning asks.

    `tend` plants what is missing and answers the ember that stands (`chat/kindling.py`, with the keys of whoever
    asks); `over` is called once there is no conversation any more.
    """

    __slots__ = ("_errands", "_known", "_over", "_tend", "_tending", "_watch", "_watched")

    def __init__(
        self,
        watch: EmberWatch,
        errands: Errands,
        tend: Callable[[bytes | None], Coroutine[Any, Any, bytes]],
        *,
        known: bytes | None = None,
        over: Callable[[], None] | None = None,
    ) -> None:
        self._watch = watch
        self._errands = errands
        self._tend = tend
        self._known = known
        self._over = over
        self._tending = Roused(self._once)
        self._watched: Watched | None = None

    def begin(self, conversation: bytes, tasks: asyncio.TaskGroup) -> None:
        """Look now, and again whenever the store holds another ember than the one known."""
        self._tending.live_in(tasks)
        self._watched = self._watch.watch(conversation, lambda: self._known, self._tending.want)
        self._tending.want()

    def want(self) -> None:
        """Look again."""
        self._tending.want()

    def end(self) -> None:
        """Keep it no more. May be said twice, or before it was begun."""
        if self._watched is not None:
            self._watch.leave(self._watched)
            self._watched = None
        self._tending.stop()
        # What is over must not wait in memory until Python comes round to collecting it.
        self._known = None

    async def _once(self) -> None:
        try:
            found = await self._errands.finish(self._tend(self._known))
            self._known = found if self._watched is not None else None
        except ConversationOver:
            if self._over is not None:
                self._over()
        except Away:
            await asyncio.sleep(AGAIN_AFTER_S)
            self._tending.want()
