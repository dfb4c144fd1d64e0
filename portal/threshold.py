"""Lets requests of talks in until each has shown whose it is; where too many stand there, the slowest gives way."""

import asyncio
from typing import Final

from starlette.types import Message, Receive

from portal.errors import TooBusy
from portal.web.forms import MIB

# What all of them together may hold of bodies nobody has looked at yet.
MOST_BYTES: Final = 16 * MIB


class Threshold:
    """Where nobody knows yet who asks, so that nobody can be turned away for who she is.

    Whoever is whole needs a moment only, for a look at the store. Whoever is not can stand here for as long as she
    likes, and strangers would: so the one that has been coming longest makes room for the newest, and the one that
    holds most for the next piece. A phone on a bad line sends a few hundred bytes and is through before that.
    """

    def __init__(self, most: int, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._standing: set[Arrival] = set()
        self._coming: dict[Arrival, None] = {}  # those whose body is not whole, the longest first
        self.held = 0

    def enter(self, receive: Receive, *, has_body: bool, is_let_in: bool = False) -> "Arrival":
        """One more. Raises TooBusy where none of the others can make room; `is_let_in`: not even then."""
        if len(self._standing) >= self._most:
            slowest = next(iter(self._coming), None)
            if slowest is not None:
                slowest.give_way()
            elif not is_let_in:
                raise TooBusy
        arrival = Arrival(self, receive, is_whole=not has_body)
        self._standing.add(arrival)
        if has_body:
            self._coming[arrival] = None
        return arrival

    def holds(self, arrival: "Arrival", more: int) -> None:
        """A piece of this one's body has come; where all hold too much, whichever holds most gives way."""
        if arrival not in self._standing:
            return
        self.held += more
        if self.held > self._most_bytes:
            max((arrival, *self._coming), key=lambda each: each.held).give_way()

    def is_whole(self, arrival: "Arrival") -> None:
        """All of its body is there: from here on it does not give way."""
        self._coming.pop(arrival, None)

    def leave(self, arrival: "Arrival") -> None:
        """It has shown whose it is, or is over; more than once is no harm."""
        if arrival in self._standing:
            self._standing.remove(arrival)
            self._coming.pop(arrival, None)
            self.held -= arrival.held

    def __len__(self) -> int:
        """How many stand here."""
        return len(self._standing)


class Arrival:
    """One request on the threshold; stands where its `receive` would."""

    def __init__(self, threshold: Threshold, receive: Receive, *, is_whole: bool) -> None:
        self._threshold = threshold
        self._receive = receive
        self._is_whole = is_whole
        self._gives_way = False
        self._wait: asyncio.Timeout | None = None
        self.held = 0

    async def __call__(self) -> Message:
        """The next piece. Raises TooBusy once it has to give way."""
        if self._is_whole:
            return await self._receive()
        if self._gives_way:
            raise TooBusy
        try:
            async with asyncio.timeout(None) as self._wait:
                message = await self._receive()
        except TimeoutError:
            raise TooBusy from None  # the only end this wait has is that it gives way
        finally:
            self._wait = None
        self._came(message)
        if self._gives_way:
            raise TooBusy
        return message

    def give_way(self) -> None:
        """Its place is free from now on; it hears of it with the piece it waits for."""
        self._gives_way = True
        self._threshold.leave(self)
        if self._wait is not None:
            self._wait.reschedule(asyncio.get_running_loop().time())

    def leave(self) -> None:
        """It stands here no more."""
        self._threshold.leave(self)

    def _came(self, message: Message) -> None:
        more = len(message.get("body", b""))
        self.held += more
        self._threshold.holds(self, more)
        if message["type"] != "http.request" or not message.get("more_body", False):
            self._is_whole = True
            self._threshold.is_whole(self)
