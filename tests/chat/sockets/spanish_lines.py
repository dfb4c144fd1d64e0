"""Two on real lines in whose talk both directions are translated: she writes Spanish, the advocate reads English."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken
from tests.chat.sockets.test_lines import takes
from tests.chat.sockets.test_translated_lines import questions, taps

CANARY = "garza"  # stands in everything she says
THEIRS = "lantern"  # and in everything that is said to her


@asynccontextmanager
async def spanish_lines(
    house: ChatHouse, processes: tuple[Process, Process]
) -> AsyncIterator[tuple[Spoken, Spoken, str]]:
    """Her line at one process, the desk's at the other, and the conversation's name."""
    async with house.services.database.write() as connection:
        await house.services.staff.accounts.change(connection, house.advocate.staff_id, languages=("en",))
    visitor, desk = await processes[0].visitor(await house.starts("es")), await processes[1].desk()
    async with visitor, desk:
        await visitor.says(f"Necesito ayuda, {CANARY}.")
        row = (await desk.hear("QueueSnapshot", total=1))["waiting"][0]
        await takes(desk, row["conversation"])
        for seq in await questions(visitor):
            await taps(visitor, seq, "machineyes")
        yield visitor, desk, row["conversation"]
