"""What the rounds gave, row by row, each beside the floor of the same round; and what issue and design ask of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.relay.measure import Measured

MOST_KIB = 32.0


@dataclass
class Results:
    """Every row's figures in the order of the rounds; ``failed``: what a row did not do, in a round's own words."""

    floor: str
    ours: str
    measured: dict[str, dict[int, Measured]] = field(default_factory=dict)
    failed: dict[str, list[str]] = field(default_factory=dict)
    to_disk_ms: list[float] = field(default_factory=list)
    load: list[float] = field(default_factory=list)

    def values(self, row: str, of: Callable[[Measured], float]) -> list[float]:
        """One figure of one row, round by round."""
        return [figure for each in self.measured.get(row, {}).values() if not math.isnan(figure := of(each))]

    def ratios(self, row: str, to: str, of: Callable[[Measured], float]) -> list[float]:
        """The same beside another row of the same round, where that one did enough for the clock to have seen it."""
        mine, other = self.measured.get(row, {}), self.measured.get(to, {})
        return [of(mine[number]) / of(other[number]) for number in mine if number in other and of(other[number])]


@dataclass(frozen=True)
class Target:
    """One thing asked, what came, and whether that is enough in the median round."""

    asked: str
    came: str
    is_met: bool


def spread(values: Sequence[float], form: str = ".2f", unit: str = "") -> str:
    """Median, with the lowest and the highest where there is more than one."""
    if not values:
        return "not measured"
    middle = f"{statistics.median(values):{form}}{unit}"
    return middle if len(values) == 1 else f"{middle} ({min(values):{form}} to {max(values):{form}})"


def targets(results: Results, node: str, node_streams: str) -> list[Target]:
    """The relay's targets, in the order of the issue."""
    ours, floor = results.ours, results.floor
    found = [
        _at_least("messages a second, of the floor's", results.ratios(ours, floor, rate), 2.0),
        _at_most("server CPU a message, of the floor's", results.ratios(ours, floor, server), 0.40),
    ]
    if results.measured.get(node):
        found += [
            _at_least("messages a second, of Node pub/sub's", results.ratios(ours, node, rate), 0.9),
            _at_most("server CPU a message, of Node pub/sub's", results.ratios(ours, node, server), 1.0),
        ]
    if results.measured.get(node_streams):
        found.append(_at_least("messages a second, of Node streams'", results.ratios(ours, node_streams, rate), 1.5))
    mine, other = results.measured.get(ours, {}), results.measured.get(floor, {})
    over = [
        mine[number].p50 - other[number].p50 - 2 * results.to_disk_ms[number - 1] for number in mine if number in other
    ]
    if over:
        middle = statistics.median(over)
        found.append(
            Target(
                "paced p50: at most the floor's and two writes to this disk",
                f"{abs(middle):.2f} ms {'over' if middle > 0 else 'under'} that",
                middle <= 0,
            )
        )
    found.append(_at_most("paced p99, of the floor's", results.ratios(ours, floor, p99), 2.5))
    kib = results.values(ours, idle)
    if kib:
        found.append(Target("KiB an idle conversation: at most 32", spread(kib, ".1f"), _middle(kib) <= MOST_KIB))
    return found


def rate(measured: Measured) -> float:
    """Relayed messages a second."""
    return measured.each_second


def server(measured: Measured) -> float:
    """Server CPU a message."""
    return measured.server_us


def broker(measured: Measured) -> float:
    """Valkey's CPU a message."""
    return measured.broker_us


def p50(measured: Measured) -> float:
    """The middle round trip at a pace."""
    return measured.p50


def p99(measured: Measured) -> float:
    """The round trip that one in a hundred is slower than."""
    return measured.p99


def idle(measured: Measured) -> float:
    """KiB of an idle conversation."""
    return measured.idle_kib


def _at_least(what: str, ratios: Sequence[float], least: float) -> Target:
    return Target(f"{what}: at least {least:g}x", spread(ratios, unit="x"), bool(ratios) and _middle(ratios) >= least)


def _at_most(what: str, ratios: Sequence[float], most: float) -> Target:
    return Target(f"{what}: at most {most:g}x", spread(ratios, unit="x"), bool(ratios) and _middle(ratios) <= most)


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values)
