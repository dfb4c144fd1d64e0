"""Holds back what a server answered until its replicas have said that they have it too."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis
from redis.exceptions import ConnectionError as RedisConnectionError

Command = Sequence[Any]

COPIED_WITHIN_MS: Final = 500


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
    """Holds back what a packet was answered until so many replicas have said that they have it."""

    def __init__(self, wanted: int, changes: Callable[[Command], bool]) -> None:
        question: tuple[Any, ...] = ("WAIT", wanted, COPIED_WITHIN_MS)
        self.question = hiredis.pack_command(question)
        self._wanted = wanted
        self._changes = changes
        self._unsent: list[Asked] = []
        self._is_asked = False
        self._held: list[tuple[Asked, Any]] = []
        self._marks: set[Asked] = set()

    def waits(self, asked: Sequence[Asked], commands: Sequence[Command]) -> None:
        """These go out with the next packet."""
        self._unsent += asked
        self._is_asked = self._is_asked or any(self._changes(command) for command in commands)

    def mark(self, loop: asyncio.AbstractEventLoop) -> Asked | None:
        """The packet goes out: what is to be answered behind it, or None where nothing in it changes anything."""
        fresh, self._unsent = self._unsent, []
        is_asked, self._is_asked = self._is_asked, False
        if not is_asked:
            return None
        for each in fresh:
            each.is_held = True
        nobody = loop.create_future()
        nobody.cancel()
        mark = Asked(nobody, None, True)
        self._marks.add(mark)
        return mark

    def holds(self, asked: Asked, answer: Any) -> bool:
        """Whether this answer is none to hand on: it is held, or says of those before how many have them."""
        if asked in self._marks:
            self._marks.discard(asked)
            held, self._held = self._held, []
            has_all = isinstance(answer, int) and answer >= self._wanted
            for each, its in held:
                # Of several asked together one is enough to answer for all.
                if has_all or isinstance(its, Exception):
                    each.take(its)
                else:
                    each.fail(NotCopied("no copy"))
            return True
        if asked.is_held:
            self._held.append((asked, answer))
        return asked.is_held

    def left(self) -> list[Asked]:
        """Who is still held back, when the connection breaks."""
        held, self._held = self._held, []
        self._marks.clear()
        return [each for each, _ in held]
