"""Measures what a machine that was allowed in every talk, and whose engine is dead, costs the relay: beside none."""

from __future__ import annotations

import argparse
import asyncio
import math
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import uvloop

from bench.relay.cores import on_the_generators_core
from bench.relay.measure import Work, under_load
from bench.relay.porchlight import PorchlightRow, RunningPorchlight
from bench.relay.row import OpenTalks
from tests.support.engine_double import engine_double
from tests.support.house import free_port
from tests.support.patience import PATIENCE_S

SPEAKS: Final = "es"  # while those who hold the talks read English alone
SETTLES_S: Final = 5.0  # until the engine that died is known to be dead
WANTED: Final = 0.95
FEWEST: Final = 6


@dataclass(frozen=True)
class Slice:
    """A few seconds under full load: messages each second, and processor time of the servers for each, microseconds."""

    each_second: float
    server_us: float


async def _measured(
    houses: Mapping[bool, RunningPorchlight], work: Work, pairs: int, engine: ExitStack
) -> list[Mapping[bool, Slice]]:
    """Slices of both, turn by turn, once every visitor of the one house has said yes to both questions and it died."""
    opened: dict[bool, OpenTalks] = {}
    try:
        for each, house in houses.items():
            opened[each] = await house.open(work.conversations, work.held)
        async with asyncio.timeout(PATIENCE_S):
            while any(each.allowed < 2 for each in houses[True].came):  # noqa: ASYNC110 - heard by the wires
                await asyncio.sleep(0.05)
        engine.close()
        await asyncio.sleep(SETTLES_S)
        found: list[Mapping[bool, Slice]] = []
        for number in range(pairs):
            pair: dict[bool, Slice] = {}
            for each in (number % 2 == 0, number % 2 == 1):
                each_second, server_us, *_ = await under_load(opened[each], houses[each], work)
                pair[each] = Slice(each_second, server_us)
            found.append(pair)
            print(
                f"  pair {number + 1}: allowed {pair[True].each_second:.0f}/s, none {pair[False].each_second:.0f}/s",
                file=sys.stderr,
            )
        return found
    finally:
        for talks in opened.values():
            talks.close()
        for house in houses.values():
            await house.rest()


def middle(ratios: Sequence[float]) -> tuple[float, float, float]:
    """The median, and between which two of the ratios that of all pairs there could ever be lies, 19 times in 20.

    Of n pairs the k-th smallest is above the true median as often as fewer than k of n thrown coins show heads: no
    more is asked of the ratios than that each pair is a throw of its own.
    """
    ordered, number = sorted(ratios), len(ratios)
    tail, low = 0.0, 0
    while low < number // 2:
        tail += math.comb(number, low) / 2**number
        if tail > 0.025:
            break
        low += 1
    at = max(0, low - 1)
    return statistics.median(ordered), ordered[at], ordered[number - 1 - at]


def told_of(what: str, ratios: Sequence[float]) -> str:
    """One line for a person."""
    median, low, high = middle(ratios)
    return f"{what}: {median:.3f}x (19 times in 20 between {low:.3f} and {high:.3f})"


def main(arguments: Sequence[str]) -> int:
    """Both houses stand at once and are loaded in turn, a few seconds each: a machine has better and worse minutes."""
    parser = argparse.ArgumentParser(prog="python -m bench translated", description=__doc__)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--talks", type=int, default=Work.conversations)
    parser.add_argument("--seconds", type=float, default=3.0)
    told = parser.parse_args(arguments)
    if told.pairs < FEWEST:
        parser.error(f"of fewer than {FEWEST} pairs nothing can be said 19 times in 20")
    work = replace(Work(), conversations=told.talks, seconds=told.seconds, warm_s=0.5, idle=0)
    port = free_port()
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        held.enter_context(on_the_generators_core())
        engine = held.enter_context(ExitStack())
        engine.enter_context(engine_double(port=port))
        houses: dict[bool, RunningPorchlight] = {}
        for each, settings in ((False, {}), (True, {"PORCHLIGHT_TRANSLATION_URL": f"http://127.0.0.1:{port}"})):
            # One more than sits down: the first person of a house reads every language, and is left out.
            row = PorchlightRow(work.lines + 1, language=SPEAKS, settings=settings)
            own = folder / ("allowed" if each else "none")
            houses[each] = held.enter_context(row.running(own, work.lines + 1))
        found = uvloop.run(_measured(houses, work, told.pairs, engine))
    print(
        f"{len(found)} pairs of {told.seconds:g} s, a dead engine allowed in every talk against none; wanted {WANTED}x"
    )
    each_second = [pair[True].each_second / pair[False].each_second for pair in found]
    for_the_processor = [pair[False].server_us / pair[True].server_us for pair in found]
    print(told_of("messages each second", each_second))
    print(told_of("messages for each second of the servers' processor", for_the_processor))
    return 0
