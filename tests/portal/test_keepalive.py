"""A line is asked whether somebody is there by one clock for all; only a silence that was listened to ends it."""

from __future__ import annotations

import asyncio

import pytest

from portal.keepalive import ASK_EVERY_S, LOOK_EVERY_S, Keepalive

pytestmark = pytest.mark.anyio


class Quiet:
    """A line that answers when it is told to."""

    def __init__(self) -> None:
        self.is_heard = False
        self.is_read = True
        self.asked = 0
        self.is_given_up = False

    def ask(self) -> None:
        self.asked += 1

    def give_up(self) -> None:
        self.is_given_up = True


def asked_for(keepalive: Keepalive, seconds: float, *answering: Quiet, from_: float) -> float:
    """So much time goes by, look by look."""
    now = from_
    while now < from_ + seconds:
        now += LOOK_EVERY_S
        keepalive.look(now)
        for line in answering:
            line.is_heard = True
    return now


async def test_a_line_that_answers_stands_and_one_that_does_not_is_given_up() -> None:
    keepalive, here, gone = Keepalive(asyncio.get_running_loop()), Quiet(), Quiet()
    began = asyncio.get_running_loop().time()
    keepalive.add(here)
    keepalive.add(gone)

    asked_at = asked_for(keepalive, ASK_EVERY_S + LOOK_EVERY_S, here, from_=began)
    assert (here.asked, gone.asked) == (1, 1)
    assert not gone.is_given_up, "it has as long to answer as there is between two questions"
    now = asked_for(keepalive, ASK_EVERY_S + 2 * LOOK_EVERY_S, here, from_=asked_at)
    assert gone.is_given_up
    now = asked_for(keepalive, 5 * ASK_EVERY_S, here, from_=now)
    assert not here.is_given_up
    assert here.asked >= 5
    keepalive.remove(here)


async def test_a_line_that_nobody_reads_is_not_given_up_for_what_it_cannot_show() -> None:
    keepalive, line = Keepalive(asyncio.get_running_loop()), Quiet()
    keepalive.add(line)
    line.is_read = False
    now = asked_for(keepalive, 4 * ASK_EVERY_S, from_=asyncio.get_running_loop().time())
    assert not line.is_given_up

    # Its answer lay behind what the room was busy with.
    line.is_read = line.is_heard = True
    asked = line.asked
    now = asked_for(keepalive, LOOK_EVERY_S, from_=now)
    assert (line.is_given_up, line.asked) == (False, asked + 1)

    now = asked_for(keepalive, ASK_EVERY_S + 3 * LOOK_EVERY_S, from_=now)
    assert line.is_given_up, "read again, its silence is one"


async def test_a_line_that_is_over_is_neither_asked_nor_given_up() -> None:
    keepalive, line = Keepalive(asyncio.get_running_loop()), Quiet()
    keepalive.add(line)
    now = asked_for(keepalive, 2 * ASK_EVERY_S, from_=asyncio.get_running_loop().time())
    keepalive.remove(line)
    asked = line.asked
    asked_for(keepalive, 3 * ASK_EVERY_S, from_=now)
    assert (line.asked, line.is_given_up) == (asked, False)
