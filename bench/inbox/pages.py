"""Asks the desk's list for its pages over many tips: before any shelf stands, while they are put up, and after."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import accumulate

import httpx
import psutil
from sqlalchemy import func, select

from bench.figures import Figures
from bench.tips import filled
from portal.app import build_desk
from portal.staff.sessions.session import COOKIE
from tests.tips.conftest import TipHouse
from tips.form import TipForm
from tips.routes import section
from tips.tables import tip_shelves
from tips.tip import Child, Path, Urgency

TICK_S = 0.005
CLOSED = {"status": "closed"}
WORDS = [
    "a",
    "white",
    "van",
    "comes",
    "every",
    "night",
    "and",
    "four",
    "women",
    "get",
    "out",
    "of",
    "it",
    "they",
    "are",
    "never",
    "seen",
    "in",
    "the",
    "street",
    "by",
    "day",
    "the",
    "door",
    "of",
    "the",
    "garage",
    "is",
    "locked",
    "from",
    "outside",
    "a",
    "man",
    "collects",
    "their",
    "wages",
    "at",
    "the",
    "farm",
    "and",
    "keeps",
    "the",
    "passports",
    "in",
    "his",
    "office",
    "they",
    "said",
    "that",
    "they",
    "owe",
    "him",
    "for",
    "the",
    "journey",
    "and",
    "for",
    "the",
    "room",
    "above",
    "the",
    "laundry",
    "the",
    "youngest",
    "looks",
    "about",
    "fifteen",
    "and",
    "cries",
]


# As people speak: the n-th word comes a share of 1/n as often as the first (Zipf), and few texts are made of few words.
_SPOKEN = [*dict.fromkeys(WORDS), *(f"{first}{last}" for first in WORDS for last in dict.fromkeys(WORDS))]
_HOW_OFTEN = list(accumulate(1 / rank for rank in range(1, len(_SPOKEN) + 1)))


@dataclass
class Stalls:
    """How long the event loop kept a tick waiting, in milliseconds."""

    waits_ms: list[float] = field(default_factory=list)

    def at(self, share: float) -> float:
        """What this share of all ticks stayed under."""
        ordered = sorted(self.waits_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def said(self) -> str:
        """The figures in one line."""
        return f"loop kept waiting: p50 {self.at(0.5):.1f}, p99 {self.at(0.99):.1f}, most {self.at(1):.1f} ms"


@asynccontextmanager
async def watched_loop() -> AsyncIterator[Stalls]:
    """Counts how late each tick comes while the block runs."""
    stalls = Stalls()

    async def tick() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(TICK_S)
            stalls.waits_ms.append((time.perf_counter() - began - TICK_S) * 1000)

    work = asyncio.create_task(tick())
    try:
        yield stalls
    finally:
        work.cancel()


@asynccontextmanager
async def at_the_desk(house: TipHouse) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the desk of this process, signed in."""
    app = build_desk(house.services, [section(house.services)])
    origin = house.services.settings.desk_origin
    cookie = {"cookie": f"{COOKIE}={house.robins_cookie}", "origin": origin}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=origin, headers=cookie) as web:
        yield web


def telling(chance: random.Random, number: int) -> TipForm:
    """A tip as they come: some hundred words, and one word of its own."""
    text = " ".join(chance.choices(_SPOKEN, cum_weights=_HOW_OFTEN, k=chance.choice((20, 60, 120, 300))))
    return TipForm(
        words=f"{text} mark{number}x",
        path=chance.choice(list(Path)),
        urgency=chance.choices(list(Urgency), (60, 2, 8, 30))[0],
        child=chance.choices(list(Child), (60, 5, 25, 10))[0],
        place="Mill Road",
    )


async def put_up_all(house: TipHouse) -> tuple[float, int]:
    """Put up all that is due; seconds, and how many shelves."""
    began, number = time.perf_counter(), 0
    for batch in await house.shelving.due():
        number += await house.shelving.put_up(house.robin, batch)
    return time.perf_counter() - began, number


async def timed(name: str, rounds: int, do: Callable[[int], Awaitable[None]]) -> Figures:
    """Do it so many times; the first is no warmer than the last, for nothing is kept between two."""
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        await do(number)
        took.append((time.perf_counter() - began) * 1000)
    return Figures(name, took)


class Asking:
    """What somebody at the desk asks of the list."""

    def __init__(self, web: httpx.AsyncClient, csrf: str, count: int) -> None:
        self._web = web
        self._csrf = csrf
        self._count = count

    async def page(self, path: str) -> None:
        """One page, whole."""
        answer = await self._web.get(path)
        assert answer.status_code == 203, answer.status_code
        assert "tips-list" in answer.text

    async def chosen(self, **fields: str) -> None:
        """A choice or a search, and the page it leads to."""
        answer = await self._web.post("/desk/tips/choose", data={"csrf": self._csrf, **fields})
        await self.page(answer.headers["location"])

    async def figures(self, rounds: int) -> list[Figures]:
        """All of it."""
        last = self._count
        return [
            await timed("first page, open ones", rounds, lambda _: self.page("/desk/tips")),
            await timed("first page, closed ones", rounds, lambda _: self.page("/desk/tips?show=closed")),
            await timed("last page, closed ones", rounds, lambda _: self.page("/desk/tips?show=closed&page=999999")),
            await timed("filter: a child, happening now", rounds, lambda _: self.chosen(child="yes", urgency="now")),
            await timed(
                "filter: closed, older, Spanish", rounds, lambda _: self.chosen(**CLOSED, days="older", language="es")
            ),
            await timed("search: one of the open ones", rounds, lambda n: self.chosen(words=f"mark{last - 1 - n}x")),
            await timed("search: one of the closed ones", rounds, lambda n: self.chosen(**CLOSED, words=f"mark{n}x")),
            await timed("search: words of thousands", rounds, lambda _: self.chosen(**CLOSED, words="passports farm")),
        ]


async def seal_them(house: TipHouse, count: int) -> None:
    """Fill the house's database with so many tips of three years, each told in its own words."""
    chance = random.Random(7)
    numbers = iter(range(count))

    def form_of_each() -> TipForm:
        return telling(chance, next(numbers))

    await filled.fill(house, [house.services.database], count, form_of_each)


async def shelves(house: TipHouse) -> str:
    """How many there are and how large, in one line."""
    sizes = (func.count(), func.sum(func.length(tip_shelves.c.cards)), func.sum(func.length(tip_shelves.c.words)))
    async with house.services.database.read() as connection:
        number, cards, words = (await connection.execute(select(*sizes))).one()
    return f"{number} shelves: cards {(cards or 0) / 1e6:.0f} MB, words {(words or 0) / 1e6:.0f} MB"


def memory_mb() -> float:
    """What this process holds now."""
    return float(psutil.Process().memory_info().rss) / 1e6
