"""Drives the conversations of one row: all as fast as they answer, some at a fixed pace, many that are silent."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

import psutil

from bench.figures import cpu_seconds
from bench.relay.row import OpenTalks, Running
from bench.relay.talk import Talk

DRAINS_WITHIN_S = 10.0
A_ROUND = 2
SETTLES_IN_S = 2.0
AT_ONCE = 50


class NotRelayed(Exception):
    """A row did not do the job: something was lost, came twice, or a line broke."""


@dataclass(frozen=True)
class Work:
    """How much is asked of each row."""

    conversations: int = 100
    held: int = 5
    seconds: float = 8.0
    warm_s: float = 2.0
    paced: int = 50
    pace: float = 100.0
    paced_s: float = 15.0
    idle: int = 300
    idle_held: int = 20
    idle_before: int = 20

    @property
    def lines(self) -> int:
        """How many advocates' lines the full load needs."""
        return math.ceil(self.conversations / self.held)

    @property
    def idle_lines(self) -> int:
        """How many those need that stand idle, and those that stood there before."""
        return math.ceil(self.idle / self.idle_held) + math.ceil(self.idle_before / self.idle_held)


@dataclass(frozen=True)
class Measured:
    """One row in one round. Times in milliseconds, processor time in microseconds a relayed message."""

    each_second: float
    server_us: float
    broker_us: float
    generator: float  # its own share of its core: near 1, and it was the generator that was measured
    p50: float
    p99: float
    idle_kib: float


async def under_load(opened: OpenTalks, running: Running, work: Work) -> tuple[float, float, float, float]:
    """Every conversation begins its next round when the last is over: messages a second, CPU, broker, generator."""
    is_on, rounds = True, 0

    def again(talk: Talk, _took: float) -> None:
        nonlocal rounds
        rounds += 1
        if is_on:
            talk.begin()

    for talk in opened.talks:
        talk.done = again
        talk.begin()
    await asyncio.sleep(work.warm_s)
    server, broker, own = cpu_seconds(running.servers), cpu_seconds(running.broker), process_time()
    began, before = perf_counter(), rounds
    await asyncio.sleep(work.seconds)
    took, messages = perf_counter() - began, (rounds - before) * A_ROUND
    server, broker = cpu_seconds(running.servers) - server, cpu_seconds(running.broker) - broker
    own = process_time() - own
    is_on = False
    await _drained(opened)
    if not messages:
        raise NotRelayed("nothing was relayed")
    return messages / took, server / messages * 1e6, broker / messages * 1e6, own / took


async def at_a_pace(opened: OpenTalks, work: Work) -> list[float]:
    """Round trips in milliseconds, counted from when each should have begun, whether or not it could."""
    talks = opened.talks[: work.paced]
    waiting: dict[int, deque[float]] = {id(talk): deque() for talk in talks}
    times: list[float] = []

    def over(talk: Talk, took: float) -> None:
        times.append(took * 1000)
        late = waiting[id(talk)]
        if late:
            talk.begin(late.popleft())

    for talk in talks:
        talk.done = over
    began = perf_counter()
    for number in range(int(work.paced_s * work.pace)):
        meant_at = began + number / work.pace
        left = meant_at - perf_counter()
        if left > 0:
            await asyncio.sleep(left)
        talk = talks[number % len(talks)]
        if talk.is_busy:
            waiting[id(talk)].append(meant_at)
        else:
            # A timer of this process that wakes late is no fault of the servers.
            talk.begin(meant_at if left <= 0 else None)
    await _drained(opened)
    return sorted(times)


async def idle(running: Running, work: Work) -> float:
    """KiB of the servers' memory for each of many conversations that stand open after one round."""
    before = await running.open(work.idle_before, work.idle_held)
    await _one_round(before)
    await asyncio.sleep(SETTLES_IN_S)
    base = _memory(running.servers)
    opened = await running.open(work.idle, work.idle_held)
    try:
        await _one_round(opened)
        await asyncio.sleep(SETTLES_IN_S)
        grown = _memory(running.servers) - base
        looked_after(opened)
    finally:
        opened.close()
        before.close()
    return grown / 1024 / work.idle


def quantile(ordered: Sequence[float], share: float) -> float:
    """The time that ``share`` of all stayed under."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def looked_after(opened: OpenTalks) -> None:
    """Raise ``NotRelayed`` where anything went another way than it should."""
    if opened.broke:
        raise NotRelayed(f"{len(opened.broke)} lines broke, the first: {opened.broke[0]}")
    if opened.surprises:
        raise NotRelayed(f"{opened.surprises} things were told twice or to the wrong one")
    busy = sum(talk.is_busy for talk in opened.talks)
    if busy:
        raise NotRelayed(f"{busy} conversations wait for something that never came")


async def _one_round(opened: OpenTalks) -> None:
    for first in range(0, len(opened.talks), AT_ONCE):
        some = opened.talks[first : first + AT_ONCE]
        for talk in some:
            talk.begin()
        await _drained(OpenTalks(some, opened.wires))


async def _drained(opened: OpenTalks) -> None:
    ends = perf_counter() + DRAINS_WITHIN_S
    # What is waited for comes over many lines; looking fifty times a second costs the generator nothing.
    while perf_counter() < ends and any(talk.is_busy for talk in opened.talks):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    looked_after(opened)


def _memory(processes: Sequence[psutil.Process]) -> int:
    return sum(int(each.memory_info().rss) for each in processes)
