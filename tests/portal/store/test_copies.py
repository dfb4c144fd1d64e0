"""Every replica that is there is waited for; one that does not answer is left out until it is back, or for a while."""

from __future__ import annotations

import asyncio
from typing import Any

import hiredis
import pytest

from portal.store.copies import LOOK_EVERY_S, TRIES_AGAIN_AFTER_S, Asked, Copies, NotCopied
from portal.store.slots import changes

pytestmark = pytest.mark.anyio

SET, GET = ("SET", "k", "v"), ("GET", "k")


class Line:
    """A connection of which the test is both ends, at moments of its own."""

    def __init__(self, *, fewest: int, there: int) -> None:
        self.copies = Copies(fewest, changes, b"role:master\r\nconnected_slaves:%d\r\n" % there)
        self.now = 100.0

    def time(self) -> float:
        return self.now

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().create_future()

    def asks(self, command: tuple[str, ...]) -> tuple[Asked, list[Any], list[Asked]]:
        """One command goes out alone: what is asked behind it."""
        asked = Asked(self.create_future(), None, True)
        self.copies.waits([asked], [command])
        packet, marks = self.copies.behind(self)  # type: ignore[arg-type]  # it asks for the time and for futures
        reader = hiredis.Reader()
        reader.feed(packet)
        return asked, [reader.gets() for _ in marks], marks

    def answered(self, copies: int, *, there: int) -> Asked:
        """One that changes something, its answer, and what came behind."""
        asked, questions, marks = self.asks(SET)
        assert self.copies.holds(asked, b"OK", self.now)
        for question, mark in zip(questions, marks, strict=True):
            answer: Any = copies if question[0] == b"WAIT" else b"connected_slaves:%d" % there
            assert self.copies.holds(mark, answer, self.now)
        return asked

    def wanted(self) -> int:
        """For how many the next one would wait."""
        _, questions, marks = self.asks(SET)
        for mark in marks:
            self.copies._marks.discard(mark)
            self.copies._looks.discard(mark)
        return int(questions[0][1])


async def test_what_changes_nothing_waits_for_nobody() -> None:
    line = Line(fewest=1, there=2)
    asked, questions, _ = line.asks(GET)

    assert questions == []
    assert not line.copies.holds(asked, b"v", line.now)


async def test_all_that_are_there_are_waited_for_and_one_is_enough_once_the_others_are_silent() -> None:
    line = Line(fewest=1, there=2)
    assert line.wanted() == 2
    line.now += LOOK_EVERY_S

    assert await line.answered(1, there=2).future == b"OK"

    assert line.wanted() == 1, "not waited for again at once"
    line.now += TRIES_AGAIN_AFTER_S + LOOK_EVERY_S
    line.answered(1, there=2)
    assert line.wanted() == 2, "after a while it is"


async def test_one_that_comes_back_is_waited_for_at_once() -> None:
    line = Line(fewest=1, there=1)
    line.answered(1, there=1)
    line.now += LOOK_EVERY_S
    line.answered(1, there=2)

    assert line.wanted() == 2


async def test_with_fewer_than_asked_for_nothing_is_kept_and_a_refusal_is_told_as_it_is() -> None:
    line = Line(fewest=1, there=0)
    with pytest.raises(NotCopied):
        await line.answered(0, there=0).future
    asked, _, marks = line.asks(SET)
    line.copies.holds(asked, ValueError("READONLY"), line.now)
    line.copies.holds(marks[0], 0, line.now)
    with pytest.raises(ValueError, match="READONLY"):
        await asked.future
