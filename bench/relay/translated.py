"""Measures what a machine that was allowed in every talk, and whose engine is dead, costs the relay: beside none."""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.relay.cores import on_the_generators_core
from bench.relay.measure import Work, under_load
from bench.relay.porchlight import PorchlightRow, RunningPorchlight
from tests.support.engine_double import engine_double
from tests.support.house import free_port
from tests.support.patience import PATIENCE_S

SPEAKS = "es"  # while those who hold the talks read English alone
SETTLES_S = 5.0  # until the engine that died is known to be dead


async def _measured(running: RunningPorchlight, work: Work, engine: ExitStack, *, is_allowed: bool) -> float:
    """Messages each second. Where it is allowed: once every visitor has said yes to both questions, and it has died."""
    opened = await running.open(work.conversations, work.held)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while is_allowed and any(each.allowed < 2 for each in running.came):  # noqa: ASYNC110 - heard by the wires
                await asyncio.sleep(0.05)
        engine.close()
        await asyncio.sleep(SETTLES_S)
        each_second, *_ = await under_load(opened, running, work)
    finally:
        opened.close()
        await running.rest()
    return each_second


def _once(row: PorchlightRow, folder: Path, port: int, work: Work, *, is_allowed: bool) -> float:
    with ExitStack() as engine:
        engine.enter_context(engine_double(port=port))
        # One more than sits down: the first person of a house reads every language, and is left out.
        with row.running(folder, work.lines + 1) as running:
            return uvloop.run(_measured(running, work, engine, is_allowed=is_allowed))


def main(arguments: Sequence[str]) -> int:
    """Both in turn, round after round, in one run; prints the ratio of the medians."""
    parser = argparse.ArgumentParser(prog="python -m bench translated", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--talks", type=int, default=Work.conversations)
    parser.add_argument("--seconds", type=float, default=Work.seconds)
    told = parser.parse_args(arguments)
    work = replace(Work(), conversations=told.talks, seconds=told.seconds, idle=0)
    port = free_port()
    settings = {"PORCHLIGHT_TRANSLATION_URL": f"http://127.0.0.1:{port}"}
    rows = {
        each: PorchlightRow(work.lines + 1, language=SPEAKS, settings=settings if each else {})
        for each in (True, False)
    }
    found: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, on_the_generators_core():
        for number in range(told.rounds):
            for is_allowed in (number % 2 == 0, number % 2 == 1):
                row, own = rows[is_allowed], Path(folder) / ("allowed" if is_allowed else "none")
                found[is_allowed].append(_once(row, own, port, work, is_allowed=is_allowed))
                print(f"  round {number + 1}: allowed={is_allowed} {found[is_allowed][-1]:.0f}/s", file=sys.stderr)
    ratio = statistics.median(found[True]) / statistics.median(found[False])
    print(f"relayed with a dead engine allowed in every talk, against none: {ratio:.3f}x (wanted: 0.95x)")
    return 0
