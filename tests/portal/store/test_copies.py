"""Who may be chosen has a word before it counts as kept, and before it is shown; nobody else is waited for."""

from __future__ import annotations

import asyncio
from typing import Any

import hiredis
import pytest

from portal.store.copies import LEFT_OUT_AFTER_S, LOOK_EVERY_S, TRIES_AGAIN_AFTER_S, Asked, Copies, NotCopied, Weight
from portal.store.heirs import Said
from portal.store.slots import mark_of, weighs

pytestmark = pytest.mark.anyio

SET, GET, READ = ("SET", "k", "v"), ("GET", "k"), ("XRANGE", "k", "-", "+")
HERE = ("one", 6379)


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

    def asks(self, command: tuple[str, ...]) -> tuple[Asked, list[Any], list[Asked]]:
        """One command goes out alone: what is asked behind it."""
        asked = Asked(self.create_future(), None, True)
        self.copies.waits([asked], [command])
        packet, marks = self.copies.behind(self)  # type: ignore[arg-type]  # it asks for the time and for futures
        reader = hiredis.Reader()
        reader.feed(packet)
        return asked, [reader.gets() for _ in marks], marks

    def answered(self, copies: int, *, there: int, command: tuple[str, ...] = SET) -> Asked:
        """One, its answer, and what came behind."""
        asked, questions, marks = self.asks(command)
        assert self.copies.holds(asked, b"OK", self.now)
        for question, mark in zip(questions, marks, strict=True):
            answer: Any = {b"WAIT": copies, b"INFO": online(there)}.get(question[0], b"OK")
            assert self.copies.holds(mark, answer, self.now)
        assert not self.copies.is_waiting
        return asked

    def wanted(self) -> int:
        """For how many the next one would wait."""
        return self.copies.wanted(Weight.CHANGES)


async def test_what_changes_nothing_waits_for_nobody() -> None:
    line = Line(fewest=1, there=2)
    asked, questions, _ = line.asks(GET)

    assert questions == []
    assert not line.copies.holds(asked, b"v", line.now)


@pytest.mark.parametrize("command", [SET, READ])
async def test_something_is_written_first_so_that_what_others_wrote_is_waited_for_too(command: tuple[str, ...]) -> None:
    line = Line(fewest=1, there=2)
    _, questions, _ = line.asks(command)

    assert [question[0] for question in questions] == [b"SET", b"DEL", b"WAIT", b"INFO"]
    assert questions[0][1] == questions[1][1] == b"{k}~"
    assert line.copies.is_waiting, "and nothing else is sent meanwhile"


@pytest.mark.parametrize(("key", "name"), [("k", b"{k}~"), ("{c}log", b"{c}~"), ("{}x", b"{{}x}~"), ("a{b", b"{a{b}~")])
def test_the_mark_lies_in_the_slot_of_the_key(key: str, name: bytes) -> None:
    assert mark_of([GET, ("SET", key, "v")]) == (("SET", name, b""), ("DEL", name))


async def test_in_a_cluster_one_that_stays_silent_for_half_a_second_is_waited_for_no_more_for_a_while() -> None:
    line = Line(fewest=1, there=2)
    with pytest.raises(NotCopied):
        await line.answered(1, there=2).future
    assert line.wanted() == 2
    line.now += LEFT_OUT_AFTER_S

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
    assert await line.answered(0, there=0, command=READ).future == b"OK", "what is there can be read"
    asked, _, _ = line.asks(SET)
    assert not line.copies.holds(asked, ValueError("READONLY"), line.now)


async def test_with_sentinels_one_that_may_be_chosen_is_never_left_out_and_they_are_asked_at_once() -> None:
    sentinels = Sentinels(Said(HERE, heirs=2, living=2))
    line = Line(fewest=1, there=1, sentinels=sentinels)
    for _ in range(3):
        with pytest.raises(NotCopied):
            await line.answered(1, there=1).future
        with pytest.raises(NotCopied):
            await line.answered(1, there=1, command=READ).future  # whoever sees her words takes them for kept
        line.now += TRIES_AGAIN_AFTER_S
    assert True in sentinels.wishes

    sentinels.said = Said(HERE, heirs=1, living=1)
    assert await line.answered(1, there=1).future == b"OK"


@pytest.mark.parametrize(
    ("said", "there", "wanted"),
    [
        (None, 2, 2),  # none of them ever answered
        (Said(HERE, heirs=0, living=0), 0, 1),
        (Said(HERE, heirs=1, living=2), 1, 1),  # one has just come back, and does not copy
        (Said(HERE, heirs=1, living=2), 2, 2),  # now it does, and they have not heard yet
        (Said(HERE, heirs=1, living=1), 2, 1),  # it stands still, and its line is still there
        (Said(HERE, heirs=2, living=2), 0, 2),  # chosen perhaps: both have left
    ],
)
async def test_how_many_are_waited_for(said: Said | None, there: int, wanted: int) -> None:
    assert Line(fewest=1, there=there, sentinels=Sentinels(said)).wanted() == wanted
