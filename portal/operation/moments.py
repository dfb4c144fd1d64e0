"""Notices when the machine's clock jumps: it is held beside the one that only ever goes forward."""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Final

from portal.clock import Clock

JUMP_S: Final = 5.0
"""Less is what a clock that is set gently, or a busy process between two readings, looks like."""
REMEMBERED_S: Final = 3_600.0


class ClockWatch:
    """One in each process, asked once a second."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._steady = steady
        self._before: tuple[datetime, float] | None = None
        self._jump: tuple[float, float] | None = None

    def look(self) -> float | None:
        """By how many seconds the clock jumped since the last look, forward or back (negative); None where it did not.

        A process that stood still saw neither clock move more than the other: that is no jump.
        """
        now, steady = self._clock.now(), self._steady()
        before, self._before = self._before, (now, steady)
        if before is None:
            return None
        by = (now - before[0]).total_seconds() - (steady - before[1])
        if abs(by) < JUMP_S:
            return None
        self._jump = (by, steady)
        return by

    @property
    def lately(self) -> float | None:
        """The last jump of the last hour, in seconds; None where there was none."""
        if self._jump is None or self._steady() - self._jump[1] > REMEMBERED_S:
            return None
        return self._jump[0]
