"""Lets the clock of a whole house jump, stores and all, by an hour and by a day, ahead and back, under a talk.

The house and both its stores are started under a clock of their own (libfaketime); the one that only goes forward is
left alone, as when a real clock is set. The rules one by one: tests/portal/operation, tests/chat/test_clock_jumps.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from chat.presence import LEASE_MS
from chat.protocol.closing import Closing
from tests.support.deaths import is_ready, until
from tests.support.desk_people import DeskLine, DeskPerson
from tests.support.house import House, free_port
from tests.support.in_charge import InCharge
from tests.support.line_people import LineVisitor
from tests.support.other_time import LIBRARY, OtherTime
from tests.support.patience import PATIENCE_S
from tests.support.reporters import LineReporter
from tests.support.timed_house import timed_house
from tests.support.web import HERE

pytestmark = [
    pytest.mark.fault,
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.skipif(LIBRARY is None, reason="apt-get install libfaketime"),
]

HOUR, DAY = 3_600, 86_400
KEPT_TIP, ERASED_TIP = "a van comes each night", "this one is to be erased"
WORDS = "The clock of this machine jumped within the last hour."
NOT_MANY: Final = 5.0
HERE_EVERY_S: Final = 15.0
LATE_S: Final = 30.0  # a sweep or two, on a machine that is busy


@dataclass
class Jumping:
    """A house whose clock a test moves, and whoever runs it."""

    house: House
    clock: OtherTime
    admin: DeskPerson
    she: InCharge

    def jumps(self) -> int:
        """How often the house has seen its clock jump, by its metric."""
        told = httpx.get(f"http://{self.she.place}/metrics", timeout=PATIENCE_S, **HERE).text
        return int(float(re.findall(r"^porchlight_clock_jumps_total (\S+)$", told, re.MULTILINE)[0]))

    def jumps_to(self, seconds: float) -> None:
        """The clock is so far off now, and the house has seen that it jumped."""
        before = self.jumps()
        self.clock.jumps_to(seconds)
        until(lambda: self.jumps() > before, within=30)
        self.house.start_tokens.clear()  # a page that was opened before asks for one more tap
        assert "clock_jumped seconds=" in self.house.printed()
        assert is_ready(self.house)


@pytest.fixture(scope="module")
def jumping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jumping]:
    root, place = tmp_path_factory.mktemp("h"), f"127.0.0.1:{free_port()}"
    clock = OtherTime.beside(root)
    with timed_house(root, clock, metrics=place) as (house, admin):
        yield Jumping(house, clock, admin, InCharge(house, place, admin))


@pytest.mark.parametrize("far", [HOUR, DAY], ids=["an hour", "a day"])
def test_a_jump_ahead_and_back_ends_no_talk_and_deletes_nothing(jumping: Jumping, far: int) -> None:
    house, admin = jumping.house, jumping.admin.signs_in()
    kept, erased = LineReporter(house), LineReporter(house)
    number, gone = kept.sends_note(KEPT_TIP), erased.sends_note(ERASED_TIP)
    erased.comes_back(gone)
    erased.erases()
    desk = admin.opens_the_line()
    desk.is_ready()
    with ExitStack() as people:
        everybody = [people.enter_context(LineVisitor.starts(house)) for _ in range(2)]
        visitor, waiting = everybody
        visitor.says("before the clock jumped")
        conversation = desk.takes_next()
        waiting.says("in line before it jumped")
        for at in (far, 0):
            jumping.jumps_to(at)
            # Long enough for everything that ends by a silence to have looked.
            time.sleep(NOT_MANY)
            visitor.says(f"she, at {at}")
            if at == DAY:
                # A session lasts twelve hours at most, by the clock: the desk asks for her passphrase, the talk waits.
                assert desk.line.closing() == Closing.SIGNED_OUT
                desk = admin.signs_in().opens_the_line()
                # What she held is hers still, and stands on her new page by itself: nobody else was given it.
                desk.line.from_the_start().hear("TalkOpened", conversation=conversation, role="owner")
            desk.hears(f"she, at {at}")
            waiting.says(f"still in line, at {at}")
            # Her number still opens her note, and the erased one stays erased: no day has passed.
            assert KEPT_TIP in kept.comes_back(number).words
            assert ERASED_TIP not in erased.comes_back(gone).words
            # A pass that is made now is good now.
            page = LineReporter(house)
            assert len(page.sends_note("made after the jump")) == 25
            page.close()
            assert WORDS in jumping.she.reads()
            visitor.comes_back().hears("before the clock jumped")
            waiting.comes_back().hears("in line before it jumped")
            desk.is_ready()
            if at:
                everybody.append(people.enter_context(LineVisitor.starts(house)))
                everybody[-1].says("in line while it was ahead")
        everybody.append(people.enter_context(LineVisitor.starts(house)))
        everybody[-1].says("in line afterwards")
        nobody_is_left_behind(desk, visitor, {conversation})
        for each in everybody:
            each.comes_back().leaves("end")
    jumping.she.is_told("clock", "bad", WORDS, readies=True)
    kept.close()
    erased.close()


def nobody_is_left_behind(desk: DeskLine, visitor: LineVisitor, held: set[str]) -> None:
    """After the jump back: the queue is in the order in which they came, and a desk that vanishes is missed in time."""
    for expected in ("in line before it jumped", "in line while it was ahead"):
        # A list that is older than her last take names that one first, and taking it again is no error.
        while (taken := desk.takes_next()) in held:
            pass
        held.add(taken)
        desk.hears(expected)
    desk.close()
    ends = time.monotonic() + LEASE_MS / 1000 + LATE_S
    while time.monotonic() < ends:
        visitor.line.say("Here")
        with suppress(AssertionError):
            visitor.line.hear("MessagePosted", text="returned", within=HERE_EVERY_S)
            return
    raise AssertionError("nobody missed the desk")
