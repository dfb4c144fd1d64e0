"""Runs the inbox's bench: what opening tips costs, and how long the pages take. `python -m bench inbox --help`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Figures
from bench.inbox import opening
from bench.inbox.pages import Asking, at_the_desk, memory_mb, put_up_all, seal_them, shelves, timed, watched_loop
from bench.tips.run import settings_at
from portal.clock import StillClock
from portal.store.migrate import bring_up_to_date
from tests.support.rooms import NOON, running, wire
from tests.tips.conftest import TipHouse, make_tip_house


def main(arguments: Sequence[str]) -> int:
    """Both tables, for as many tips as are told."""
    parser = argparse.ArgumentParser(prog="python -m bench inbox", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many tips (100000)")
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked (40)")
    told = parser.parse_args(arguments)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; a busy machine makes every time longer.")
    opening.main(told.count)
    asyncio.run(pages(told.count, told.rounds))
    return 0


async def pages(count: int, rounds: int) -> None:
    """The desk's pages over so many tips in a file, in one process with its event loop watched."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        settings = settings_at(folder, held)
        await asyncio.to_thread(bring_up_to_date, settings.database_path)
        async with running(wire(settings, clock := StillClock(NOON))) as services:
            house = await make_tip_house(services, clock)
            print(f"Sealing {count} tips.", file=sys.stderr)
            await seal_them(house, count)
            await asked(house, count, rounds)


async def asked(house: TipHouse, count: int, rounds: int) -> None:
    """Before shelves, while they are put up, and after."""
    async with at_the_desk(house) as web:
        asking = Asking(web, house.robin.csrf, count)
        print(f"\nThe desk's list over {count:,} tips in a file; this process holds {memory_mb():.0f} MB")
        async with watched_loop() as stalls:
            await asyncio.sleep(3)
        print(f"  nothing done: {stalls.said()}")
        async with watched_loop() as stalls:
            show([await timed("no shelf yet: first page", 3, lambda _: asking.page("/desk/tips"))])
        print(f"  {stalls.said()}")
        async with watched_loop() as stalls:
            seconds, number = await put_up_all(house)
        each_ms = seconds / max(1, number) * 1000
        print(f"  {number} shelves put up in {seconds:.0f} s, {each_ms:.0f} ms each; {stalls.said()}")
        print(f"  {await shelves(house)}; this process holds {memory_mb():.0f} MB")
        async with watched_loop() as stalls:
            show(await asking.figures(rounds))
        print(f"  {stalls.said()}; this process holds {memory_mb():.0f} MB")


def show(figures: Sequence[Figures]) -> None:
    """A table of times; `first` is the first of its kind, as after a sign-in."""
    print(f"  {'':36} {'first ms':>9} {'p50 ms':>9} {'p95 ms':>9}")
    for row in figures:
        print(f"  {row.name:36} {row.times_ms[0]:9.0f} {row.quantile(0.5):9.0f} {row.quantile(0.95):9.0f}")
