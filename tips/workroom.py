"""Opens many seals beside the event loop: one step at a time in one thread, each step short."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

R = TypeVar("R")
P = ParamSpec("P")


class Workroom:
    """The one thread of this process that opens tips in numbers; whoever wants it stands in line for the next step."""

    def __init__(self) -> None:
        self._line = asyncio.Lock()

    async def run(self, step: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Do one step, of some tens of milliseconds at most. Raises what it raises."""
        async with self._line:
            return await asyncio.to_thread(step, *args, **named)
