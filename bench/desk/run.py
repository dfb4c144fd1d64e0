"""Runs the desk's bench: many wait, many sit at their desks, on two processes. `python -m bench desk --help`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from time import perf_counter

import psutil
from playwright.async_api import Page, async_playwright

from bench.desk.people import Desk, Line, desks, renamed, waiting_lines
from bench.figures import Figures, cpu_seconds
from bench.relay.people import staffed
from tests.support.chromium import ARGUMENTS, executable
from tests.support.desk_people import DeskPerson
from tests.support.house import running_house
from tests.support.line_people import LineVisitor
from tests.support.server_process import House

STILL_S, BUSY_S = 15.0, 15.0
CHANGES, PAINTS = 20, 5
PAUSE_S = 2.0  # longer than a desk is told nothing after a snapshot: each change meets a still house
BETWEEN_S = 0.2
SHOWN = 40  # of those who stand first, so that each change is in what a desk is shown
LATE_S = 30.0

# When the page was first painted, and when the first row of the queue stood there.
PAINTED = """async () => {
    while (!document.querySelector("#queue .queue-row")) await new Promise(requestAnimationFrame);
    const rows = performance.now();
    const [first] = performance.getEntriesByName("first-contentful-paint");
    return [first.startTime, rows];
}"""


def main(arguments: Sequence[str]) -> int:
    """One house, one table."""
    parser = argparse.ArgumentParser(prog="python -m bench desk", description=__doc__)
    parser.add_argument("--waiting", type=int, default=200, help="how many wait (200)")
    parser.add_argument("--advocates", type=int, default=20, help="how many sit at their desks (20)")
    parser.add_argument("--processes", type=int, default=2, help="how many processes the house has (2)")
    parser.add_argument("--no-paint", action="store_true", help="leave the browser out")
    told = parser.parse_args(arguments)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; a busy machine makes every time longer.")
    print(f"{told.waiting} waiting, {told.advocates} at their desks, {told.processes} processes.")
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_house(Path(folder), shared=True, workers=told.processes) as house,
    ):
        people = [person.at(house).signs_in() for person in staffed(house, told.advocates)]
        print("Everybody is signed in.", file=sys.stderr)
        tokens = [_starts(house) for _ in range(told.waiting)]
        print("Everybody waits.", file=sys.stderr)
        asyncio.run(_measure(house, people, tokens, paints=not told.no_paint))
        for person in people:
            person.close()
    return 0


def _starts(house: House) -> str:
    visitor = LineVisitor.starts(house)
    visitor.says("I can write for about five minutes.")
    visitor.line.close()
    return visitor.token


async def _measure(house: House, people: list[DeskPerson], tokens: list[str], *, paints: bool) -> None:
    waiting = await waiting_lines(house, tokens)
    sitting = await desks(house, people)
    servers = [*house.workers(), house.valkey("durable"), house.valkey("ember")]
    try:
        await asyncio.sleep(5)
        await _still(servers, sitting)
        _show(await _changes("one change, the house still", waiting, sitting, PAUSE_S))
        busy, cpu = await _busy(servers, waiting, sitting)
        _show(busy)
        print(f"  processor time of the house meanwhile: {cpu:.0f} % of one core")
        if paints:
            for row in await _painted(house, people[0]):
                _show(row)
    finally:
        _closed("those who wait", waiting)
        _closed("the desks", [desk.line for desk in sitting])
        for line in [*waiting, *(desk.line for desk in sitting)]:
            await line.close()


async def _still(servers: list[psutil.Process], sitting: list[Desk]) -> None:
    """Nobody does anything but wait and beat."""
    before, frames, size = cpu_seconds(servers), _frames(sitting), _size(sitting)
    await asyncio.sleep(STILL_S)
    cpu = (cpu_seconds(servers) - before) / STILL_S * 100
    told, bytes_ = _frames(sitting) - frames, _size(sitting) - size
    print(f"  still: {cpu:.0f} % of one core; {told / STILL_S / len(sitting):.2f} frames a second and desk, ", end="")
    print(f"{bytes_ / max(1, told):,.0f} bytes each")


async def _changes(name: str, waiting: list[Line], sitting: list[Desk], pause_s: float) -> Figures:
    """Somebody who waits says her name: until each desk shows it."""
    took: list[float] = []
    said: dict[str, float] = {}
    first = waiting[:SHOWN]
    for number in range(CHANGES):
        await asyncio.sleep(pause_s)
        said[f"{name} {number}"] = await renamed(first[number % len(first)], f"{name} {number}")
    await _told(sitting, said)
    for each, at in said.items():
        missed = sum(each not in desk.told for desk in sitting)
        if missed:
            print(f"  {missed} desks were not told of {each} within {LATE_S:.0f} s.")
        took += [(desk.told[each] - at) * 1000 for desk in sitting if each in desk.told]
    return Figures(name, took)


async def _busy(servers: list[psutil.Process], waiting: list[Line], sitting: list[Desk]) -> tuple[Figures, float]:
    """A change five times a second, each by another one, and of every fifth how long it took."""
    took: list[float] = []
    before = cpu_seconds(servers)
    said: dict[str, float] = {}
    for number in range(int(BUSY_S / BETWEEN_S)):
        said[f"busy {number}"] = await renamed(waiting[number % min(SHOWN, len(waiting))], f"busy {number}")
        await asyncio.sleep(BETWEEN_S)
    cpu = (cpu_seconds(servers) - before) / BUSY_S * 100
    # Whoever said another name meanwhile may be told of by that one alone.
    await _told(sitting, list(said)[-1:])
    for each, at in said.items():
        took += [(desk.told[each] - at) * 1000 for desk in sitting if each in desk.told]
    return Figures("five changes a second", took), cpu


async def _told(sitting: list[Desk], names: Collection[str]) -> None:
    """Until each desk was told of each: a fixed while is too short on a busy machine, and nobody knows why then."""
    ends = perf_counter() + LATE_S
    while perf_counter() < ends and any(name not in desk.told for name in names for desk in sitting):  # noqa: ASYNC110
        await asyncio.sleep(0.1)


async def _painted(house: House, person: DeskPerson) -> list[Figures]:
    """One more desk, opened in Chromium: to its first paint, and to the queue on it."""
    first, rows = [], []
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
        await _signs_in(page, house, person)
        for _ in range(PAINTS):
            await page.goto(f"{house.desk}/desk/chats")
            painted, filled = await page.evaluate(PAINTED)
            first.append(float(painted))
            rows.append(float(filled))
        await browser.close()
    return [Figures("Chromium: first paint", first), Figures("Chromium: the queue stands there", rows)]


async def _signs_in(page: Page, house: House, person: DeskPerson) -> None:
    await page.goto(f"{house.desk}/desk/signin")
    await page.fill("input[name=name]", person.name)
    await page.fill("input[name=passphrase]", person.passphrase)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("form[action='/desk/signout']")


def _closed(whose: str, lines: Sequence[Line]) -> None:
    codes = Counter(code for line in lines for code in line.closings)
    if codes:
        print(f"  lines of {whose} that were closed and called again, by code: {dict(codes)}")


def _frames(sitting: list[Desk]) -> int:
    return sum(desk.line.frames for desk in sitting)


def _size(sitting: list[Desk]) -> int:
    return sum(desk.line.size for desk in sitting)


def _show(row: Figures) -> None:
    print(f"  {row.name}: p50 {row.quantile(0.5):.0f} ms, p99 {row.quantile(0.99):.0f} ms, of {len(row.times_ms)}")
