"""Our own row: two real servers on two real Valkeys, staffed and open; words sealed, kept on disk, then told."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil

from bench.relay.cores import on_the_servers_core
from bench.relay.measure import NotRelayed
from bench.relay.people import staffed
from bench.relay.porchlight_line import HERE, DeskEnd, VisitorEnd
from bench.relay.row import OpenTalks
from bench.relay.talk import Talk
from bench.relay.wire import Wire
from tests.support.desk_people import PHONE_LINE, DeskPerson
from tests.support.line_people import HAND_S
from tests.support.patience import PATIENCE_S
from tests.support.server_process import House
from tests.support.web import HERE as ON_THIS_MACHINE

# Each server process remembers for up to a second that the doors were closed.
DOORS_KNOWN_S = 1.2
BEAT_EVERY_S = 15.0
BEATS_IN = 150
PAGES_AT_ONCE = 8
BATCH = 500
# More than a take needs on a loaded machine, many times over; without it a bench that cannot begin would hang.
TAKEN_WITHIN_S = PATIENCE_S
_START = re.compile(r'name="start" value="([^"]+)"')


@dataclass
class RunningPorchlight:
    """Two servers of one house; visitors come to the first, advocates sit at the second."""

    visitors_house: House
    desk_house: House
    people: list[DeskPerson]
    servers: Sequence[psutil.Process]
    broker: Sequence[psutil.Process]
    language: str = "en"
    came: list[VisitorEnd] = field(default_factory=list)
    _free: list[DeskPerson] = field(default_factory=list)
    _wires: list[Wire] = field(default_factory=list)
    _beating: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._free = list(self.people)

    async def open(self, count: int, held: int) -> OpenTalks:
        """So many more conversations, started by visitors and taken out of the queue by advocates."""
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        opened = OpenTalks()
        visitors: dict[str, VisitorEnd] = {}
        taken_once = asyncio.Event()

        def taken(desk: DeskEnd, conversation: str, words: str) -> None:
            visitor = visitors.pop(words)
            talk = Talk(visitor.says, partial(desk.says, conversation))
            visitor.talk = talk
            desk.hears_for(conversation, talk)
            opened.talks.append(talk)
            taken_once.set()

        claimed: set[str] = set()
        # A queue that stays short: every desk reads all of it each second, and that is no part of what is measured.
        wave = max(1, BATCH // held) * held
        for first in range(0, count, wave):
            until = min(count, first + wave)
            for at in range(first, until, held):
                await self._sit_down(opened, DeskEnd(min(held, until - at), claimed, taken))
            tokens = await self._tokens(until - first)
            at_once = asyncio.Semaphore(PAGES_AT_ONCE)

            async def come(number: int, token: str, at_once: asyncio.Semaphore = at_once) -> None:
                words = f"hello {number}"
                visitors[words] = visitor = VisitorEnd(words)
                self.came.append(visitor)
                async with at_once:
                    await visitor.come(self.visitors_house.port, self.visitors_house.public, token)
                self._wires.append(visitor.wire)
                opened.wires.append(visitor.wire)

            await asyncio.gather(*(come(number, token) for number, token in enumerate(tokens, first)))
            while len(opened.talks) < until:
                taken_once.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(taken_once.wait(), TAKEN_WITHIN_S)
                if opened.broke or not taken_once.is_set():
                    raise NotRelayed(f"{len(opened.talks)} of {count} conversations were taken; {opened.broke}")
        return opened

    async def rest(self) -> None:
        """Beat no more."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)

    async def _sit_down(self, opened: OpenTalks, desk: DeskEnd) -> None:
        person = self._free.pop()
        house = self.desk_house
        await desk.come(house.desk_port, house.desk, person.reader.cookie, person.csrf)
        self._wires.append(desk.wire)
        opened.wires.append(desk.wire)

    async def _tokens(self, count: int) -> list[str]:
        """Tab tokens of so many presses of Start, each as long after its page as a hand needs."""
        public = self.visitors_house.public
        headers = {"Origin": public, "Sec-Fetch-Site": "same-origin"}
        at_once = asyncio.Semaphore(PAGES_AT_ONCE)
        async with httpx.AsyncClient(base_url=public, headers=headers, timeout=PATIENCE_S, **ON_THIS_MACHINE) as web:

            async def page(_number: int) -> str:
                async with at_once:
                    found = _START.search((await web.get(f"/{self.language}/talk")).text)
                assert found, "the talk page has no start token"
                return found[1]

            async def start(token: str) -> str:
                async with at_once:
                    answer = await web.post(f"/{self.language}/talk", json={"start": token})
                assert answer.status_code == 200, answer.text
                return str(answer.json()["token"])

            tokens = await asyncio.gather(*map(page, range(count)))
            await asyncio.sleep(HAND_S)
            return await asyncio.gather(*map(start, tokens))

    async def _beat(self) -> None:
        """Every page and desk says that it lives, as often as ours do, not all at the same moment."""
        while True:
            for part in range(BEATS_IN):
                for wire in self._wires[part::BEATS_IN]:
                    if not wire.is_leaving and not wire.broke:
                        wire.say(HERE)
                await asyncio.sleep(BEAT_EVERY_S / BEATS_IN)


class PorchlightRow:
    """Ours with everything on. Its people are set up once and sign in again at each start."""

    name = "Porchlight, everything on"
    promise = "on disk, sealed, numbered; a word sent twice is kept once"

    def __init__(self, advocates: int, *, language: str = "en", settings: Mapping[str, str] | None = None) -> None:
        self._advocates = advocates
        self._language = language
        self._settings = dict(settings or {})
        self._people: list[DeskPerson] = []

    @contextmanager
    def running(self, folder: Path, lines: int) -> Iterator[RunningPorchlight]:
        """Start both Valkeys and two servers of one worker each; end them, and what they kept, afterwards.

        Only those who will sit at a line sign in: each one takes as long as a passphrase is hard to guess.
        """
        settings = {
            "PORCHLIGHT_WORKERS": "1",
            "PORCHLIGHT_PHONE_LINE": PHONE_LINE,
            **self._settings,
        }
        # What is forgotten with the case lies in the Valkeys; an empty one is a house on its first morning.
        for leftover in ("durable", "run"):
            shutil.rmtree(folder / "data" / leftover, ignore_errors=True)
        house = House(folder, settings, shared=True, program=("-m", "bench.relay.lifted"))
        people: list[DeskPerson] = []
        try:
            with on_the_servers_core():
                house.start()
            self._people = self._people or staffed(house, self._advocates)
            opened_at = time.monotonic()
            with on_the_servers_core():
                desks = house.join()
            for person in self._people[:lines]:
                people.append(person.at(desks).signs_in())
            time.sleep(max(0.0, opened_at + DOORS_KNOWN_S - time.monotonic()))
            servers = [each for one in (house, desks) for each in (psutil.Process(one.pid), *one.family())]
            broker = [house.valkey(name) for name in ("durable", "ember")]
            yield RunningPorchlight(house, desks, people, servers, broker, self._language)
        finally:
            for person in people:
                person.close()
            house.stop()
