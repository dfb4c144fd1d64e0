"""Shares a process's lines out, so that a flood of silent or waiting ones takes nothing from people who talk."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from chat.share import Share
from chat.sockets.pulse import Pulse

# Lines that have proved nothing yet. They live five seconds at most; a page that is refused comes back by itself.
UNPROVEN: Final = 400
# Lines of one conversation or one session: a page that reconnects may leave some behind for a while, never many.
OF_ONE: Final = 6

# Of a process, before a line more is let in. An open conversation, and a desk, always is. A first word moves a line
# from one to the other and is never refused for it, so that all of them together have a bound as well: what both allow.
MOST: Mapping[Share, int] = {"unspoken": 1_000, "waiting": 4_000}


@dataclass(frozen=True, slots=True)
class Proven:
    """Whose line it is, by the random id of a conversation or a session, and how far its conversation has come."""

    name: bytes
    share: Share = "open"


class Crowded(Exception):
    """This share is used up."""


class Shares:
    """The lines of one process, counted by what they have proved. A proven one is never shed for an unproven one.

    `pulse`: the one clock that looks at all of them.
    """

    def __init__(self, was_cut: Callable[[bytes], None] = lambda _who: None) -> None:
        """`was_cut`: called with its name when a proven line broke without anybody's having ended it."""
        self.was_cut = was_cut
        self._unproven = 0
        self._of: Counter[bytes] = Counter()
        self._in: Counter[Share] = Counter()
        self.pulse = Pulse()

    @contextmanager
    def unproven(self) -> Iterator[None]:
        """A line before its first frame. Raises Crowded."""
        if self._unproven >= UNPROVEN:
            raise Crowded
        self._unproven += 1
        try:
            yield
        finally:
            self._unproven -= 1

    @contextmanager
    def proven(self, proven: Proven) -> Iterator["Seat"]:
        """A line of one conversation or session. Raises Crowded."""
        if self._of[proven.name] >= OF_ONE or self._is_full(proven.share):
            raise Crowded
        self._of[proven.name] += 1
        seat = Seat(self._in, proven)
        try:
            yield seat
        finally:
            seat.leave()
            self._of[proven.name] -= 1
            if not self._of[proven.name]:
                del self._of[proven.name]

    def taken(self, share: Share) -> int:
        """How many lines of this share there are."""
        return self._in[share]

    def _is_full(self, share: Share) -> bool:
        if share == "open":
            return False
        return self.taken(share) >= MOST[share] or sum(self.taken(each) for each in MOST) >= sum(MOST.values())


class Seat:
    """One line's place in its share. It moves as the conversation goes on, and is never refused then."""

    def __init__(self, counted: Counter[Share], proven: Proven) -> None:
        self._counted = counted
        self.name = proven.name
        self.share = proven.share
        counted[self.share] += 1

    def moves(self, share: Share) -> None:
        """The conversation has come this far, or fallen back."""
        self.leave()
        self.share = share
        self._counted[share] += 1

    def leave(self) -> None:
        """The line is over."""
        self._counted[self.share] -= 1
