"""Measures how tips come in on a house of two processes, and writes the figures into docs/spam.md."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

from bench.figures import Figures, cpu_seconds
from bench.filings.sender import LINES, Sent, Tokens, form, look, send
from bench.relay.page import written_into
from portal.folder import milliseconds_to_disk
from tests.support.open_house import open_house_at
from tests.support.server_process import REPOSITORY, House
from tips.crowd.lanes import Lane

PAGE: Final = REPOSITORY / "docs" / "spam.md"
BEGINS: Final = "<!-- measured: begin. Written by `python -m bench filings`. -->"

RATES: Final = (50, 100, 200, 300, 400, 600)
# Of a flood: what people send, what says that it happens now, and what a script sends.
FLOOD: Final[Mapping[Lane, float]] = {Lane.NOW: 0.05, Lane.CALM: 0.15, Lane.HASTY: 0.8}
FLOOD_RATE: Final = 600
REST_S: Final = 3.0


def main(arguments: Sequence[str]) -> int:
    """All of it on a throw-away house; printed, and written down."""
    parser = argparse.ArgumentParser(prog="python -m bench filings", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="how long each rate is kept up (8)")
    parser.add_argument("--alone", type=int, default=300, help="how many tips are sent one after the other (300)")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write into")
    told = parser.parse_args(arguments)
    # Each line is a file to both sides; the house takes the bound over from here.
    resource.setrlimit(resource.RLIMIT_NOFILE, (4 * LINES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        load, to_disk_ms = os.getloadavg()[0], milliseconds_to_disk(folder)
        with open_house_at(folder / "house") as ready:
            said = asyncio.run(measured(ready.house, told.seconds, told.alone))
    said = f"{_head(load, to_disk_ms, told.seconds)}\n\n{said}"
    print(said)
    written_into(told.page, said, BEGINS)
    return 0


async def measured(house: House, seconds: float, alone: int) -> str:
    """The tables: one tip after the other, rising rates of what people send, and a flood."""
    tokens = Tokens(house)
    lines = await _alone(house, tokens, alone)
    lines += [
        "",
        "| sent a second | kept a second | turned away a second | p50, ms | p99, ms | the servers' processors |",
    ]
    lines.append("|---" * 6 + "|")
    for rate in RATES:
        print(f"{rate} a second", file=sys.stderr)
        lines.append(await _rate(house, tokens, rate, seconds))
        await asyncio.sleep(REST_S)
    print("a flood", file=sys.stderr)
    return "\n".join([*lines, *await _flood(house, tokens, seconds)])


async def _alone(house: House, tokens: Tokens, count: int) -> list[str]:
    """One at a time: what one costs when nothing else is asked."""
    await send(house, [form(tokens, 0.0, Lane.CALM) for _ in range(20)], 1)
    forms = [form(tokens, 0.0, Lane.CALM) for _ in range(count)]
    servers = [*house.workers(), house.valkey("durable"), house.valkey("ember")]
    before = cpu_seconds(servers)
    row = Figures("alone", [each.answered_ms for each in await send(house, forms, 1)])
    cpu_ms = (cpu_seconds(servers) - before) / count * 1000
    return [
        f"One tip after the other, {count} of them, from the press of the button to the answer, sealed and committed, "
        f"the key of the number not made: {row.quantile(0.5):.1f} ms (p99 {row.quantile(0.99):.1f} ms), of which "
        f"{cpu_ms:.1f} ms are the servers' processors, both stores counted in."
    ]


async def _rate(house: House, tokens: Tokens, rate: int, seconds: float) -> str:
    forms = [form(tokens, number / rate, Lane.CALM) for number in range(int(rate * seconds))]
    servers = [*house.workers(), house.valkey("durable"), house.valkey("ember")]
    before, began = cpu_seconds(servers), time.perf_counter()
    sent = await send(house, forms)
    lasted = time.perf_counter() - began
    busy = (cpu_seconds(servers) - before) / lasted
    await look(house, sent)
    kept = [each.took_ms for each in sent if each.is_kept]
    row = Figures("kept", kept or [0.0])
    return (
        f"| {rate} | {len(kept) / lasted:.0f} | {(len(sent) - len(kept)) / lasted:.0f} "
        f"| {row.quantile(0.5):.0f} | {row.quantile(0.99):.0f} | {busy:.1f} |"
    )


async def _flood(house: House, tokens: Tokens, seconds: float) -> list[str]:
    some = random.Random(4)
    lanes = some.choices(list(FLOOD), list(FLOOD.values()), k=int(FLOOD_RATE * seconds))
    forms = [form(tokens, number / FLOOD_RATE, lane) for number, lane in enumerate(lanes)]
    began = time.perf_counter()
    sent = await send(house, forms)
    lasted = time.perf_counter() - began
    await look(house, sent)
    lines = [
        "",
        f"A flood of {FLOOD_RATE} a second:",
        "",
        "| lane | sent a second | kept | turned away | p50, ms | p99, ms |",
    ]
    lines.append("|---" * 6 + "|")
    for lane in FLOOD:
        lines.append(_lane(lane, [each for each in sent if each.lane is lane], seconds))
    kept = sum(each.is_kept for each in sent)
    away = len(sent) - kept
    return [
        *lines,
        "",
        f"Together {kept / lasted:.0f} a second were kept while {away / lasted:.0f} were turned away.",
    ]


def _lane(lane: Lane, sent: Sequence[Sent], seconds: float) -> str:
    names = {Lane.NOW: "happening now", Lane.CALM: "at the pace of a hand", Lane.HASTY: "as fast as a script"}
    kept = [each.took_ms for each in sent if each.is_kept]
    row = Figures(names[lane], kept or [0.0])
    return (
        f"| {names[lane]} | {len(sent) / seconds:.0f} | {len(kept)} of {len(sent)} | {len(sent) - len(kept)} "
        f"| {row.quantile(0.5):.0f} | {row.quantile(0.99):.0f} |"
    )


def _head(load: float, to_disk_ms: float, seconds: float) -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Two processes of the server and whoever sends share {os.cpu_count()} cores ({platform.machine()}), "
        f"{memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, rows in a file; load before it "
        f"{load:.1f}; one write to this disk {to_disk_ms:.2f} ms. Each rate for {seconds:.0f} s, at its times whether "
        "or not what was sent before is answered; afterwards the page of each was opened, to see what became of it."
    )
