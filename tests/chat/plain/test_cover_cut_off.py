"""The cover without script, cut off in the middle: by a store that goes away, and by a second tap."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.cover import Covers
from chat.relay import Relay
from chat.store.covers import CoverStore
from portal.store.valkey import ValkeyAway
from tests.chat.plain.conftest import PlainPhone
from tests.chat.plain.test_cover import WORD, chooses, covered, finds, is_innocent
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("act", ["put_away", "drop", "mark"])
async def test_after_a_cover_cut_off_in_the_middle_the_next_tap_takes_the_talk_from_behind_back(
    phone: PlainPhone, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    await phone.starts()
    words, outer = phone.frame("words"), phone.outer
    form = phone.page.form(action="/talk/cover")

    async def away(*_: object, **__: object) -> None:
        raise ValkeyAway

    part = phone.process.services.passes if act in ("drop", "mark") else CoverStore
    with monkeypatch.context() as cut:
        cut.setattr(part, act, away)
        answer = await phone.posts(form.action, form.fields)
        assert answer.headers["location"] == "/en/read/measures"
    page = await covered(phone)
    await phone.opens(words)
    assert "bubble" not in phone.answers[-1].text
    await phone.opens(outer)
    is_innocent(phone)
    ask = await finds(phone, page, "", press="more")
    form = ask.form(action="/open")
    back = await phone.posts(form.action, {**form.fields, "do": "open"})
    assert back.headers["location"].startswith("/en/talk/")


async def test_two_taps_at_once_take_the_address_from_neither(
    phone: PlainPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that comes late takes the talk from behind Back, and not the page the other led to."""
    await phone.starts()
    await chooses(phone, WORD)
    form, words = phone.page.form(action="/talk/cover"), phone.frame("words")
    passes = phone.process.services.passes
    drop, is_held, goes_on = passes.drop, asyncio.Event(), asyncio.Event()

    async def late(*given: Any, **more: Any) -> None:
        if not is_held.is_set():
            is_held.set()
            await goes_on.wait()
        await drop(*given, **more)

    monkeypatch.setattr(passes, "drop", late)
    first = asyncio.create_task(phone.posts(form.action, form.fields))
    await is_held.wait()
    second = await phone.posts(form.action, form.fields)
    goes_on.set()
    for answer in (await first, second):
        page = await phone.opens(answer.headers["location"])
        is_innocent(phone)
        assert page.form(with_field="find").fields["n"]
    await phone.opens(words)
    assert "bubble" not in phone.answers[-1].text
    await finds(phone, page, WORD)
    assert phone.answers[-2].headers["location"].startswith("/en/talk/")
    # Back, neither address leads behind the cover any more.
    for answer in (await first, second):
        page = await phone.opens(answer.headers["location"])
        assert page.form(with_field="find").fields["n"] == ""


async def test_a_store_that_is_away_shows_the_innocent_page(phone: PlainPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    await phone.starts()
    page = await covered(phone)

    async def away(*_: object) -> None:
        raise ValkeyAway

    for act in ("behind", "try_word", "put_away"):
        monkeypatch.setattr(Covers, act, away)
    for typed, press in ((WORD, "find"), ("", "more")):
        # It stays as it is, with its name: a page that could not carry it would lead nobody back.
        assert (await finds(phone, page, typed, press=press)).words == ""
        assert (phone.answers[-1].status_code, phone.answers[-1].url.path) == (204, "/en/talk/stay")
    form = phone.page.form(action="/talk/cover")
    answer = await phone.posts(form.action, form.fields)
    assert answer.headers["location"] == "/en/read/measures"


@pytest.mark.parametrize("step", ["issue", "drop", "answers", "turn", "bring_out"])
async def test_a_store_that_goes_away_on_her_way_back_does_not_spend_her_name(
    phone: PlainPhone, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    await phone.starts()
    await chooses(phone, WORD)
    page = await covered(phone)

    async def away(*_: object, **__: object) -> None:
        raise ValkeyAway

    part = {"answers": Relay, "turn": CoverStore, "bring_out": CoverStore}.get(step, phone.process.services.passes)
    with monkeypatch.context() as cut:
        cut.setattr(part, step, away)
        await finds(phone, page, WORD)
    if step != "bring_out":
        assert phone.answers[-1].url.path == "/en/talk/stay"
        await finds(phone, page, WORD)
    assert phone.answers[-2].headers["location"].startswith("/en/talk/")
    phone.outer = str(phone.answers[-1].url.path)
    await phone.loads()
    # Once the store is there again the page behind Back opens nothing.
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await finds(phone, page, WORD)
            if phone.answers[-2].headers["location"] == "/en/read/measures":
                break
            await asyncio.sleep(0.2)
