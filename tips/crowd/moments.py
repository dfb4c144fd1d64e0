"""Counts how many forms that were opened in the same second are kept, for as long as such a form may be sent."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from portal.web.csrf import OLDEST

SECONDS: Final = int(OLDEST.total_seconds()) + 1


class Moments:
    """Counts by second, in this process's memory only: when a form was opened, nothing of who opened it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, int] = OrderedDict()

    def of_its_second(self, opened: datetime) -> int:
        """How many of those opened in this second were kept."""
        return self._kept.get(int(opened.timestamp()), 0)

    def kept(self, opened: datetime) -> None:
        """One more of them is kept. At most as many seconds are remembered as a form may be old."""
        second = int(opened.timestamp())
        self._kept[second] = self._kept.pop(second, 0) + 1
        if len(self._kept) > SECONDS:
            self._kept.popitem(last=False)
