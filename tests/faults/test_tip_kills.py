"""Kills the process that files a tip with SIGKILL between every two steps, and looks at what is left.

This file is also the process that is killed: run as a program it splits off a process for each order it reads, which
files one tip through the real pages and ends itself at the step it was told. What stands on its last page, it prints:
that is what the reporter was shown.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from portal.app import build_public
from portal.clock import StillClock
from portal.services import Services
from tests.support.dying import MOST_STEPS, Program, Steps, house_of, running_program, serve
from tests.support.html import Document
from tests.tips.conftest import TipHouse, make_tip_house
from tips import store
from tips.receipt import Receipt
from tips.routes import section
from tips.tip import ReceiptState

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

WORDS = "A van, each day."


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
    """A house, and the program that files tips in it and dies of it."""

    house: TipHouse
    program: Program


@pytest.fixture
async def filing(services: Services, clock: StillClock) -> AsyncIterator[Filing]:
    async with running_program(__file__) as program:
        yield Filing(await make_tip_house(services, clock), program)


async def killed_at(step: int, filing: Filing, token: str, *, wants_number: bool = True) -> tuple[int, str]:
    """Run the filing in a process of its own that is killed at `step`; its exit code and what it showed."""
    told: dict[str, Any] = {"token": token, "wants_number": wants_number, "step": step}
    (ended,) = await filing.program.asks(filing.house.services, **told)
    return ended


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
@pytest.mark.parametrize(
    ("wants_number", "every"),
    [
        pytest.param(True, 2, id="every second"),
        pytest.param(True, 1, id="every one", marks=pytest.mark.long),
        pytest.param(False, 1, id="without a number", marks=pytest.mark.long),
    ],
)
async def test_a_kill_between_any_two_steps_of_filing_loses_no_tip_and_shows_no_dead_number(
    filing: Filing, wants_number: bool, every: int
) -> None:
    house = filing.house
    ended_at = ""
    for step in range(1, MOST_STEPS, every):
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


async def child(told: dict[str, Any], screen: int) -> None:
    services = house_of(told)
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


if __name__ == "__main__":
    serve(child)
