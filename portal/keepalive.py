"""Asks all lines of a process by one clock whether somebody is there; no silence counts where nobody reads."""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

ASK_EVERY_S: Final = 20.0  # and so long an answer may take: a page that is throttled answers all the same
LOOK_EVERY_S: Final = 1.0


class Kept(Protocol):
    """A line that is kept alive."""

    is_heard: bool

    @property
    def is_read(self) -> bool:
        """Whether what the other side sends is taken from the network now."""

    def ask(self) -> None:
        """Ask the other side for a sign."""

    def give_up(self) -> None:
        """It gave none."""


class Keepalive:
    """Of each line in turn. A timer, or two, for every line cost more memory than all else there is to know of it.

    A line whose frames wait, because the room still works on the ones before, cannot show that it lives: its answer
    lies behind them. So only a line that was read all the while is given up, and what the room thinks of one that it
    does not read for long is the room's to decide.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        # Until when each may be silent. All are given the same time, so the oldest stand first.
        self._due: dict[Kept, float] = {}
        self._late: set[Kept] = set()
        self._clock: asyncio.TimerHandle | None = None

    def add(self, line: Kept) -> None:
        """From here on it is asked."""
        line.is_heard = True
        self._due[line] = self._loop.time() + ASK_EVERY_S
        if self._clock is None:
            self._clock = self._loop.call_later(LOOK_EVERY_S, self._tick)

    def remove(self, line: Kept) -> None:
        """It is over."""
        self._due.pop(line, None)
        self._late.discard(line)

    def look(self, now: float) -> None:
        """Ask whoever is due, and give up those who were late before and still are, with nothing between."""
        for line in tuple(self._late):
            if line.is_heard:
                self._late.discard(line)
                self._ask(line, now)
            elif line.is_read:
                self.remove(line)
                line.give_up()
        due: list[Kept] = []
        for line, at in self._due.items():
            if at > now:
                break
            due.append(line)
        for line in due:
            del self._due[line]
            if line.is_heard:
                self._ask(line, now)
            else:
                # Once more after all that came meanwhile was read: a busy process looks at its clock before its lines.
                self._late.add(line)

    def _ask(self, line: Kept, now: float) -> None:
        line.is_heard = False
        self._due[line] = now + ASK_EVERY_S
        line.ask()

    def _tick(self) -> None:
        self._clock = None
        self.look(self._loop.time())
        if self._due or self._late:
            self._clock = self._loop.call_later(LOOK_EVERY_S, self._tick)
