"""A house with 20,000 tips moves to a server, killed on its way; and what somebody sent before opens after it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bench.tips.filled import fill
from bench.tips.run import settings_at
from portal.clock import StillClock
from portal.store.migrate import bring_up_to_date
from tests.support.open_house import open_house_at
from tests.support.postgres import Postgres
from tests.support.reporters import LineReporter
from tests.support.rooms import NOON, running, wire
from tests.support.source import REPOSITORY
from tests.tips.conftest import make_tip_house

pytestmark = [pytest.mark.anyio, pytest.mark.long, pytest.mark.fault, pytest.mark.timeout(3_600)]

TIPS = int(os.environ.get("TIPS", "20000"))
WORDS = "A van with curtains stands behind the bakery each night."


def _move(told: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "server.py", "move"],
        cwd=REPOSITORY,
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _moved(told: dict[str, str]) -> str:
    moving = _move(told)
    out, err = moving.communicate(timeout=1_800)
    assert moving.returncode == 0, err
    return out


async def test_twenty_thousand_tips_move_and_none_differs(tmp_path: Path, postgres: Postgres) -> None:
    with ExitStack() as held:
        settings = settings_at(tmp_path, held)
        name = held.enter_context(postgres.database())
        bring_up_to_date(settings.database_path)
        async with running(wire(settings, clock := StillClock(NOON))) as services:
            house = await make_tip_house(services, clock)
            await fill(house, (services.database,), TIPS)
        size = settings.database_path.stat().st_size
        told = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": postgres.url(name),
            "PORCHLIGHT_DATA_DIR": str(settings.data_dir),
            "PORCHLIGHT_KEYS_DIR": str(settings.keys_dir),
        }
        cut = _move(told)
        while not _count(postgres, name, "tips"):
            assert cut.poll() is None
            await asyncio.sleep(0.05)
        cut.send_signal(signal.SIGKILL)
        cut.communicate()
        before = _count(postgres, name, "tips")
        assert 0 < before < TIPS

        began = time.monotonic()
        said = _moved(told)
        seconds = time.monotonic() - began

        digests = re.findall(r"in ([0-9a-f]{16})  out ([0-9a-f]{16})", said)
        assert digests
        assert all(was == now for was, now in digests)
        assert _count(postgres, name, "tips") >= TIPS
        print(f"\n{said}{before:,} tips were there when it was killed; the rest and all looks took {seconds:.0f} s")
        print(f"the file had {size / 2**20:.0f} MiB")


def _count(server: Postgres, name: str, table: str) -> int:
    if not server.run(f"SELECT to_regclass('{table}')", name):
        return 0
    return int(server.run(f"SELECT count(*) FROM {table}", name))


def test_what_was_sent_before_the_move_is_read_and_answered_after_it(tmp_path: Path, postgres: Postgres) -> None:
    with open_house_at(tmp_path / "h") as ready, postgres.database() as name:
        house = ready.house
        with closing(LineReporter(house)) as reporter:
            number = reporter.sends_note(WORDS)
            assert house.process is not None
            house._stop_server(house.process)
            house.settings["DATABASE_URL"] = postgres.url(name)
            alone = {key: value for key, value in house.environment().items() if not key.endswith("_URL")}

            said = _moved(alone | {"DATABASE_URL": postgres.url(name)})
            house.start()

            assert "none differs" in said
            assert not house.database.exists()
            assert WORDS in reporter.comes_back(number).words
