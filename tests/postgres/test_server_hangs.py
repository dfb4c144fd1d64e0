"""A server of the rows that stands still holds nobody up for longer than once, and is found again by itself."""

from __future__ import annotations

import signal
import time

import anyio
import pytest
from sqlalchemy import text

from portal.services import Services
from portal.settings import Secret
from portal.store import postgres
from portal.store.database import DatabaseAway
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.anyio, pytest.mark.fault]


@pytest.fixture
def rows_on(mortal: tuple[Postgres, Secret]) -> Secret:
    """A server of this test's own."""
    return mortal[1]


async def asks(services: Services) -> int:
    async with services.database.read() as connection:
        return int((await connection.execute(text("SELECT 1"))).scalar_one())


async def test_after_one_silence_nobody_else_waits_and_it_heals_by_itself(
    services: Services, mortal: tuple[Postgres, Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "SILENCE_SECONDS", 1.0)
    assert await asks(services) == 1
    frozen = mortal[0].processes()
    for each in frozen:
        each.send_signal(signal.SIGSTOP)
    try:
        services.database._rows.was_silent()  # the first wait is six seconds: `STATEMENT_SECONDS`
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(DatabaseAway, match="silent"):
                await asks(services)
        with pytest.raises(DatabaseAway, match="silent"):
            async with services.database.write():
                pass
        assert time.monotonic() - began < 0.9
        assert next(each for each in await services.lookout.look() if each.matter == "database").grade > 3
    finally:
        for each in reversed(frozen):
            each.send_signal(signal.SIGCONT)
    await anyio.sleep(1.1)
    assert [await asks(services) for _ in range(3)] == [1, 1, 1]
