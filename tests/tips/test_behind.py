"""Holds what is tidied up behind a page to never hiding the page, and to being done once the store is back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from portal.store.valkey import ValkeyAway
from tests.tips.phone import FORM, Phone
from tips.drafts import Drafts
from tips.pages import behind
from tips.pages.behind import Behind

pytestmark = pytest.mark.anyio

OURS = {"sec-fetch-site": "same-origin"}


class Away:
    """What the store of passes does once it is gone: refuses, or says nothing for a while."""

    def __init__(self, *, is_silent: bool) -> None:
        self.is_silent = is_silent

    async def __call__(self, *_: object) -> None:
        if self.is_silent:
            await asyncio.sleep(30)
        raise ValkeyAway


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The room's background work, as the server runs it."""
    runs: list[asyncio.Task[None]] = []
    made = Behind.__init__

    def makes(self: Behind, *given: Any) -> None:
        made(self, *given)
        runs.append(asyncio.get_running_loop().create_task(self.run()))

    monkeypatch.setattr(Behind, "__init__", makes)
    monkeypatch.setattr(behind, "AGAIN_S", 0.05)
    monkeypatch.setattr(behind, "AT_ONCE_S", 0.2)
    yield
    for run in runs:
        run.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await run


async def sent_back(phone: Phone, start: str, times: int) -> list[str]:
    """The addresses of a form that came back so many times."""
    came, before = [], ""
    for _ in range(times):
        await phone.posts("/en/note", {**FORM, "words": "", "k": start, "keep": "1", "before": before})
        came.append(phone.answer.url.path)
        before = phone.hidden("before")
    return came


async def is_gone(phone: Phone, address: str) -> bool:
    """Whether what she typed stands there no more, within two seconds."""
    for _ in range(40):
        if "Mill Road" not in (await phone.opens(address)).text:
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("is_silent", [False, True], ids=["refuses", "says nothing"])
@pytest.mark.parametrize("cut", ["open", "spend", "is_sent"])
async def test_a_note_that_is_kept_shows_its_number_and_its_form_is_gone_once_the_store_is_back(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, cut: str, is_silent: bool
) -> None:
    """Told that the house is away, she would type all of it again."""
    passes = phone.house.services.passes
    start = phone.house.services.start_tokens.make()
    came = await sent_back(phone, start, 2)
    before, issues = phone.hidden("before"), passes.issue
    with monkeypatch.context() as hurt:

        async def comes_back(*told: Any, **how: Any) -> str:
            token: str = await issues(*told, **how)
            hurt.setattr(Drafts if cut == "is_sent" else passes, cut, Away(is_silent=is_silent))
            return token

        hurt.setattr(passes, "issue", comes_back)
        phone.house.clock.advance(timedelta(seconds=5))
        sent = await phone.web.post("/en/note", data={**FORM, "k": start, "keep": "1", "before": before}, headers=OURS)
    assert sent.status_code == 303
    await phone.opens(sent.headers["location"])
    assert len(phone.number) == 25
    for address in came:
        assert await is_gone(phone, address), address


@pytest.mark.usefixtures("later")
async def test_a_form_that_came_back_shows_though_nothing_could_be_tidied_up_and_the_exit_takes_all(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = phone.house.services.start_tokens.make()
    came = await sent_back(phone, start, 2)
    before = phone.hidden("before")
    with monkeypatch.context() as hurt:
        hurt.setattr(phone.house.services.passes, "spend", Away(is_silent=False))
        await phone.posts("/en/note", {**FORM, "words": "", "k": start, "keep": "1", "before": before})
        assert "Mill Road" in phone.answer.text
        came.append(phone.answer.url.path)
    await phone.house.services.leaving.destroy([came[-1].rpartition("/")[2]])
    for address in came:
        assert await is_gone(phone, address), address


async def test_the_exit_of_a_form_takes_the_one_before_it_along(phone: Phone) -> None:
    came = await sent_back(phone, phone.house.services.start_tokens.make(), 2)
    await phone.house.services.leaving.destroy([came[-1].rpartition("/")[2]])
    for address in came:
        assert "Mill Road" not in (await phone.opens(address)).text, address
