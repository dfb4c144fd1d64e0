"""Slows down what comes too fast, without knowing who sends it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from time import monotonic


@dataclass
class _Bucket:
    level: float
    at: float


class Pace:
    """One token bucket, for something that owns it: a line. `burst` at once, then `each_second`."""

    __slots__ = ("_at", "_burst", "_each_second", "_level")

    def __init__(self, *, burst: float, each_second: float) -> None:
        self._burst = burst
        self._each_second = each_second
        self._level = burst
        self._at = monotonic()

    def allows(self, *, at: float | None = None) -> bool:
        """Take one from the bucket if it holds one; False, and nothing taken, if not. `at` is in seconds."""
        now = monotonic() if at is None else at
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._each_second)
        self._at = now
        if self._level < 1.0:
            return False
        self._level -= 1.0
        return True


class Throttle:
    """A token bucket per name, in this process's memory only.

    Names are things that die with the case (a conversation, a socket, "the whole door"), never an address or
    anything made from one. At most `names` are remembered; the longest unused is forgotten first.
    """

    def __init__(self, *, burst: float, each_second: float, names: int = 10_000) -> None:
        self._burst = burst
        self._each_second = each_second
        self._names = names
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def allows(self, name: Hashable = "", *, cost: float = 1.0, at: float | None = None) -> bool:
        """Take `cost` from the bucket if it holds that much; False, and nothing taken, if not. `at` is in seconds."""
        bucket = self._filled(name, monotonic() if at is None else at)
        if bucket.level < cost:
            return False
        bucket.level -= cost
        return True

    def forget(self, name: Hashable) -> None:
        """Forget a name whose case is closed."""
        self._buckets.pop(name, None)

    def _filled(self, name: Hashable, at: float) -> _Bucket:
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket(self._burst, at)
            if len(self._buckets) > self._names:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
            gained = max(0.0, at - bucket.at) * self._each_second
            bucket.level, bucket.at = min(self._burst, bucket.level + gained), at
        return bucket
