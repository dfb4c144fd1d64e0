"""Runs the relay job: every row in turn, round after round, then the tables."""

from __future__ import annotations

import argparse
import asyncio
import gc
import math
import os
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.relay.cores import on_the_generators_core
from bench.relay.lifted import MOST_HELD
from bench.relay.measure import Measured, NotRelayed, Work, at_a_pace, idle, quantile, under_load
from bench.relay.page import drawn, written_into
from bench.relay.peers import FLOOR, PEER_ROWS, PEERS, PEERS_PYTHON
from bench.relay.porchlight import PorchlightRow
from bench.relay.results import Results, targets
from bench.relay.row import Row, Running
from portal.folder import milliseconds_to_disk
from tests.support.server_process import REPOSITORY

PAGE = REPOSITORY / "docs" / "relay.md"
WRITES = 100
MANY = 5000
CLOSES_IN_S = 0.1


def rows_for(work: Work) -> list[Row]:
    """Ours, the floor, the peers. Ours has people for the most lines any part of the job needs."""
    return [FLOOR, PorchlightRow(max(work.lines, work.idle_lines)), *PEER_ROWS]


def measured(rows: Sequence[Row], rounds: int, work: Work, folder: Path) -> Results:
    """Every row once in each round, one after the other."""
    floor, ours = rows[0].name, next(row.name for row in rows if isinstance(row, PorchlightRow))
    results = Results(floor, ours)
    with on_the_generators_core(), _uncollected():
        for number in range(1, rounds + 1):
            results.load.append(os.getloadavg()[0])
            results.to_disk_ms.append(milliseconds_to_disk(folder, WRITES))
            for at, row in enumerate(rows):
                print(f"  round {number} of {rounds}: {row.name}", file=sys.stderr)
                try:
                    # Memory hardly differs from round to round, and many take minutes to come.
                    is_idle_due = number == 1 or work.idle < MANY
                    figures = _once(row, folder / f"row-{at}", work if is_idle_due else replace(work, idle=0))
                    results.measured.setdefault(row.name, {})[number] = figures
                except NotRelayed as failure:
                    results.failed.setdefault(row.name, []).append(str(failure))
                gc.collect()
    return results


@contextmanager
def _uncollected() -> Iterator[None]:
    """A collection of this process would stand in the servers' times."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _once(row: Row, folder: Path, work: Work) -> Measured:
    with row.running(folder, work.lines) as running:
        figures = uvloop.run(_driven(running, work))
    if not work.idle:
        return figures
    with row.running(folder, work.idle_lines) as running:
        idle_kib = uvloop.run(_silent(running, work))
    return replace(figures, idle_kib=idle_kib)


async def _driven(running: Running, work: Work) -> Measured:
    opened = await running.open(work.conversations, work.held)
    try:
        each_second, server_us, broker_us, generator = await under_load(opened, running, work)
        times = await at_a_pace(opened, work)
    finally:
        opened.close()
        await _all_closed(running)
    return Measured(each_second, server_us, broker_us, generator, quantile(times, 0.5), quantile(times, 0.99), math.nan)


async def _silent(running: Running, work: Work) -> float:
    try:
        return await idle(running, work)
    finally:
        await _all_closed(running)


async def _all_closed(running: Running) -> None:
    await running.rest()
    await asyncio.sleep(CLOSES_IN_S)


def main(arguments: Sequence[str]) -> int:
    """The command line: how much, which rows, and whether the page is written."""
    parser = argparse.ArgumentParser(prog="python -m bench relay", description="Measures a relayed message.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=Work.seconds, help="of full load, each row, each round")
    parser.add_argument("--paced", type=float, default=Work.paced_s, help="seconds at a pace, each row, each round")
    parser.add_argument("--idle", type=int, default=Work.idle, help="conversations that stand open and silent")
    parser.add_argument("--long", action="store_true", help=f"the same as --idle {MANY}")
    parser.add_argument("--rows", default="", help="parts of peers' names, with commas; floor and ours always run")
    parser.add_argument("--print", action="store_true", help=f"print alone; leave {PAGE.name} as it is")
    told = parser.parse_args(arguments)
    idle = MANY if told.long else told.idle
    # So many need fifty advocates to hold them, not hundreds: each signs in, and that is no part of what is measured.
    held = MOST_HELD if idle >= MANY else Work.idle_held
    work = Work(seconds=told.seconds, paced_s=told.paced, idle=idle, idle_held=held)
    every = rows_for(work)
    wanted = [part.lower() for part in told.rows.split(",")] if told.rows else [""]
    rows = every[:2] + [row for row in every[2:] if any(part in row.name.lower() for part in wanted)]
    if len(rows) > 2 and not (PEERS_PYTHON.exists() and (PEERS / "node_modules").exists()):
        print("The peers are not installed; make bench-relay does it.", file=sys.stderr)
        return 2
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        results = measured(rows, told.rounds, work, Path(folder))
    node, streams = PEER_ROWS[0].name, PEER_ROWS[1].name
    page = drawn(results, rows, targets(results, node, streams), work)
    print(page)
    if not told.print and len(rows) == len(every):
        written_into(PAGE, page)
    return 0
