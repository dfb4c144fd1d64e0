"""Runs a house some days later: the same program on a clock that is ahead, which closes quarters without the wait."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import portal.clock
import portal.figures.closing
import server

AHEAD = timedelta(days=int(os.environ.pop("DAYS_LATER")))
_now = portal.clock.SystemClock.now


def later(clock: portal.clock.SystemClock) -> datetime:
    """The moment it is in this house."""
    return _now(clock) + AHEAD


if __name__ == "__main__":
    portal.clock.SystemClock.now = later  # type: ignore[method-assign]
    portal.figures.closing.BEGINS_AFTER_SECONDS = 0.2  # type: ignore[misc]
    portal.figures.closing.PAUSE_SECONDS = 0.5  # type: ignore[misc]
    sys.exit(server.main())
