"""Runs a house some days later: the same program on a clock that is ahead, which closes quarters without the wait."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import portal.assembly
import portal.clock
import portal.figures.closing
import server

AHEAD = timedelta(days=int(os.environ.pop("DAYS_LATER")))


class LaterClock(portal.clock.SystemClock):
    """The machine's clock, and so many days."""

    def now(self) -> datetime:
        """The moment it is in this house."""
        return super().now() + AHEAD


if __name__ == "__main__":
    for name in ("portal.clock", "portal.assembly"):
        vars(sys.modules[name])["SystemClock"] = LaterClock
    for name, seconds in (("BEGINS_AFTER_SECONDS", 0.2), ("PAUSE_SECONDS", 0.5)):
        setattr(portal.figures.closing, name, seconds)
    sys.exit(server.main())
