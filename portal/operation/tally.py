"""Counts what many did together, in memory that all workers of a server share, and lets only whole hours be seen.

A number that moved at the moment somebody came would tell that she came: whoever sees it each 15 seconds and knows her
habits could match the two. So a count is seen when its hour, or its day, is over (UTC), never before, and then only in
steps (`portal.operation.steps`). The memory belongs to no file and is gone with the server.

Each worker writes into a place of its own, which the supervisor gave it; so nothing is locked, and a worker that is
started again goes on where the one before it ended.
"""

import mmap
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Final, Literal

from portal.operation.steps import FLOOR, WAITS, wait_step

Count = Literal[
    "drops_visitor",
    "drops_desk",
    "waiting",
    "pool_staff",
    "pool_known",
    "pool_coming_back",
    "pool_filing",
    "pool_database",
    "turned_away",
    "engine_away_seconds",
]
Period = Literal["hour", "day"]

COUNTS: Final[tuple[Count, ...]] = (
    "drops_visitor",
    "drops_desk",
    "waiting",
    "pool_staff",
    "pool_known",
    "pool_coming_back",
    "pool_filing",
    "pool_database",
    "turned_away",
    "engine_away_seconds",
)
SEEN_BY_ALL: Final[frozenset[str]] = frozenset({"waiting", "engine_away_seconds"})  # each process sees it whole
OF_ONE_EACH: Final[frozenset[str]] = frozenset({"drops_visitor", "drops_desk"})  # counted once for each person
MOST_KNOWN: Final = 20_000  # the last step is lower
SECONDS: Final[dict[Period, int]] = {"hour": 3_600, "day": 86_400}
MOST_WORKERS: Final = 64
LIVES_S: Final = 10.0  # a worker that has not been heard for so long stands still

_NAMES: Final = (*COUNTS, *(f"wait_{each}" for each in WAITS))
_BEAT, _JUMPS, _FIRST = 0, 1, 2
_OF_ONE: Final = 3 * len(SECONDS)  # which period it was, what it has by now, what the one before it had
_PLACE: Final = _FIRST + len(_NAMES) * _OF_ONE


class Tally:
    """One for each server, made before its workers are forked."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._memory = mmap.mmap(-1, MOST_WORKERS * _PLACE * 8)
        self._numbers = memoryview(self._memory).cast("d")
        self._mine = 0
        self._known: dict[tuple[str, int], tuple[int, set[int]]] = {}
        self.is_supervised = False

    def take_place(self, place: int) -> None:
        """This process is the worker of this place, from 0."""
        self._mine, self.is_supervised = place % MOST_WORKERS, True

    def count(self, name: Count, many: int = 1) -> None:
        """So many more of it."""
        for at in self._fresh(name):
            self._numbers[at + 1] += many

    def peak(self, name: Count, value: int) -> None:
        """It is so much now: kept where it was never more."""
        for at in self._fresh(name):
            self._numbers[at + 1] = max(self._numbers[at + 1], value)

    def count_once(self, name: Count, who: bytes) -> None:
        """One more of it, but for each `who` once an hour and once a day.

        One phone in a tunnel breaks its line ten times: were each counted, an hour with her alone would show.
        """
        for at, is_new in zip(self._fresh(name), self._are_new(name, who), strict=True):
            self._numbers[at + 1] += is_new

    def was_taken(self, who: bytes, waited_s: float) -> None:
        """Somebody was taken out of the queue after so long; the same one again is not counted."""
        places = self._fresh(f"wait_{wait_step(waited_s)}")
        for at, is_new in zip(places, self._are_new("wait", who), strict=True):
            self._numbers[at + 1] += is_new

    def last(self, name: Count, period: Period) -> int:
        """The exact number of the last whole hour or day of this server. For `steps.step`, never to be shown."""
        return self._last(name, period)

    def waits(self, period: Period) -> dict[int, int]:
        """How many were taken within each of `WAITS`, the same way."""
        return {each: self._last(f"wait_{each}", period) for each in WAITS}

    # The workers themselves

    def beat(self) -> None:
        """This worker lives."""
        self._numbers[self._mine * _PLACE + _BEAT] = monotonic()

    def living(self) -> int:
        """How many workers of this server were heard just now."""
        since = monotonic() - LIVES_S
        return sum(self._numbers[place * _PLACE + _BEAT] > max(0.0, since) for place in range(MOST_WORKERS))

    def clock_jumped(self) -> None:
        """The machine's clock jumped. Every worker sees it."""
        self._numbers[self._mine * _PLACE + _JUMPS] += 1

    def clock_jumps(self) -> int:
        """How often since the server began, as far as its oldest worker has seen."""
        return int(max(self._numbers[place * _PLACE + _JUMPS] for place in range(MOST_WORKERS)))

    def _are_new(self, name: str, who: bytes) -> list[bool]:
        """Whether `who` was not counted yet in this hour, and in this day, by this worker."""
        found = []
        for seconds in SECONDS.values():
            is_now = int(self._now().timestamp()) // seconds
            period, known = self._known.get((name, seconds), (is_now, set()))
            if period != is_now:
                known = set()
            self._known[name, seconds] = (is_now, known)
            of = hash(who)  # keyed by this process; nothing that names anybody elsewhere
            found.append(of not in known and len(known) < MOST_KNOWN)
            if found[-1]:
                known.add(of)
        return found

    def _fresh(self, name: str) -> Sequence[int]:
        """Where my numbers of this name are, turned on to the hour and the day that it is now."""
        found = []
        for at, seconds in self._places(name, self._mine):
            is_now = int(self._now().timestamp()) // seconds
            kept = int(self._numbers[at])
            if kept != is_now:
                before = self._numbers[at + 1] if kept == is_now - 1 else 0.0
                self._numbers[at], self._numbers[at + 1], self._numbers[at + 2] = is_now, 0.0, before
            found.append(at)
        return found

    def _last(self, name: str, period: Period) -> int:
        number = tuple(SECONDS).index(period)
        is_now = int(self._now().timestamp()) // SECONDS[period]
        found = []
        for place in range(MOST_WORKERS):
            at = self._places(name, place)[number][0]
            kept = int(self._numbers[at])
            # Whoever has counted nothing since still stands at an earlier hour.
            found.append({is_now: self._numbers[at + 2], is_now - 1: self._numbers[at + 1]}.get(kept, 0.0))
        if name in OF_ONE_EACH:
            # The same person may come to several workers: what one of them alone saw five of is five.
            found = [each for each in found if each >= FLOOR]
        return int(max(found) if name in SEEN_BY_ALL else sum(found))

    @staticmethod
    def _places(name: str, place: int) -> list[tuple[int, int]]:
        first = place * _PLACE + _FIRST + _NAMES.index(name) * _OF_ONE
        return [(first + 3 * at, seconds) for at, seconds in enumerate(SECONDS.values())]
