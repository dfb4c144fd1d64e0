"""Every metric of the house, with every label it can have: a closed table, and what an exporter reads from it.

`docs/metrics.md` says of each why it tells nothing about a person. What visitors move is released by whole hours and
days and in steps (`portal.operation.tally`); the rest is what the house says of itself, asked by its own clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric as Family
from prometheus_client.registry import Collector

from portal.operation.hourly import Held
from portal.operation.judging import MATTERS, Grade, Seen
from portal.operation.steps import FLOOR, step, waited
from portal.operation.tally import Count, Period, Tally

if TYPE_CHECKING:
    from portal.operation.lookout import Lookout

PERIODS: Final[tuple[Period, ...]] = ("hour", "day")
DROPS: Final[Mapping[str, Count]] = {"visitor": "drops_visitor", "desk": "drops_desk"}
TURNED: Final[Mapping[str, Count]] = {
    "staff": "pool_staff",
    "known": "pool_known",
    "coming_back": "pool_coming_back",
    "filing": "pool_filing",
    "database": "pool_database",
    "requests": "turned_away",
}
QUANTILES: Final = {"0.5": 0.5, "0.9": 0.9}
WRITES: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 3.0)
FREE_STEP: Final = 0.05
STORES: Final = ("database", "durable", "ember")
DAY_S: Final = 86_400

Sample = tuple[tuple[str, ...], float]


@dataclass(frozen=True)
class Metric:
    """One name, what it says, its labels with all they can be, and how its samples are had."""

    name: str
    says: str
    read: Callable[[Tally, Lookout], Iterable[Sample]]
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_counter: bool = False


def _matters(tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    for found in lookout.findings:
        is_now = _of_the_hour(tally) if found.matter == "engine" else lookout.hourly.grade(found)
        yield from (((found.matter, grade.name.lower()), float(grade is is_now)) for grade in Grade)


def _of_the_hour(tally: Tally) -> Grade:
    """How the engine was in the last whole hour: that it is away just now can be what somebody's words were told."""
    return Grade.SOON if tally.last("engine_away_seconds", "hour") >= FLOOR else Grade.WELL


def _stores(_tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    seen = lookout.seen
    if seen is not None:
        answers = (seen.database, seen.durable, seen.ember)
        yield from (((name,), float(answer == "answers")) for name, answer in zip(STORES, answers, strict=True))


def _workers(tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    if tally.is_supervised and lookout.seen is not None and lookout.seen.workers is not None:
        yield ("living",), tally.living()
        yield ("wanted",), lookout.seen.workers[1]


def _free(_tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    for place, free in _held(lookout).free.items():
        yield (place,), round(int(free / FREE_STEP) * FREE_STEP, 2)


def _write(_tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    took = _held(lookout).write_ms
    yield (), next((each for each in WRITES if took / 1000 <= each), WRITES[-1])


def _certificate(_tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    seen = _seen(lookout)
    ends = [each.life.ends for each in seen.certificates or () if each.life is not None]
    if ends:
        yield (), int((min(ends) - seen.now).total_seconds() // DAY_S) * DAY_S


def _backup(_tally: Tally, lookout: Lookout) -> Iterable[Sample]:
    seen = _seen(lookout)
    if seen.backup is not None and seen.backup != "never":
        yield (), (seen.now.date() - seen.backup).days * DAY_S


def _jumps(tally: Tally, _lookout: Lookout) -> Iterable[Sample]:
    yield (), tally.clock_jumps()


def _drops(tally: Tally, _lookout: Lookout) -> Iterable[Sample]:
    yield from _released(tally, DROPS)


def _turned(tally: Tally, _lookout: Lookout) -> Iterable[Sample]:
    yield from _released(tally, TURNED)


def _waiting(tally: Tally, _lookout: Lookout) -> Iterable[Sample]:
    yield from (((period,), step(tally.last("waiting", period))) for period in PERIODS)


def _away(tally: Tally, _lookout: Lookout) -> Iterable[Sample]:
    yield from (((period,), step(tally.last("engine_away_seconds", period))) for period in PERIODS)


def _waits(tally: Tally, _lookout: Lookout) -> Iterable[Sample]:
    for period in PERIODS:
        counts = tally.waits(period)
        for name, quantile in QUANTILES.items():
            if (within := waited(counts, quantile)) is not None:
                yield (name, period), within


def _released(tally: Tally, counts: Mapping[str, Count]) -> Iterable[Sample]:
    for name, count in counts.items():
        yield from (((name, period), step(tally.last(count, period))) for period in PERIODS)


def _seen(lookout: Lookout) -> Seen:
    if lookout.seen is None:
        raise _NotYet
    return lookout.seen


def _held(lookout: Lookout) -> Held:
    if lookout.hourly.held is None:
        raise _NotYet
    return lookout.hourly.held


class _NotYet(Exception):
    """Nothing was looked at yet: the metric has no sample."""


METRICS: Final = (
    Metric(
        "porchlight_matter",
        "How each matter of the house stands; 1 for the one grade it has.",
        _matters,
        {"matter": MATTERS, "grade": tuple(grade.name.lower() for grade in Grade)},
    ),
    Metric(
        "porchlight_store_answers", "1 where a store answered the house's own question.", _stores, {"store": STORES}
    ),
    Metric("porchlight_workers", "Workers of this server.", _workers, {"state": ("living", "wanted")}),
    Metric(
        "porchlight_disk_free_ratio",
        "Free part of a disk as the hour began, in twentieths.",
        _free,
        {"place": ("data", "keys", "rows")},
    ),
    Metric(
        "porchlight_disk_write_seconds",
        "How long a small write took to be on the disk, the middle one of the last whole hour, in steps.",
        _write,
    ),
    Metric("porchlight_certificate_left_seconds", "Until the first certificate ends, in whole days.", _certificate),
    Metric("porchlight_backup_age_seconds", "Since the day of the newest backup, in whole days.", _backup),
    Metric("porchlight_clock_jumps", "How often the machine's clock jumped.", _jumps, is_counter=True),
    Metric(
        "porchlight_line_drops",
        "Lines that broke in the last whole hour or day, in steps.",
        _drops,
        {"side": tuple(DROPS), "period": PERIODS},
    ),
    Metric("porchlight_most_waiting", "The longest the queue was in it, in steps.", _waiting, {"period": PERIODS}),
    Metric(
        "porchlight_wait_seconds",
        "Within how long this part of those who were taken in it were taken, in steps.",
        _waits,
        {"part": tuple(QUANTILES), "period": PERIODS},
    ),
    Metric(
        "porchlight_turned_away",
        "How often a place was full in it, in steps.",
        _turned,
        {"pool": tuple(TURNED), "period": PERIODS},
    ),
    Metric(
        "porchlight_engine_away_seconds",
        "Seconds of it in which the engine was left alone.",
        _away,
        {"period": PERIODS},
    ),
)


class HouseCollector(Collector):
    """Hands the table to the exporter's own writer: what the format is, is the library's business."""

    def __init__(self, tally: Tally, lookout: Lookout) -> None:
        self._tally = tally
        self._lookout = lookout

    def collect(self) -> Iterable[Family]:
        """Every metric with the samples it has now."""
        for metric in METRICS:
            family = (CounterMetricFamily if metric.is_counter else GaugeMetricFamily)(
                metric.name, metric.says, labels=tuple(metric.labels)
            )
            try:
                for labels, value in metric.read(self._tally, self._lookout):
                    family.add_metric(labels, value)
            except _NotYet:
                pass
            yield family
