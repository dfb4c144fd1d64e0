"""Lets an act take a whole number of steps of time, so that how long it took says little of what it did."""

import asyncio
import math
from collections.abc import Awaitable
from typing import Final, TypeVar

T = TypeVar("T")


# Deleting many photos lasts longer than shutting the way in to a tip that a hold keeps.
STEP_SECONDS: Final = 0.5


async def in_steps(act: Awaitable[T], seconds: float = STEP_SECONDS) -> T:
    """Do it, then wait for the end of the step of `seconds` it ended in. What it raises is raised at once."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    done = await act
    took = max(loop.time() - began, seconds / 1000)
    await asyncio.sleep(math.ceil(took / seconds) * seconds - took)
    return done
