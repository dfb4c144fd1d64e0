"""Notices when the machine's clock jumps: it is held beside the one that only ever goes forward.

What ends by itself after a silence, or goes after so many days, is judged by the machine's clock. A jump forward is no
silence and no day that passed: so whatever ends or deletes by it asks here first, and waits (decision 0051).
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import Final

from portal.clock import Clock

JUMP_S: Final = 5.0
"""Less is what a clock that is set gently, or a busy process between two readings, looks like."""
BEHIND_S: Final = 60.0
"""So far behind where it was a clock still counts as back: it may have been a little ahead all along."""
FAR_S: Final = 3_600.0
REMEMBERED_S: Final = 3_600.0
SETTLES_S: Final = 120.0
"""By then every page that lives has said so anew, and every desk: they do each 15 seconds."""
HOLDS_S: Final = 24 * 3_600.0
"""So long whoever mends the clock has, before days that never passed delete anything."""


class ClockWatch:
    """One in each process, asked once a second and before whatever the clock would end."""

    def __init__(
        self,
        clock: Clock,
        steady: Callable[[], float] = monotonic,
        jumped: Callable[[float], None] = lambda _by: None,
    ) -> None:
        """`jumped` is told of each jump, by how many seconds."""
        self._clock = clock
        self._steady = steady
        self._jumped = jumped
        self._before: tuple[datetime, float] | None = None
        self._jump: tuple[float, float] | None = None
        self._far_at: float | None = None
        self._lead = 0.0  # all jumps together: how far it is from where this process found it
        self._back: tuple[float, bool] | None = None

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
        if by < 0:
            self._back = (steady, self._lead >= JUMP_S and self._lead + by > -BEHIND_S)
        self._lead += by
        if abs(by) >= FAR_S:
            self._far_at = steady if by > 0 else None  # back again: the days are right
        self._jumped(by)
        return by

    @property
    def lately(self) -> float | None:
        """The last jump of the last hour, in seconds; None where there was none."""
        if self._jump is None or self._steady() - self._jump[1] > REMEMBERED_S:
            return None
        return self._jump[0]

    @property
    def is_settling(self) -> bool:
        """Whether it jumped forward just now: nobody has been silent for as long as it says. Looks for itself."""
        self.look()
        return self._jump is not None and self._jump[0] > 0 and self._steady() - self._jump[1] < SETTLES_S

    @property
    def was_set_back(self) -> bool:
        """Whether it jumped back just now: what was written before may lie ahead of it. Looks for itself."""
        self.look()
        return self._back is not None and self._steady() - self._back[0] < SETTLES_S

    @property
    def is_back(self) -> bool:
        """Whether it jumped back just now to where it was before it jumped ahead, and not behind that."""
        return self.was_set_back and self._back is not None and self._back[1]

    @property
    def has_leapt(self) -> bool:
        """Whether it jumped an hour or more ahead within a day, and not back. Looks for itself."""
        self.look()
        return self._far_at is not None and self._steady() - self._far_at < HOLDS_S
