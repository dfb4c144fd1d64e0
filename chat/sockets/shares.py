"""Shares a process's lines out, so that a flood of silent ones takes nothing from people who talk."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Lines that have proved nothing yet. They live five seconds at most; a page that is refused comes back by itself.
UNPROVEN: Final = 400
# Lines of one conversation or one session: a page that reconnects may leave some behind for a while, never many.
OF_ONE: Final = 6


class Crowded(Exception):
    """This share is used up."""


class Shares:
    """The lines of one process, counted by what they have proved. A proven one is never shed for an unproven one."""

    def __init__(self) -> None:
        self._unproven = 0
        self._of: Counter[bytes] = Counter()

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
    def proven(self, name: bytes) -> Iterator[None]:
        """A line of one conversation or session, named by its random id. Raises Crowded."""
        if self._of[name] >= OF_ONE:
            raise Crowded
        self._of[name] += 1
        try:
            yield
        finally:
            self._of[name] -= 1
            if not self._of[name]:
                del self._of[name]
