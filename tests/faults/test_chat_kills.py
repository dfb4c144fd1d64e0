"""Kills servers and stores in the middle of conversations: acknowledged is shown, once, in order."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.faults.chat_desk import DeskPage
from tests.faults.chat_people import EACH_S, Page, Pending, VisitorPage, new_key
from tests.support.desk_people import open_doors, set_up
from tests.support.line_people import HAND_S
from tests.support.patience import PATIENCE_S
from tests.support.reader import Reader
from tests.support.server_process import House

pytestmark = [pytest.mark.anyio, pytest.mark.fault, pytest.mark.timeout(1_800)]

VISITORS = 8
SETTLES_WITHIN_S = 120


@dataclass
class Result:
    """One line of the closing table."""

    killed: str
    kills: int
    acknowledged: int
    lost: int
    twice: int
    out_of_order: int
    lines_cut: int
    longest_wait_s: float
    who_waited: str
    longest_restart_s: float  # from the kill until everything killed answers again: no wait can be shorter
    seconds: float


RESULTS: list[Result] = []


@pytest.fixture(scope="module", autouse=True)
def closing_table() -> object:
    yield
    print(
        "\n\n| killed with -9 | kills | acknowledged | lost | twice | out of order | lines cut "
        "| longest wait | longest restart | took |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for each in RESULTS:
        print(
            f"| {each.killed} | {each.kills} | {each.acknowledged} | {each.lost} | {each.twice} | {each.out_of_order} "
            f"| {each.lines_cut} | {each.longest_wait_s:.1f} s ({each.who_waited}) | {each.longest_restart_s:.1f} s "
            f"| {each.seconds:.0f} s |"
        )


def start(house: House) -> str:
    """A visitor presses Start; returns her tab token."""
    with Reader(house.public) as reader:
        ends = time.monotonic() + PATIENCE_S
        reader.opens("/en/talk")
        # Each server process remembers for up to a second that the doors were closed.
        while not any("start" in form.fields for form in reader.page.forms) and time.monotonic() < ends:
            time.sleep(0.2)
            reader.opens("/en/talk")
        pressed = reader.page.form(with_field="start").fields["start"]
        time.sleep(HAND_S)
        answer = reader.web.post(
            f"{house.public}/en/talk",
            json={"start": pressed},
            headers={"Origin": house.public, "Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])


def hurt(kind: str, first: House, second: House, number: int) -> None:
    """One kill, and the start of what died, as a supervisor would."""
    if kind == "a server process":
        if number % 2:
            os.kill(first.workers()[0].pid, signal.SIGKILL)
        else:
            _kill_server(second)
            second.start()
    elif kind == "the durable Valkey":
        os.kill(first.valkey("durable").pid, signal.SIGKILL)
        first.revive("durable")
    elif kind == "the ember store":
        os.kill(first.valkey("ember").pid, signal.SIGKILL)
        first.revive("ember")
    else:
        for house in (first, second):
            _kill_server(house)
        for store in ("durable", "ember"):
            os.kill(first.valkey(store).pid, signal.SIGKILL)
        for store in ("durable", "ember"):
            first.revive(store)
        first.start()
        second.start()


def _kill_server(house: House) -> None:
    assert house.process is not None
    os.kill(house.process.pid, signal.SIGKILL)
    house.process.wait(10)


# One at a time, and more than kills, they go wrong in `test_random_faults`; everything at once is only here.
LONG = [
    pytest.param(kind, 500, 10, marks=pytest.mark.long, id=kind)
    for kind in ("a server process", "the durable Valkey", "the ember store", "all at once")
]


@pytest.mark.parametrize(
    ("kind", "messages", "kills"), [pytest.param("all at once", 80, 1, id="all at once, short"), *LONG]
)
async def test_what_was_acknowledged_is_shown_once_and_in_order(
    short_tmp_path: Path, kind: str, messages: int, kills: int
) -> None:
    began = time.monotonic()
    first = House(short_tmp_path, {"PORCHLIGHT_CHAT_CAPACITY": "20"}, shared=True)
    try:
        await first.start_async()
        person = await asyncio.to_thread(set_up, first)
        await asyncio.to_thread(open_doors, person)
        second = await first.join_async()
        servers = [first, second]
        tokens = await asyncio.gather(*(asyncio.to_thread(start, servers[at % 2]) for at in range(VISITORS)))
        desk = DeskPage(servers, person.at_one_of(servers))
        visitors = [VisitorPage(servers, token) for token in tokens]
        restart_s = await run(kind, kills, messages, first, second, visitors, desk)
        RESULTS.append(judge(kind, kills, visitors, desk, restart_s, time.monotonic() - began))
        assert (RESULTS[-1].lost, RESULTS[-1].twice, RESULTS[-1].out_of_order) == (0, 0, 0)
        assert RESULTS[-1].acknowledged == messages
    finally:
        first.stop()


async def run(
    kind: str, kills: int, messages: int, first: House, second: House, visitors: list[VisitorPage], desk: DeskPage
) -> float:
    """Everybody writes at a person's quickest pace while things are killed; then all comes to rest.

    Answers the longest time in seconds from a kill until what was killed answered again.
    """
    pages: list[Page] = [*visitors, desk]
    restart_s = 0.0
    living = [asyncio.create_task(page.live()) for page in pages]
    try:
        for number, visitor in enumerate(visitors):
            await visitor.say(Pending(new_key(), f"first words of {number}"))
        await until(lambda: len(desk.open) >= VISITORS, pages)
        said = VISITORS
        by_desk = messages // 8
        each = (messages - said - by_desk) // VISITORS
        rest = messages - said - by_desk - each * VISITORS
        writing = [
            asyncio.create_task(write(visitor, each + (at < rest), f"v{at}")) for at, visitor in enumerate(visitors)
        ]
        writing.append(asyncio.create_task(write_all(desk, by_desk)))
        total = sum(len(page.accepted) for page in pages)
        for number in range(kills):
            due = total + (messages - total) * (number + 1) // (kills + 1)
            await until(partial(are_accepted, pages, due), pages)
            killed_at = time.monotonic()
            await asyncio.to_thread(hurt, kind, first, second, number)
            restart_s = max(restart_s, time.monotonic() - killed_at)
        async with asyncio.timeout(SETTLES_WITHIN_S + messages):
            await asyncio.gather(*writing)
        await until(lambda: not any(page.pending for page in pages) and at_rest(visitors, desk), pages)
    finally:
        for task in living:
            task.cancel()
        await asyncio.gather(*living, return_exceptions=True)
    return restart_s


async def until(is_so: Callable[[], bool], pages: Sequence[Page]) -> None:
    """Wait for it; when it does not come in time, say how every page stands."""
    ends = time.monotonic() + SETTLES_WITHIN_S
    while not is_so():
        assert time.monotonic() < ends, "\n".join(page.standing() for page in pages)
        await asyncio.sleep(0.02)


def are_accepted(pages: Sequence[Page], count: int) -> bool:
    """Whether the pages have so many acknowledged messages together."""
    return sum(len(page.accepted) for page in pages) >= count


async def write(visitor: VisitorPage, count: int, mark: str) -> None:
    for number in range(count):
        await visitor.say(Pending(new_key(), f"{mark}-{number}"))
        await asyncio.sleep(EACH_S)


async def write_all(desk: DeskPage, count: int) -> None:
    names = sorted(desk.open)
    for number in range(count):
        await desk.say(Pending(new_key(), f"a-{number}", names[number % len(names)]))
        await asyncio.sleep(EACH_S)


def at_rest(visitors: list[VisitorPage], desk: DeskPage) -> bool:
    """Both sides of every conversation show the same last number."""
    hers = sorted(visitor.shown.last for visitor in visitors)
    return hers == sorted(shown.last for shown in desk.shown.values())


def judge(
    kind: str, kills: int, visitors: list[VisitorPage], desk: DeskPage, restart_s: float, seconds: float
) -> Result:
    """Compare what was acknowledged with what every page shows."""
    pages: list[Page] = [*visitors, desk]
    shown = [*(visitor.shown for visitor in visitors), *desk.shown.values()]
    lost = 0
    for page in pages:
        for key, (seq, text) in page.accepted.items():
            places = [each for each in shown if each.by_number.get(seq, ("", ""))[1] == text]
            lost += len(places) != 2  # once on her page, once on the desk
            assert page.accepted_as[key] == {seq}, "one key got two numbers"
    return Result(
        kind,
        kills,
        sum(len(page.accepted) for page in pages),
        lost,
        sum(len(each.twice) for each in shown),
        sum(each.order != list(range(1, len(each.order) + 1)) for each in shown),
        sum(page.cut for page in pages),
        max(page.longest_wait for page in pages),
        "the desk" if desk.longest_wait == max(page.longest_wait for page in pages) else "a visitor",
        restart_s,
        seconds,
    )
