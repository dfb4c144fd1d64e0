"""Runs the inbox's bench: what opening the tips costs. `python -m bench inbox [TIPS]`."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bench.inbox import opening


def main(told: Sequence[str]) -> int:
    """Its table, for so many tips as are told, or a hundred thousand."""
    tips = int(told[0]) if told else 100_000
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; a busy machine makes every time longer.")
    opening.main(tips)
    return 0
