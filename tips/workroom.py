"""Opens many seals beside the event loop: one step at a time in one thread, each step short."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, ParamSpec, TypeVar

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

BREATH_EVERY_SECONDS: Final = 0.002
BREATH_SECONDS: Final = 0.0002


class Workroom:
    """The one thread of this process that opens tips in numbers; whoever wants it stands in line for the next step."""

    def __init__(self) -> None:
        self._line = asyncio.Lock()

    async def run(self, step: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Do one step, of some tens of milliseconds at most. Raises what it raises."""
        async with self._line:
            return await asyncio.to_thread(step, *args, **named)


def breathing(things: Iterable[T]) -> Iterator[T]:
    """The same things; between two of them the thread steps back now and then, so that the event loop comes in."""
    since = time.monotonic()
    for thing in things:
        yield thing
        if time.monotonic() - since > BREATH_EVERY_SECONDS:
            time.sleep(BREATH_SECONDS)
            since = time.monotonic()
