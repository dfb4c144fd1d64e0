"""Shows on a terminal how far a long command is, and nothing where nobody looks."""

from __future__ import annotations

import sys
import time
from typing import Final, TextIO

_WIDTH: Final = 30
_DRAWN_EVERY_S: Final = 0.1


class Bar:
    """One line that is drawn over itself: `Reading [#####.....] 50%`. Only on a terminal: a log gets none of it."""

    def __init__(self, does: str, total: int, out: TextIO | None = None) -> None:
        self._does = does
        self._total = max(total, 1)
        self._done = 0
        self._out = out or sys.stderr
        self._is_seen = self._out.isatty()
        self._drawn_at = 0.0

    def on(self, more: int) -> None:
        """So much more of the total is done."""
        self._done = min(self._done + more, self._total)
        now = time.monotonic()
        if self._is_seen and (now - self._drawn_at >= _DRAWN_EVERY_S or self._done == self._total):
            self._drawn_at = now
            self._draw()

    def over(self) -> None:
        """The line goes: what is said next stands in its place."""
        if self._is_seen and self._drawn_at:
            self._out.write(f"\r{' ' * (len(self._does) + _WIDTH + 9)}\r")
            self._out.flush()

    def _draw(self) -> None:
        filled = _WIDTH * self._done // self._total
        percent = 100 * self._done // self._total
        self._out.write(f"\r{self._does} [{'#' * filled}{'.' * (_WIDTH - filled)}] {percent:3d}%")
        self._out.flush()
