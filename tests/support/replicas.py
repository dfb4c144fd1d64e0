"""A connection whose server and replicas a test plays itself, at moments of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import hiredis

from portal.store.asked import Asked, Weight
from portal.store.copies import HELD_FOR_S, Copies
from portal.store.heirs import Said
from portal.store.slots import mark_of, weighs

SET, GET, READ = ("SET", "k", "v"), ("GET", "k"), ("XRANGE", "k", "-", "+")
HERE = ("one", 6379)
DONE = [b"OK", [b"channel", b"words"]]
"""What a command answers that tells others something."""


def online(many: int) -> bytes:
    """What a primary says of its replicas; one more is on its way."""
    lines = [b"slave%d:ip=h,port=1,state=online,offset=1,lag=0" % at for at in range(many)]
    return b"\r\n".join([b"role:master", *lines, b"slave9:ip=h,port=1,state=wait_bgsave,offset=0,lag=0"])


class Sentinels:
    """What they said last, and how often they were asked to be asked."""

    def __init__(self, said: Said | None) -> None:
        self.said = said
        self.wishes: list[bool] = []

    def wish(self, now: float, *, soon: bool = False) -> None:
        self.wishes.append(soon)


class Line:
    """A connection of which the test is both ends, at moments of its own."""

    def __init__(self, *, fewest: int, there: int, sentinels: Sentinels | None = None) -> None:
        heirs: Any = sentinels
        self.copies = Copies(fewest, weighs, mark_of, online(there), heirs)
        self.now = 100.0

    def time(self) -> float:
        return self.now

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().create_future()

    def asks(
        self, command: tuple[str, ...], late: Callable[[Any], None] | None = None
    ) -> tuple[Asked, list[Any], list[Asked]]:
        """One command goes out alone: what is asked behind it."""
        asked = Asked(self.create_future(), None, True, late)
        self.copies.waits([asked], [command])
        return asked, *self.behind()

    def behind(self) -> tuple[list[Any], list[Asked]]:
        """What is asked behind the next packet."""
        return self.read(*self.copies.behind(self))  # type: ignore[arg-type]  # it asks for the time and for futures

    def read(self, packet: bytes, marks: list[Asked]) -> tuple[list[Any], list[Asked]]:
        reader = hiredis.Reader()
        reader.feed(packet)
        return [reader.gets() for _ in marks], marks

    def answered(
        self,
        copies: int,
        *,
        there: int,
        command: tuple[str, ...] = SET,
        late: Callable[[Any], None] | None = None,
        refused: Exception | None = None,
    ) -> Asked:
        """One, its answer, and what came behind."""
        asked, questions, marks = self.asks(command, late)
        assert self.copies.holds(asked, DONE, self.now)
        self.says(copies, there, questions, marks, refused=refused)
        return asked

    def says(
        self, copies: int, there: int, questions: list[Any], marks: list[Asked], *, refused: Exception | None = None
    ) -> None:
        """`refused`: what it says to whoever wants to write a mark."""
        for question, mark in zip(questions, marks, strict=True):
            answer: Any = {b"WAIT": copies, b"INFO": online(there)}.get(question[0], refused or b"OK")
            assert self.copies.holds(mark, answer, self.now)
        assert not self.copies.is_waiting

    def reads(self, word: bytes, refused: Exception | None = None) -> list[bytes]:
        """The question of that name, where what is held is asked about now; no replica has it."""
        questions, marks = self.read(*self.copies.alone(self))  # type: ignore[arg-type]  # as above
        self.says(0, 1, questions, marks, refused=refused)
        found: list[bytes] = next(question for question in questions if question[0] == word)
        return found

    def asked_again(
        self, copies: int, *, there: int, after: float = HELD_FOR_S + 0.1, refused: Exception | None = None
    ) -> list[bytes]:
        """What is held is asked about once more, so much later, and nothing else is asked."""
        assert self.copies.asks_in_s is not None
        self.now += after
        questions, marks = self.read(*self.copies.alone(self))  # type: ignore[arg-type]  # as above
        self.says(copies, there, questions, marks, refused=refused)
        return [question[0] for question in questions if question[0] != b"INFO"]

    def wanted(self, weight: Weight = Weight.CHANGES) -> int:
        """For how many the next one would wait."""
        return self.copies.wanted(weight)
