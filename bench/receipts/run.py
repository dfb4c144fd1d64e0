"""Tries numbers that open, never given, a slip away from a right one, and erased, in turn on one processor."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from statistics import median

from bench.figures import Figures, show
from bench.own_house import own_house
from tests.tips.conftest import TipHouse, make_tip_house
from tests.tips.test_filing import file_with_receipt
from tips.receipt import Receipt, new_receipt

ROUNDS = 200
OTHERS = 200


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench receipts", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each kind is tried ({ROUNDS})")
    told = parser.parse_args(arguments)
    # Workers of the pools inherit it: nothing of a try runs beside another.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(f"load {os.getloadavg()[0]:.1f}; each number once, the four kinds in turn, {OTHERS} notes in the house.")
    rows = asyncio.run(measured(told.rounds))
    show("One number tried, from the door to the answer", rows)
    for name, told_of in (("medians", median), ("fastest times", min)):
        found = [told_of(row.times_ms) for row in rows[1:]]
        print(f"  {name} of the three that do not open: {min(found):.2f} to {max(found):.2f} ms")
    return 0


async def measured(rounds: int) -> list[Figures]:
    """The four kinds, each number tried once, in turn."""
    async with own_house() as (services, clock):
        house = await make_tip_house(services, clock)
        kept = [(await file_with_receipt(house))[1] for _ in range(OTHERS)]
        gone = [await file_with_receipt(house) for _ in range(rounds)]
        for filing, _ in gone:
            await house.follow_up.erase(filing.visit)
        times: dict[str, list[float]] = {name: [] for name in ("opens", "unknown", "wrong", "erased")}
        for number in range(-5, rounds):
            known = kept[number % OTHERS]
            tried = (known, new_receipt(), _near(known, 1 + number % 50), gone[number][1])
            for (name, took), receipt in zip(times.items(), tried, strict=True):
                milliseconds = await _tried(house, receipt, opens=name == "opens")
                if number >= 0:
                    took.append(milliseconds)
    return [Figures(name, took) for name, took in times.items()]


async def _tried(house: TipHouse, receipt: Receipt, *, opens: bool) -> float:
    began = time.perf_counter()
    visit = await house.doors.tip_for_receipt(receipt)
    took = (time.perf_counter() - began) * 1000
    assert (visit is not None) == opens
    return took


def _near(receipt: Receipt, step: int) -> Receipt:
    """A number a slip away whose check digits are right too."""
    return Receipt(str((int(receipt.code) + 97 * step) % 10**25).zfill(25))
