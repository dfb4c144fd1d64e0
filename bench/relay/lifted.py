"""The real front door with the bounds of a hand out of reach: a generator says more, and staffs a house faster.

Every frame is still counted against its line's bound, as in any house.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import server
from chat.sockets import loop
from portal.staff import invitations, unlock
from portal.web.throttle import Pace, Throttle

OUT_OF_REACH: Mapping[str, Any] = {"burst": 1_000_000, "each_second": 1_000_000}


class FarThrottle(Throttle):
    """Counts like any other, to a number nobody reaches."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**{**told, **OUT_OF_REACH})


class FarPace(Pace):
    """The same for a line."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**{**told, **OUT_OF_REACH})


if __name__ == "__main__":
    setattr(loop, Pace.__name__, FarPace)
    for room in (invitations, unlock):
        setattr(room, Throttle.__name__, FarThrottle)
    sys.exit(server.main())
