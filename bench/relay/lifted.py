"""The real front door with the bounds of a hand out of reach: a generator says more, holds more, and staffs faster.

Every frame is still counted against its line's bound, as in any house, and every take against a capacity.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import server
from chat.sockets import loop
from portal import settings as reading
from portal.settings import Settings
from portal.staff import invitations, unlock
from portal.web.throttle import Pace, Throttle

MOST_HELD = 100
OUT_OF_REACH: Mapping[str, Any] = {"burst": 1_000_000, "each_second": 1_000_000}


class FarThrottle(Throttle):
    """Counts like any other, to a number nobody reaches."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**{**told, **OUT_OF_REACH})


class FarPace(Pace):
    """The same for a line."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**{**told, **OUT_OF_REACH})


def roomy(read: Callable[..., Settings]) -> Callable[..., Settings]:
    """The same settings, with room for more conversations on a line than any advocate could hold."""

    def reads(*told: Any) -> Settings:
        return replace(read(*told), chat_capacity=MOST_HELD)

    return reads


if __name__ == "__main__":
    setattr(reading, reading.from_process.__name__, roomy(reading.from_process))
    setattr(loop, Pace.__name__, FarPace)
    for room in (invitations, unlock):
        setattr(room, Throttle.__name__, FarThrottle)
    sys.exit(server.main())
