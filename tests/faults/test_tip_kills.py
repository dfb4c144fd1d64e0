"""Kills the process that files a tip with SIGKILL between every two steps, and looks at what is left.

This file is also the process that is killed: run as a program it splits off a process for each order it reads, which
files one tip through the real pages and ends itself at the step it was told. What stands on its last page, it prints:
that is what the reporter was shown.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from portal.app import build_public
from portal.clock import StillClock
from portal.services import Services
from portal.settings import Secret, Settings
from tests.support.html import Document
from tests.support.rooms import wire
from tests.tips.conftest import TipHouse, make_tip_house
from tips import store
from tips.receipt import Receipt
from tips.routes import section
from tips.tip import ReceiptState

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

WORDS = "A van, each day."
MOST_STEPS = 60


async def files_one_tip(services: Services, token: str, *, wants_number: bool = True) -> str:
    """Post the form and follow where it leads; returns the number on the last page, or nothing."""
    app = build_public(services, [section(services)])
    posted = {"words": WORDS, "reach": "by this site", "k": token, "keep": "1" if wants_number else "2"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=services.settings.public_origin) as web:
        answer = await web.post("/en/note", data=posted, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 303
        page = await web.get(answer.headers["location"])
    return "".join(letter for letter in _slip(page.text) if letter.isdigit())


def _slip(text: str) -> str:
    _, found, rest = text.partition('<p class="slip-number"')
    return Document(found + rest.partition("</p>")[0] + "</p>").words if found else ""


# What the parent does.


@dataclass
class Filing:
    """A house, and the program that files tips in it and dies of it; loaded once, it splits off each that dies."""

    house: TipHouse
    program: asyncio.subprocess.Process

    async def asks(self, told: dict[str, Any]) -> tuple[int, str]:
        """One tip filed by a process of its own: how it ended, and what it showed."""
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(json.dumps(told).encode() + b"\n")
        line = await asyncio.wait_for(self.program.stdout.readline(), 60)
        ended, shown = json.loads(line)
        return int(ended), str(shown)


@pytest.fixture
async def filing(services: Services, clock: StillClock) -> AsyncIterator[Filing]:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).resolve()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield Filing(await make_tip_house(services, clock), program)
    assert program.stdin is not None
    program.stdin.close()
    assert await asyncio.wait_for(program.wait(), 60) == 0


async def killed_at(step: int, filing: Filing, token: str, *, wants_number: bool = True) -> tuple[int, str]:
    """Run the filing in a process of its own that is killed at `step`; its exit code and what it showed."""
    house = filing.house
    settings = house.services.settings
    assert settings.redis_url is not None
    assert settings.ember_url is not None
    told = {
        "data": str(settings.data_dir),
        "keys": str(settings.keys_dir),
        "durable": settings.redis_url.reveal(),
        "ember": settings.ember_url.reveal(),
        "rows": None if settings.database_url is None else settings.database_url.reveal(),
        "at": house.clock.now().isoformat(),
        "token": token,
        "wants_number": wants_number,
        "step": step,
    }
    code, shown = await filing.asks(told)
    assert code in (0, -signal.SIGKILL), "the filing fell over"
    return code, shown


def an_old_enough_token(house: TipHouse) -> str:
    token = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=5))
    return token


async def kept(house: TipHouse) -> list[store.SealedTip]:
    async with house.services.database.read() as connection:
        return await store.newest_loose(connection, 10)


async def opens(house: TipHouse, number: str) -> str:
    """The words a number opens."""
    visit = await house.doors.tip_for_receipt(Receipt(number))
    assert visit is not None, "a shown number opens nothing"
    return (await house.follow_up.read(visit)).closed[0].text


@pytest.mark.timeout(300)
@pytest.mark.parametrize("wants_number", [True, pytest.param(False, marks=pytest.mark.long)])
async def test_a_kill_between_any_two_steps_of_filing_loses_no_tip_and_shows_no_dead_number(
    filing: Filing, wants_number: bool
) -> None:
    house = filing.house
    ended_at = ""
    for step in range(1, MOST_STEPS):
        token = an_old_enough_token(house)
        before = {tip.id for tip in await kept(house)}
        code, shown = await killed_at(step, filing, token, wants_number=wants_number)
        new = [tip for tip in await kept(house) if tip.id not in before]

        # Nothing half kept: no tip, or one that staff can open, whatever became of its number.
        assert len(new) <= 1
        for tip in new:
            assert (await house.review.open(house.robin, tip.id)).words[0].text == WORDS
        if shown:
            assert await opens(house, shown) == WORDS

        # The reporter sends the page again, as a phone does after a cut line: the same tip, and now a number.
        number = await files_one_tip(house.services, token, wants_number=wants_number)
        after = [tip for tip in await kept(house) if tip.id not in before]
        assert len(after) == 1
        assert not new or after[0].id == new[0].id
        read = await house.review.open(house.robin, after[0].id)
        assert [words.text for words in read.words] == [WORDS]
        assert read.reach == "by this site"
        if wants_number:
            assert await opens(house, number) == WORDS
            assert not shown or shown == number
            assert read.receipt is ReceiptState.MADE
        else:
            assert (number, read.receipt) == ("", ReceiptState.NOT_WANTED)

        await house.retention.erase(after[0].id)
        if code == 0:
            ended_at = f"step {step}"
            break
    assert ended_at, "the filing never came to its end: more steps than were tried"
    assert step > (12 if wants_number else 6), "too few steps were found to kill between"


async def test_a_tip_whose_number_was_never_made_stays_with_staff(filing: Filing) -> None:
    house = filing.house
    step = 0
    new: list[store.SealedTip] = []
    while not new:
        step += 1
        await killed_at(step, filing, an_old_enough_token(house))
        new = await kept(house)
    read = await house.review.open(house.robin, new[0].id)
    assert read.receipt is ReceiptState.PENDING
    assert read.words[0].text == WORDS


# What the child does.


class Steps:
    """Counts steps and ends this process, with no chance to tidy up, at the one it was told."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._taken = 0

    def take(self) -> None:
        self._taken += 1
        if self._taken == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same call with a step before and one after it."""

        async def stepping(*given: Any, **named: Any) -> Any:
            self.take()
            result = await call(*given, **named)
            self.take()
            return result

        return stepping

    def around_writing(self, services: Services) -> None:
        """Steps before a transaction, inside it before its commit, and after it."""
        write = services.database.write

        @asynccontextmanager
        async def stepping() -> AsyncIterator[Any]:
            self.take()
            async with write() as connection:
                yield connection
                self.take()
            self.take()

        services.database.write = stepping  # type: ignore[method-assign]


async def child(told: dict[str, Any], screen: int) -> None:
    settings = Settings(
        data_dir=Path(told["data"]),
        keys_dir=Path(told["keys"]),
        redis_url=Secret(told["durable"]),
        ember_url=Secret(told["ember"]),
        database_url=None if told["rows"] is None else Secret(told["rows"]),
    )
    services = wire(settings, StillClock(datetime.fromisoformat(told["at"])))
    steps = Steps(told["step"])
    services.start_tokens.spend = steps.around(services.start_tokens.spend)  # type: ignore[method-assign,assignment]
    services.passes.issue = steps.around(services.passes.issue)  # type: ignore[method-assign,assignment]
    services.pools.filing.run = steps.around(services.pools.filing.run)  # type: ignore[method-assign,assignment]
    steps.around_writing(services)
    store.insert_tip = steps.around(store.insert_tip)  # type: ignore[assignment]
    store.keep_receipt = steps.around(store.keep_receipt)  # type: ignore[assignment]
    number = await files_one_tip(services, told["token"], wants_number=told["wants_number"])
    # On the screen now; a kill after this line still has to leave a number that opens.
    os.write(screen, number.encode())
    steps.take()


def split_off(told: dict[str, Any]) -> tuple[int, str]:
    """A process of its own for this tip, with nothing open yet; how it ended and what stood on its screen."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reads)
            asyncio.run(child(told, writes))
            status = 0
        finally:
            os._exit(status)
    os.close(writes)
    with os.fdopen(reads, "rb") as screen:
        shown = screen.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


if __name__ == "__main__":
    for order in sys.stdin:
        print(json.dumps(split_off(json.loads(order))), flush=True)
