"""Times and processor time, and how they are printed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Figures:
    """One measured row: times in milliseconds, and the servers' processor time for one thing in microseconds."""

    name: str
    times_ms: Sequence[float]
    cpu_us: float = math.nan

    def quantile(self, share: float) -> float:
        """The time that ``share`` of all stayed under."""
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """User and system time these processes have used so far."""
    return sum(float(times.user + times.system) for times in (each.cpu_times() for each in processes))


def measured(
    name: str, do_once: Callable[[int], None], times: int, servers: Sequence[psutil.Process], *, pause_s: float = 0.0
) -> Figures:
    """Do it ``times`` times, one after the other, and look at the clock and at the servers' own time.

    ``pause_s`` lies between two of them and in no time.
    """
    for number in range(min(20, times)):
        do_once(-1 - number)
    took: list[float] = []
    before = cpu_seconds(servers)
    for number in range(times):
        time.sleep(pause_s)
        began = time.perf_counter()
        do_once(number)
        took.append((time.perf_counter() - began) * 1000)
    return Figures(name, took, (cpu_seconds(servers) - before) / times * 1e6)


def show(title: str, rows: Sequence[Figures]) -> None:
    """A table; every row beside the first one, which is the floor."""
    floor = rows[0]
    print(f"\n{title}")
    print(f"  {'':34} {'p50 ms':>9} {'p99 ms':>9} {'x floor':>8} {'cpu us':>8} {'x floor':>8}")
    for row in rows:
        ratio = row.quantile(0.5) / floor.quantile(0.5)
        line = f"  {row.name:34} {row.quantile(0.5):9.2f} {row.quantile(0.99):9.2f} {ratio:8.2f}"
        if not math.isnan(row.cpu_us):
            line += f" {row.cpu_us:8.0f} {row.cpu_us / floor.cpu_us if floor.cpu_us else math.nan:8.2f}"
        print(line)
