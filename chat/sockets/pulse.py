"""Looks at all lines of a process by one clock: which is silent, which takes nothing, which is owed a beat."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Final, Literal, Protocol

LOOK_EVERY_S: Final = 1.0

Due = Literal["", "silent", "stuck", "beat"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a line may say nothing, take nothing, and be told nothing, in seconds."""

    silence: float
    write: float
    quiet: float


def due(
    now: float, limits: Limits, *, heard_at: float, told_at: float, waits_since: float | None, has_room: bool
) -> Due:
    """What a line is due for. `waits_since`: since when it takes nothing of what waits for it (None: nothing does)."""
    if now - heard_at >= limits.silence:
        return "silent"
    if waits_since is not None:
        return "stuck" if now - waits_since >= limits.write else ""
    quiet = now - told_at
    if quiet < limits.quiet:
        return ""
    if has_room:
        return "beat"
    return "stuck" if quiet >= limits.quiet + limits.write else ""


class Watched(Protocol):
    """An open line."""

    def look(self, now: float) -> None:
        """Do what it is due for."""


class Pulse:
    """A task and a timer for each line would weigh more than all it knows of its time."""

    def __init__(self) -> None:
        self._lines: dict[Watched, None] = {}
        self._clock: asyncio.TimerHandle | None = None

    def watch(self, line: Watched) -> None:
        """Look at this one too."""
        self._lines[line] = None
        if self._clock is None:
            self._clock = asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._tick)

    def leave(self, line: Watched) -> None:
        """It is over."""
        del self._lines[line]

    def _tick(self) -> None:
        self._clock = None
        now = monotonic()
        for line in tuple(self._lines):
            line.look(now)
        if self._lines:
            self._clock = asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._tick)
