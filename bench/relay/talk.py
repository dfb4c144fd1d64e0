"""One conversation under load: she writes, the advocate answers at once, and each is told that hers was taken."""

from __future__ import annotations

import base64
from collections.abc import Callable
from itertools import count
from time import perf_counter

TEXT = "I can write for about five minutes, he is asleep in the other room. My papers are in his desk; I do not know "
TEXT += "the address, there is a petrol station with a green sign and a bridge. Please do not call me on this line."
TEXT = TEXT[:200].ljust(200, ".")

_numbers = count(1)

Say = Callable[[str], None]

HERS_HEARD, ANSWER_HEARD, HERS_TAKEN, ANSWER_TAKEN = 1, 2, 4, 8
ALL = 15


def new_key() -> str:
    """A client key of 22 letters, never the same twice in one run."""
    return base64.urlsafe_b64encode(next(_numbers).to_bytes(16, "big")).decode().rstrip("=")


class Talk:
    """What one conversation is waiting for.

    A round is two relayed messages: hers and the advocate's answer. It is over when both were heard at the other side
    and both were acknowledged to their senders. Anything heard that is not awaited, or twice, is a surprise.
    """

    def __init__(self, visitor_says: Say, advocate_says: Say) -> None:
        self.visitor_says = visitor_says
        self.advocate_says = advocate_says
        self.done: Callable[[Talk, float], None] = nothing
        self.surprises = 0
        self._came = ALL
        self._said = self._answer = ""
        self._took = 0.0
        self._meant_at = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether something of the round is still to come."""
        return self._came != ALL

    def begin(self, meant_at: float | None = None) -> None:
        """Say hers. ``meant_at``: when it should have been said, where that is earlier."""
        self._meant_at = perf_counter() if meant_at is None else meant_at
        self._came = 0
        self._said, self._answer = new_key(), new_key()
        self.visitor_says(self._said)

    def advocate_hears(self, key: str) -> None:
        """Hers arrived: answer at once."""
        if key == self._said and not self._came & HERS_HEARD:
            self.advocate_says(self._answer)
            self._comes(HERS_HEARD)
        else:
            self.surprises += 1

    def visitor_hears(self, key: str) -> None:
        """The answer arrived."""
        if key == self._answer:
            self._took = perf_counter() - self._meant_at
            self._comes(ANSWER_HEARD)
        else:
            self.surprises += 1

    def is_accepted(self, key: str) -> None:
        """One of the two was acknowledged."""
        if key == self._said:
            self._comes(HERS_TAKEN)
        elif key == self._answer:
            self._comes(ANSWER_TAKEN)
        else:
            self.surprises += 1

    def _comes(self, what: int) -> None:
        if self._came & what:
            self.surprises += 1
            return
        self._came |= what
        if self._came == ALL:
            self.done(self, self._took)


def nothing(_talk: Talk, _took: float) -> None:
    """What happens after a round nobody counts."""
