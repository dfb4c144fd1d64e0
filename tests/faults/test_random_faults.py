"""Lets things go wrong at random under many talks: acknowledged is shown once, in order, and taken back stays away."""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.chat_people import Pending, VisitorPage, new_key
from tests.faults.hasty_desk import HastyDesk
from tests.faults.random_faults import KINDS, Storm, Through, table
from tests.faults.test_chat_kills import start, until
from tests.support.desk_people import DeskPerson, open_doors, set_up
from tests.support.server_process import House
from tests.support.slow_line import slow_line

pytestmark = [pytest.mark.anyio, pytest.mark.fault, pytest.mark.timeout(5_400)]

# The most one desk may hold.
EACH_DESK = 20
STARTS_AT_ONCE = 10
# A desk's line keeps little back, so that what it does not take fills the house's side of it.
HOLDS_BYTES = 4_096
REST_S = 2.0


@pytest.mark.parametrize(
    ("talks", "faults"), [(6, len(KINDS)), pytest.param(50, 200, marks=pytest.mark.long)], ids=["short", "long"]
)
async def test_whatever_goes_wrong_what_was_acknowledged_is_shown_once_and_in_order(
    short_tmp_path: Path, talks: int, faults: int
) -> None:
    seed = int(os.environ.get("PORCHLIGHT_TEST_SEED") or secrets.randbelow(10**6))
    print(f"\nseed {seed}")
    first = House(short_tmp_path, {"PORCHLIGHT_CHAT_CAPACITY": str(EACH_DESK)}, shared=True)
    with ExitStack() as stack:
        stack.callback(first.stop)
        await first.start_async()
        people = await asyncio.to_thread(staff, first, -(-talks // (EACH_DESK - 2)))
        second = await first.join_async()
        ways = []
        for house in (first, second):
            public_way, desk_way = stack.enter_context(slow_line(house.port)), stack.enter_context(slow_line())
            desk_way.to_port, desk_way.holds_bytes = house.desk_port, HOLDS_BYTES
            ways.append(Through(house, public_way, desk_way))
        begun = asyncio.Semaphore(STARTS_AT_ONCE)

        async def started(at: int) -> str:
            async with begun:
                return await asyncio.to_thread(start, [first, second][at % 2])

        tokens = await asyncio.gather(*(started(at) for at in range(talks)))
        visitors = [VisitorPage(ways, token) for token in tokens]
        hasty = random.Random(seed + 1)
        desks = [
            HastyDesk(ways, person.at_one_of([first, second]), hasty, 0.2 if talks > EACH_DESK else 0.5)
            for person in people
        ]
        storm = Storm(
            first, second, ways, visitors, desks, random.Random(seed), (5.0, 30.0) if talks > EACH_DESK else (1.0, 3.0)
        )
        try:
            await live_through(storm, faults)
        finally:
            print(table(storm.hurts))
        found = wrong(storm)
        print(f"{talks} talks, {faults} faults: {found}, {sum(page.cut for page in storm.pages)} lines ended")
        assert found.is_right
        assert found.taken_back > 0
        assert faulty_lines([first, second]) == []


def staff(house: House, count: int) -> list[DeskPerson]:
    """So many who may take chats, the first one among them; chat is open after."""
    first = set_up(house)
    people = [first, *(first.invites(f"Robin{at}", "advocate", ["en"], "chat") for at in range(1, count))]
    open_doors(first)
    return people


async def live_through(storm: Storm, faults: int) -> None:
    """Everybody says hello and is taken; then one fault after another; then all comes to rest."""
    living = [asyncio.create_task(page.live()) for page in storm.pages]
    try:
        for number, visitor in enumerate(storm.visitors):
            await visitor.say(Pending(new_key(), f"first words of {number}"))
        await until(lambda: sum(len(desk.open) for desk in storm.desks) >= len(storm.visitors), storm.pages)
        for kind in storm.order(faults):
            await storm.goes_wrong(kind)
        await until(lambda: all_at_rest(storm), storm.pages)
        # What a line that ended had still asked for is done by now, and told.
        await asyncio.sleep(REST_S)
        await until(lambda: all_at_rest(storm), storm.pages)
    finally:
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)


def all_at_rest(storm: Storm) -> bool:
    """Nobody waits for an answer, and both sides of every conversation show the same last number."""
    if any(page.pending for page in storm.pages) or not all(desk.is_at_rest for desk in storm.desks):
        return False
    hers = sorted(visitor.shown.last for visitor in storm.visitors)
    return hers == sorted(shown.last for desk in storm.desks for shown in desk.shown.values())


@dataclass
class Found:
    """What became of every word that was acknowledged."""

    acknowledged: int
    lost: int  # not taken back, and not on exactly one page of each side
    twice: int  # sent to a page that had it
    astray: int  # out of order
    taken_back: int  # the withdrawal was acknowledged
    unsure: int  # its answer was lost
    still_there: int  # taken back, and on a page at the end; or on one side only where nobody can be sure
    came_back: int  # taken back, and told to a page afterwards

    @property
    def is_right(self) -> bool:
        return (self.lost, self.twice, self.astray, self.still_there, self.came_back) == (0, 0, 0, 0, 0)

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {self.lost} lost, {self.twice} twice, {self.astray} out of order; "
            f"{self.taken_back} taken back, {self.still_there} of them still there, {self.came_back} came back, "
            f"{self.unsure} with a lost answer"
        )


def wrong(storm: Storm) -> Found:
    """Look at every page of every conversation."""
    shown = [visitor.shown for visitor in storm.visitors]
    shown += [each for desk in storm.desks for each in desk.shown.values()]
    on_pages = Counter((seq, text) for each in shown for seq, (_, text) in each.by_number.items())
    assert all(len(numbers) == 1 for page in storm.pages for numbers in page.accepted_as.values())
    gone = {text for desk in storm.desks for text in desk.withdrawn}
    unsure = {text for desk in storm.desks for text in desk.may_be_withdrawn} - gone
    accepted = [each for page in storm.pages for each in page.accepted.values()]
    return Found(
        acknowledged=len(accepted),
        lost=sum(on_pages[each] != 2 for each in accepted if each[1] not in gone | unsure),
        twice=sum(len(each.twice) for each in shown),
        astray=sum(each.order != list(range(1, len(each.order) + 1)) for each in shown),
        taken_back=len(gone),
        unsure=len(unsure),
        still_there=sum(
            on_pages[each] not in ((0,) if each[1] in gone else (0, 2)) for each in accepted if each[1] in gone | unsure
        ),
        came_back=sum(len(each.came_back) for each in shown),
    )


def faulty_lines(houses: Sequence[House]) -> list[str]:
    """What the servers wrote down that tells of a fault nobody handled."""
    lines = [line for house in houses for line in house.printed().splitlines()]
    return [line for line in lines if "Traceback" in line or " ERROR " in line or " CRITICAL " in line]
