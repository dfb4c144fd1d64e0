"""A command on its way to a store: what it is to whoever asked, and who is told what it is answered."""

import asyncio
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Final

from redis.exceptions import ConnectionError as RedisConnectionError

Command = Sequence[Any]

_DESPITE_FULL: Final = "#!lua flags=allow-oom\nredis.call('SET', KEYS[1], '') redis.call('DEL', KEYS[1])"


class Weight(IntEnum):
    """What a command is to whoever asked: a look at something, words somebody is shown, or a change."""

    LOOKS = 0
    SHOWS = 1
    CHANGES = 2


class NotCopied(RedisConnectionError):
    """It was done, and not every replica that may follow said in time that it has it too: a server that dies now
    takes it along."""


class Asked:
    """One command on its way. Of several asked together the last one answers for all.

    `late`: says that it answers two things, and takes the second of them, what others are to be told, where nobody
    waits for the answer any more and copies of what was done are there at last.
    """

    __slots__ = ("answers", "future", "is_held", "is_last", "late", "marks", "weight")

    def __init__(
        self,
        future: asyncio.Future[Any],
        answers: list[Any] | None,
        is_last: bool,
        late: Callable[[Any], None] | None = None,
    ) -> None:
        self.future = future
        self.answers = answers
        self.is_last = is_last
        self.late = late
        self.is_held = False
        self.weight = Weight.LOOKS
        self.marks: Sequence[Command] = ()  # what may be written behind it so that WAIT counts from then

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
        elif self.late is not None and self.tells(answer):
            self.late(answer[1])

    def tells(self, answer: Any) -> bool:
        """Whether others are to be told something of it."""
        return self.late is not None and not isinstance(answer, Exception) and bool(answer[1])


def nobodys(loop: asyncio.AbstractEventLoop) -> Asked:
    """A command whose answer nobody waits for."""
    future = loop.create_future()
    future.cancel()
    return Asked(future, None, True)


def despite_full(marks: Sequence[Command]) -> Sequence[Command]:
    """The same marks where a server's memory is full: what is written and gone at once needs none.

    It takes removals then, and those have to be copied as well before they count.
    """
    return [("EVAL", _DESPITE_FULL, 1, each[1]) if each[0] == "SET" else each for each in marks]
