"""Says whether somebody can be reached by chat now, and how long it honestly takes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from chat.queue import honest_minutes
from chat.store.desk import DeskStore
from portal.services import Services
from portal.store.valkey import ValkeyAway


@dataclass(frozen=True)
class Availability:
    """`open`: somebody has a free place; `busy`: all places are taken; `closed`: nobody takes chats now.

    `minutes` is the honest wait of one who starts now, None when it cannot be said.
    """

    state: Literal["open", "busy", "closed"]
    minutes: int | None = None


def availability(services: Services) -> Callable[[], Awaitable[Availability]]:
    """A function any page may ask; it never fails: with the store away it says closed, so that no page promises."""
    desk = DeskStore(services.durable)

    async def ask() -> Availability:
        if not (await services.opening.facts()).is_open:
            return Availability("closed")
        try:
            counts = await desk.counts(int(services.clock.now().timestamp() * 1000))
        except ValkeyAway:
            return Availability("closed")
        capacity = services.settings.chat_capacity
        minutes = honest_minutes(counts.waiting + 1, counts.ready, capacity, counts.held)
        if minutes is None:
            return Availability("closed")
        free = counts.ready * capacity - counts.held - counts.waiting
        return Availability("open" if free > 0 else "busy", minutes)

    return ask
