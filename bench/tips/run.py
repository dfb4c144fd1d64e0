"""Measures the store of tips on a file and on a server, and writes docs/tips-store.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psutil
from sqlalchemy import text

from bench.relay.page import ENDS, written_into
from bench.tips.filled import fill
from bench.tips.measure import Measured, measure
from portal.clock import StillClock
from portal.folder import milliseconds_to_disk
from portal.settings import Secret, Settings
from portal.store.database import Database
from portal.store.embedded import EmbeddedValkey
from portal.store.migrate import bring_up_to_date
from tests.support.postgres import running_postgres
from tests.support.rooms import NOON, running, wire
from tests.support.server_process import REPOSITORY
from tests.tips.conftest import make_tip_house

PAGE: Final = REPOSITORY / "docs" / "tips-store.md"
BEGINS: Final = "<!-- measured: begin. Written by `python -m bench tips`. -->"


def main(arguments: Sequence[str]) -> int:
    """Fill both, measure both, print it and write it down."""
    parser = argparse.ArgumentParser(prog="python -m bench tips", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many tips (100000)")
    parser.add_argument("--rounds", type=int, default=100, help="how often each thing is asked (100)")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write into")
    told = parser.parse_args(arguments)
    said = asyncio.run(measured(told.count, told.rounds))
    print(said)
    written_into(told.page, said, BEGINS)
    return 0


async def measured(count: int, rounds: int) -> str:
    """The measured part of the page, on throw-away databases."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        load, to_disk_ms = os.getloadavg()[0], milliseconds_to_disk(folder)
        settings = settings_at(folder, held)
        server = held.enter_context(running_postgres(shared_buffers="128MB"))
        name = held.enter_context(server.database())
        for place in (settings.database_path, server.address(name)):
            await asyncio.to_thread(bring_up_to_date, place)
        async with running(wire(settings, clock := StillClock(NOON))) as services:
            house = await make_tip_house(services, clock)
            in_file, on_server = services.database, Database(server.address(name))
            print(f"Sealing {count} tips, into both databases.", file=sys.stderr)
            ids = await fill(house, (in_file, on_server), count)
            # What autovacuum does by itself a minute later, and PRAGMA optimize would.
            server.run("VACUUM ANALYZE", name)
            file = await measure(f"SQLite {sqlite3.sqlite_version}", house, in_file, ids, rounds)
            version = server.run("SHOW server_version").split()[0]
            rows = await measure(f"PostgreSQL {version}", house, on_server, ids, rounds)
            keys = await _size(on_server, "tip_keys")
            services.database = in_file
            await on_server.close()
        size = settings.database_path.stat().st_size
        head = _head(count, rounds, load, to_disk_ms, size, keys)
    return "\n".join([head, *_table(file, rows), *_plans(file), *_plans(rows)])


def settings_at(folder: Path, held: ExitStack) -> Settings:
    valkeys = [
        EmbeddedValkey("durable", run=folder / "run", folder=folder / "durable"),
        EmbeddedValkey("ember", run=folder / "run", folder=None),
    ]
    for valkey in valkeys:
        valkey.start()
        held.callback(valkey.stop)
    for valkey in valkeys:
        valkey.wait_until_ready()
    settings = Settings(
        data_dir=folder / "data",
        keys_dir=folder / "keys",
        redis_url=Secret(valkeys[0].url),
        ember_url=Secret(valkeys[1].url),
    )
    settings.data_dir.mkdir()
    settings.keys_dir.mkdir(mode=0o700)
    return settings


async def _size(database: Database, table: str) -> int:
    async with database.read() as connection:
        found = await connection.execute(text("SELECT pg_total_relation_size(CAST(:of AS regclass))"), {"of": table})
        return int(found.scalar_one())


def _head(count: int, rounds: int, load: float, to_disk_ms: float, size: int, keys: int) -> str:
    return (
        f"{count:,} tips, one in twenty open; the file has {size / 2**20:,.0f} MiB, the server's table of keys "
        f"{keys / 2**20:,.1f} MiB. {os.cpu_count()} cores ({platform.machine()}), "
        f"{psutil.virtual_memory().total / 2**30:.0f} GiB, {platform.system()}, Python {platform.python_version()}; "
        f"load average before it {load:.1f}; one write to this disk {to_disk_ms:.2f} ms. Each thing {rounds} times, "
        "one after the other, its median and what 99 of 100 stayed under."
    )


def _table(*each: Measured) -> list[str]:
    names = " | ".join(f"{one.name}, ms | p99" for one in each)
    lines = ["", f"| what | {names} |", "|---" * (1 + 2 * len(each)) + "|"]
    for rows in zip(*(one.figures for one in each), strict=True):
        cells = " | ".join(f"{row.quantile(0.5):.2f} | {row.quantile(0.99):.2f}" for row in rows)
        lines.append(f"| {rows[0].name} | {cells} |")
    return lines


def _plans(one: Measured) -> list[str]:
    lines = ["", f"What {one.name} says it does:"]
    for name, plan in one.plans.items():
        lines += ["", f"{name}", "", "```", plan, "```"]
    return lines


__all__ = ["BEGINS", "ENDS", "PAGE", "main", "measured"]
