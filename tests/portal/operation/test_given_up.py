"""A look at the house that is given up, at whatever moment, leaves nothing behind that was begun and never asked."""

from __future__ import annotations

import asyncio
import contextlib
import gc

import pytest

from portal.services import Services

pytestmark = pytest.mark.anyio


async def test_a_look_that_is_given_up_at_any_moment_leaves_no_question_that_nobody_asked(services: Services) -> None:
    # One that was made and never awaited is told of whenever memory is tidied: in the middle of another test.
    for turns in range(60):
        look = asyncio.create_task(services.lookout.look())
        for _ in range(turns):
            await asyncio.sleep(0)
        look.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await look
    gc.collect()
