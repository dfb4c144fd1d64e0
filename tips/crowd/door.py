"""Lets what is sent in as fast as this machine keeps it; the rest stands in line, or is turned away and may come again.

Every limit follows from how long keeping one takes here and now. Nobody is turned away for who she is, for nobody knows
it: only how urgent it is, how fast it was written, and how many were opened in the same second.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

from portal.errors import TooBusy
from portal.web.throttle import Throttle
from tips.crowd.lanes import Lane, honest_minutes, may_wait, turn_is_of_the_oldest

PLACES: Final = 2
"""Kept at the same time in a process: one is sealed while another is written. There is one pen for all."""

MOST_IN_LINE: Final = 500
"""In line at most, those that happen now and all others apart: each holds its words in memory."""

# Whatever the wait: of each lane somebody comes through every other second, so that none is ever closed.
TRICKLE_BURST: Final = 2
TRICKLE_EACH_SECOND: Final = 0.5

# What scripts may leave here on a quiet day, when the machine could keep hundreds a second and nobody could read them.
HASTY_BURST: Final = 60
HASTY_EACH_SECOND: Final = 2.0

FIRST_GUESS_S: Final = 0.02
_LEARNS: Final = 0.1


class TurnedAway(TooBusy):
    """More is sent than can be kept; this one could wait best. `minutes`: when to try again."""

    def __init__(self, minutes: int) -> None:
        super().__init__("more is sent than can be kept")
        self.minutes = minutes


class FilingDoor:
    """The one door of a process through which words come to be kept; `now_s` tells seconds, and never goes back."""

    def __init__(self, places: int = PLACES, now_s: Callable[[], float] = monotonic) -> None:
        self._now_s = now_s
        self._free = places
        self._places = places
        self._each_s = FIRST_GUESS_S
        self._line: dict[Lane, deque[tuple[int, asyncio.Future[None]]]] = {lane: deque() for lane in Lane}
        self._came = 0
        self._turns = 0
        self._trickle = Throttle(burst=TRICKLE_BURST, each_second=TRICKLE_EACH_SECOND)
        self._hasty = Throttle(burst=HASTY_BURST, each_second=HASTY_EACH_SECOND)
        self._turned_away: deque[float] = deque(maxlen=10_000)

    @asynccontextmanager
    async def entered(self, lane: Lane) -> AsyncIterator[None]:
        """Stand in line, and keep what there is to keep inside. Raises TurnedAway before anything heavy is done."""
        if not self._may_come(lane):
            raise TurnedAway(self._minutes(lane))
        await self._turn(lane)
        began = self._now_s()
        try:
            yield
        finally:
            self._each_s += _LEARNS * (self._now_s() - began - self._each_s)
            self._free += 1
            self._let_in()

    def wait_s(self, lane: Lane) -> float:
        """How long somebody who comes now in this lane stands in line, as far as it can be told."""
        ahead = sum(len(line) for each, line in self._line.items() if each <= lane)
        return 0.0 if self._free else (ahead + 1) * self._each_s / self._places

    def _may_come(self, lane: Lane) -> bool:
        if lane is Lane.NOW:
            return len(self._line[Lane.NOW]) < MOST_IN_LINE
        others = sum(len(line) for each, line in self._line.items() if each is not Lane.NOW)
        is_calm = lane is not Lane.HASTY or self._hasty.allows(at=self._now_s())
        if is_calm and others < MOST_IN_LINE and may_wait(lane, self.wait_s(lane)):
            return True
        return self._trickle.allows(lane, at=self._now_s())

    def _minutes(self, lane: Lane) -> int:
        now = self._now_s()
        self._turned_away.append(now)
        while self._turned_away[0] < now - 60:
            self._turned_away.popleft()
        return honest_minutes(self.wait_s(lane), len(self._turned_away), self._each_s / self._places)

    async def _turn(self, lane: Lane) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._came += 1
        place = (self._came, turn)
        self._line[lane].append(place)
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if place in self._line[lane]:
                self._line[lane].remove(place)
            else:
                self._free += 1
                self._let_in()
            raise

    def _let_in(self) -> None:
        while self._free and (standing := [line for line in self._line.values() if line]):
            is_oldest = turn_is_of_the_oldest(self._turns)
            line = min(standing, key=lambda line: line[0][0]) if is_oldest else standing[0]
            self._turns += 1
            self._free -= 1
            turn = line.popleft()[1]
            if not turn.done():  # else it was given up in this very moment, and gives the place back by itself
                turn.set_result(None)
