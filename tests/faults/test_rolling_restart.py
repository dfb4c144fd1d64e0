"""Restarts two servers behind a proxy in turn under 50 talks: nothing acknowledged is lost, doubled or out of order.

`make rolling-restart` prints what came of it, and everything that anybody was shown meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from tests.faults.chat_people import VisitorPage
from tests.faults.hasty_desk import HastyDesk
from tests.faults.random_faults import Storm
from tests.faults.rolling_people import PlainTalk, TabTalk, Told, looks_on, sends_notes
from tests.faults.test_chat_kills import start
from tests.faults.test_random_faults import STARTS_AT_ONCE, faulty_lines, live_through, staff, wrong
from tests.support.chromium import Chromium
from tests.support.desk_people import PHONE_LINE
from tests.support.neutral import neutral_site
from tests.support.proxies import HouseBehind, Kind, house_behind, trusting, write_pages
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY, STOP_LIMIT_S, House

pytestmark = [pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(3_600)]

# So many talks to one desk; all of them together are as many as its people may hold, so nobody else is taken.
EACH_DESK = 10
TIMES = 8
IN_TURN = ("restart the first server", "restart the second server")
HOLDER = str(REPOSITORY / "tests" / "support" / "socket_holder.py")
STARTED_WITHIN_S = 60.0
PAUSE_S = 1.0
# What a server says that has ended with something still waiting: a stream, a question. Their pages ask again.
CUT_SHORT = "timeout graceful shutdown exceeded"


@dataclass
class Rolling(Storm):
    """The same people; what goes wrong is one restart after the other, as whoever updates the house does it."""

    held: bool = False
    all_are_taken: Event = field(default_factory=Event)
    others_are_there: Event = field(default_factory=Event)
    is_given_up: bool = False

    def order(self, count: int) -> list[str]:
        # Asked for once everybody is taken.
        self.all_are_taken.set()
        return [IN_TURN[at % 2] for at in range(count)]

    async def goes_wrong(self, kind: str) -> None:
        await asyncio.to_thread(self.others_are_there.wait, STARTED_WITHIN_S * 3)
        assert not self.is_given_up, "somebody else's story has failed"
        await super().goes_wrong(kind)

    def give_up(self) -> None:
        """Nothing more is restarted: the test is over, well or not."""
        self.is_given_up = True
        self.others_are_there.set()

    async def hurt(self, kind: str) -> None:
        house = self.first if kind == IN_TURN[0] else self.second
        await asyncio.to_thread(started_anew, house, held=self.held)


def direct(house: House) -> str:
    return f"http://127.0.0.1:{house.port}"


def started_anew(house: House, *, held: bool) -> None:
    """SIGTERM, wait, start, until it answers; or, where its doors are held, what systemd does with a socket unit."""
    if held:
        begun = notified(house)
        os.kill(house.pid, signal.SIGHUP)
        _until(lambda: notified(house) > begun, house)
        return
    assert house.process is not None
    os.kill(house.pid, signal.SIGTERM)
    house.process.wait(STOP_LIMIT_S)
    house.launch()
    _until(lambda: house.is_live(direct(house)), house)


def notified(house: House) -> int:
    path = Path(house.environment()["TMPDIR"]) / "notified"
    return path.read_text("utf-8").count("READY=1") if path.exists() else 0


def _until(is_so: Callable[[], bool], house: House) -> None:
    ends = time.monotonic() + STARTED_WITHIN_S
    while not is_so():
        assert time.monotonic() < ends, house.printed()
        time.sleep(0.05)


@pytest.mark.parametrize("doors", ["closed", "held"])
@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_no_word_is_lost_or_doubled_and_nobody_is_shown_more_than_a_sentence(
    short_tmp_path: Path, chromium: Chromium, kind: Kind, doors: str
) -> None:
    talks = int(os.environ.get("TALKS", "50"))
    seed = int(os.environ.get("PORCHLIGHT_TEST_SEED") or secrets.randbelow(10**6))
    held = doors == "held"
    with ExitStack() as stack:
        neutral = stack.enter_context(neutral_site())
        told = {"phone_line": PHONE_LINE, "chat_capacity": EACH_DESK}
        program = (HOLDER,) if held else ()
        house = stack.enter_context(
            house_behind(kind, short_tmp_path, neutral.url, shared=True, program=program, **told)
        )
        storm = everybody(house, talks, seed, stack, held=held)
        hands = stack.enter_context(ThreadPoolExecutor(4))
        over = Event()
        stack.callback(over.set)
        stack.callback(storm.give_up)
        living = hands.submit(run, live_through(storm, TIMES))
        while not storm.all_are_taken.wait(1):
            assert not living.done(), living.exception()
        looked, noted, plain = Told(), Told(), PlainTalk(house, Told())
        looking = hands.submit(looks_on, house, looked, over)
        noting = hands.submit(sends_notes, house, noted, over)
        talking = hands.submit(plain.lives, over)
        with chromium.visit() as page:
            tab = TabTalk.starts(page, house)
            tab.says()
            storm.others_are_there.set()
            while not living.done():
                tab.says()
                page.wait_for_timeout(PAUSE_S * 1_000)
            over.set()
            shown, in_tab = tab.visitor.conversation(), tab.was_told()
        living.result(), looking.result(), talking.result()
        notes = noting.result()
        found = wrong(storm)
        say_what_came(f"{kind}, doors {doors}, {talks} talks, seed {seed}", storm, (looked, noted, plain.told), in_tab)
        print(f"  {found}; in the browser {len(tab.said)} words, without script {len(plain.said)}, {len(notes)} notes")
        print(
            f"  longest silence: {longest(storm):.1f} s; browser {tab.longest_wait_s:.1f} s, "
            f"without script {plain.longest_wait_s:.1f} s"
        )
        assert found.is_right
        assert [each for each in shown if each in tab.said] == tab.said
        assert plain.shown() == plain.said
        for number, words in notes.items():
            with closing(LineReporter(house)) as reporter:
                assert words in reporter.comes_back(number).words
        for each in (looked, noted, plain.told):
            assert each.bare == []
        lines = faulty_lines([storm.first, storm.second])
        assert [each for each in lines if not each.endswith(CUT_SHORT)] == []


def everybody(house: HouseBehind, talks: int, seed: int, stack: ExitStack, *, held: bool) -> Rolling:
    """Two servers that the proxy knows, and the page of each person of the talks."""
    assert house.proxy is not None
    stack.enter_context(trusting(house.proxy.folder / "fullchain.pem"))
    people = staff(house, talks // EACH_DESK)
    write_pages(house, house.proxy.folder / "pages")
    second = house.second()
    # Whoever holds the doors has a socket of its own to be told by.
    (house.root / "second").mkdir()
    second.settings["TMPDIR"] = str(house.root / "second")
    second.start()
    house.proxy.knows(house, second)
    with ThreadPoolExecutor(STARTS_AT_ONCE) as hands:
        tokens = list(hands.map(start, [house] * talks))
    chance = random.Random(seed + 1)
    desks = [HastyDesk([house], person.at_one_of([house]), chance, 0.2) for person in people]
    visitors = [VisitorPage([house], token) for token in tokens]
    return Rolling(house, second, [], visitors, desks, random.Random(seed), (0.0, 0.0), held=held)


def run(story: Coroutine[None, None, None]) -> None:
    """In a thread of its own, on a loop that finds names as the rest of this process does."""
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(story)


def longest(storm: Rolling) -> float:
    return max(page.longest_wait for page in storm.pages)


def say_what_came(name: str, storm: Rolling, told: Sequence[Told], in_tab: Sequence[str]) -> None:
    """Everything anybody was shown, and how long all were away."""
    print(f"\n{name}: {len(storm.hurts)} restarts")
    took = sorted(each.recovered_s for each in storm.hurts)
    print(f"  until all are heard: {took[len(took) // 2]:.1f} s, at most {took[-1]:.1f} s")
    codes = Counter(code for page in storm.pages for code in page.codes)
    refused = Counter(str(fact["reason"]) for page in storm.visitors for fact in page.refused)
    print(f"  lines closed with {dict(codes)}; visitors refused: {dict(refused)}")
    for who, each in zip(("whoever looks", "notes", "without script"), told, strict=True):
        print(f"  {who}: {dict(each.statuses)}, longest {each.longest_answer_s:.1f} s, told {dict(each.notices)}")
    print(f"  in the browser: {in_tab}")
