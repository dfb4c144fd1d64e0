"""Decides whether a session stands, stands locked, or is over: two time-outs, and what holding somebody changes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

# The last stretch of a session: a pause in it is enough to lock a desk that holds somebody. The passphrase gives it
# new hours, so that the end itself comes in nobody's sentence.
LAST_HOUR: Final = timedelta(hours=1)
PAUSE: Final = timedelta(minutes=5)
# For so long a session that has run out can still become a locked one: longer than a desk that went silent keeps
# anybody, so whoever is held is either known to be by then or held no more.
KEPT: Final = timedelta(minutes=2)

# What somebody began to write in the last minute of her time to read can be sent for so long.
MAY_FINISH: Final = timedelta(minutes=30)

Standing = Literal["open", "locked", "over"]
Reading = Literal["open", "closing", "over"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without a hand, and however busy it is; how long what is kept opens in it.

    `reading`: from the passphrase on; nothing at all: for as long as the session lasts.
    """

    idle: timedelta
    absolute: timedelta
    reading: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How a session was found: since when there was no hand, how much of its time is left, whether it was locked."""

    quiet: timedelta
    left: timedelta
    is_locked: bool = False

    def has_run_out(self, limits: Limits) -> bool:
        """Whether one of its two times is over."""
        return self.quiet >= limits.idle or self.left <= timedelta(0)

    def asks_who_is_held(self, limits: Limits) -> bool:
        """Whether it matters if she holds somebody; most of the time it does not, and nobody need look."""
        return self.has_run_out(limits) or (self.left <= LAST_HOUR and self.quiet >= PAUSE)

    def reading(self, limits: Limits) -> Reading:
        """Whether what is kept still opens: yes; no more, and what was begun may be finished; no."""
        age = limits.absolute - self.left
        if not limits.reading or age < limits.reading:
            return "open"
        return "closing" if age < limits.reading + MAY_FINISH else "over"

    def standing(self, limits: Limits, *, is_holding: bool) -> Standing:
        """What it is from now on. Nothing but a held conversation carries it past its time, and then it is locked."""
        if self.has_run_out(limits):
            return "locked" if is_holding else "over"
        if self.is_locked:
            return "locked"
        return "locked" if is_holding and self.asks_who_is_held(limits) else "open"
