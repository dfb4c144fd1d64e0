"""Holds back what a server answered until its replicas have said that they have it too."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis
from redis.exceptions import ConnectionError as RedisConnectionError

Command = Sequence[Any]

COPIED_WITHIN_MS: Final = 500
LOOK_EVERY_S: Final = 1.0
"""So often the primary is asked how many replicas it has."""

TRIES_AGAIN_AFTER_S: Final = 10.0
ABOUT: Final[tuple[Any, ...]] = ("INFO", "replication")
_REPLICAS: Final = re.compile(rb"connected_slaves:(\d+)")


class NotCopied(RedisConnectionError):
    """It was done, and no replica said in time that it has it too: a server that dies now takes it along."""


class Asked:
    """One command on its way. Of several asked together the last one answers for all."""

    __slots__ = ("answers", "future", "is_held", "is_last")

    def __init__(self, future: asyncio.Future[Any], answers: list[Any] | None, is_last: bool) -> None:
        self.future = future
        self.answers = answers
        self.is_last = is_last
        self.is_held = False

    def fail(self, why: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(why)

    def take(self, answer: Any) -> None:
        if self.answers is not None:
            self.answers.append(answer)
            if self.is_last and not self.future.done():
                self.future.set_result(self.answers)
        elif not self.future.done():
            if isinstance(answer, Exception):
                self.future.set_exception(answer)
            else:
                self.future.set_result(answer)


class Copies:
    """Holds back what a packet was answered until the replicas say that they have it.

    Every replica that is there is waited for, since nobody can know which of them will be chosen: Sentinels choose by
    what they heard some moments ago. One that does not answer in time is not waited for again before it comes back, or
    for a while; with fewer than `fewest` nothing counts as kept.
    """

    def __init__(self, fewest: int, changes: Callable[[Command], bool], said: bytes | str) -> None:
        """`said`: what the primary answered to ABOUT as the connection began."""
        self._fewest = fewest
        self._changes = changes
        self._unsent: list[Asked] = []
        self._is_asked = False
        self._held: list[tuple[Asked, Any]] = []
        self._marks: set[Asked] = set()
        self._looks: set[Asked] = set()
        self._there = self._wanted = _replicas(said)
        self._looked_at = self._short_at = 0.0

    def waits(self, asked: Sequence[Asked], commands: Sequence[Command]) -> None:
        """These go out with the next packet."""
        self._unsent += asked
        self._is_asked = self._is_asked or any(self._changes(command) for command in commands)

    def behind(self, loop: asyncio.AbstractEventLoop) -> tuple[bytes, list[Asked]]:
        """The packet goes out: what is asked behind it; nothing where nothing in it changes anything."""
        fresh, self._unsent = self._unsent, []
        is_asked, self._is_asked = self._is_asked, False
        if not is_asked:
            return b"", []
        for each in fresh:
            each.is_held = True
        question: Command = ("WAIT", max(self._fewest, self._wanted), COPIED_WITHIN_MS)
        asked, mark = hiredis.pack_command(tuple(question)), _nobodys(loop)
        self._marks.add(mark)
        if loop.time() - self._looked_at < LOOK_EVERY_S:
            return asked, [mark]
        self._looked_at = loop.time()
        look = _nobodys(loop)
        self._looks.add(look)
        return asked + hiredis.pack_command(ABOUT), [mark, look]

    def holds(self, asked: Asked, answer: Any, now: float) -> bool:
        """Whether this answer is none to hand on: it is held, or says something of those before."""
        if asked in self._looks:
            self._looks.discard(asked)
            there = _replicas(answer)
            if there != self._there or now - self._short_at > TRIES_AGAIN_AFTER_S:
                self._there = self._wanted = there
            return True
        if asked in self._marks:
            self._marks.discard(asked)
            self._release(answer if isinstance(answer, int) else 0, now)
            return True
        if asked.is_held:
            self._held.append((asked, answer))
        return asked.is_held

    def left(self) -> list[Asked]:
        """Who is still held back, when the connection breaks."""
        held, self._held = self._held, []
        self._marks.clear()
        return [each for each, _ in held]

    def _release(self, copies: int, now: float) -> None:
        if copies < self._wanted:
            self._wanted, self._short_at = copies, now
        held, self._held = self._held, []
        for each, its in held:
            # Of several asked together one is enough to answer for all.
            if copies >= self._fewest or isinstance(its, Exception):
                each.take(its)
            else:
                each.fail(NotCopied("no copy"))


def _nobodys(loop: asyncio.AbstractEventLoop) -> Asked:
    future = loop.create_future()
    future.cancel()
    return Asked(future, None, True)


def _replicas(said: Any) -> int:
    found = _REPLICAS.search(said if isinstance(said, bytes) else str(said).encode())
    return int(found[1]) if found else 0
