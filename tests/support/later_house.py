"""Runs a house some days later: the same program on a clock that is ahead, which closes quarters without the wait."""

from __future__ import annotations

import importlib
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


def main() -> int:
    """As `server.py`, so many days ahead as DAYS_LATER says."""
    # In the place of this folder, in which files have the names of others' modules.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    ahead = timedelta(days=int(os.environ.pop("DAYS_LATER")))
    rooms: dict[str, Any] = {name: importlib.import_module(name) for name in ("portal.clock", "portal.figures.closing")}
    clock, closing = rooms["portal.clock"].SystemClock, rooms["portal.figures.closing"]
    now = clock.now

    def later(self: object) -> datetime:
        moment: datetime = now(self)
        return moment + ahead

    clock.now = later
    closing.BEGINS_AFTER_SECONDS, closing.PAUSE_SECONDS = 0.2, 0.5
    return int(importlib.import_module("server").main())


if __name__ == "__main__":
    sys.exit(main())
