"""How long a test waits for something that has to come.

Long, and the same everywhere: on a busy machine what comes late still comes, and how soon it comes is for `bench/` to
say. A test that waits for something never to come names its own, short, time.
"""

from __future__ import annotations

from collections.abc import Iterator

PATIENCE_S = 40.0
PATIENCE_MS = PATIENCE_S * 1000
# For what ends or stands again by itself within five seconds on a machine that does nothing else.
SOON_S = 20.0


def pauses() -> Iterator[float]:
    """How many seconds to wait between two looks: soon at first, then ever less often.

    A look at a page is work for four processes; what does not come at once is no sooner seen for thirty looks a second.
    """
    pause = 0.03
    while True:
        yield pause
        pause = min(pause * 1.4, 0.2)
