"""Passes open once made, only as what they are, and not after their minute or their group's end."""

from __future__ import annotations

import asyncio
import hashlib
import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from portal.ids import from_text, to_text
from portal.services import Services
from portal.store import passes
from portal.store.asked import Command
from portal.store.asking import Asker
from portal.store.valkey import ValkeyAway

WORDS = b"words of a reporter"


async def test_a_pass_opens_as_often_as_a_page_is_loaded_again(services: Services) -> None:
    token = await services.passes.issue("tip-receipt", WORDS)

    assert [await services.passes.open(token, "tip-receipt") for _ in range(3)] == [WORDS] * 3


class Away:
    """A store that is away for so many questions."""

    def __init__(self, asker: Asker, times: float) -> None:
        self._asker, self.times = asker, times

    async def __call__(self, command: Command, *, tells: bool = False) -> Any:
        self.times -= 1
        if self.times >= 0:
            raise ValkeyAway
        return await Asker.ask(self._asker, command, tells=tells)


async def test_one_that_carries_what_somebody_typed_waits_for_a_store_that_is_away_for_a_moment(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = services.ember_client.asker
    monkeypatch.setattr(asker, "ask", Away(asker, 3))
    token = await services.passes.issue("tip", WORDS, is_held=True)
    assert await services.passes.open(token, "tip") == WORDS

    monkeypatch.setattr(asker, "ask", Away(asker, 1))
    with pytest.raises(ValkeyAway):
        await services.passes.issue("tip", WORDS)


async def test_it_does_not_wait_for_ever_and_not_everybody_waits(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Away(services.ember_client.asker, math.inf)
    monkeypatch.setattr(services.ember_client.asker, "ask", gone)
    monkeypatch.setattr(passes, "HELD_FOR", timedelta(seconds=1))
    loop = asyncio.get_running_loop()
    began, ended = loop.time(), list[float]()

    async def one() -> None:
        with pytest.raises(ValkeyAway):
            await services.passes.issue("tip", WORDS, is_held=True)
        ended.append(loop.time() - began)

    await asyncio.gather(*(one() for _ in range(passes.HELD_AT_MOST + 20)))
    assert sum(each < 0.9 for each in ended) == 20
    gone.times = 0
    assert await services.passes.issue("tip", WORDS, is_held=True), "nobody is counted who waits no more"


async def test_a_pass_of_one_kind_is_no_pass_of_another(services: Services) -> None:
    token = await services.passes.issue("talk", WORDS)

    assert await services.passes.open(token, "talk-frame") is None
    assert await services.passes.open(token, "tal") is None
    assert await services.passes.open(token, "") is None


async def test_a_pass_ends_after_its_time(services: Services) -> None:
    token = await services.passes.issue("talk", WORDS, group=b"g", lasts=timedelta(milliseconds=40))
    assert await services.passes.open(token, "talk") == WORDS
    await asyncio.sleep(0.08)

    assert await services.passes.open(token, "talk") is None


async def test_a_pass_lasts_a_minute_when_nothing_else_is_said(services: Services) -> None:
    await services.passes.issue("talk", WORDS, group=b"g")
    keys = [key async for key in services.ember_client.scan_iter(match=b"t*")]

    assert len(keys) == 2
    for key in keys:
        assert 55_000 < await services.ember_client.pttl(key) <= 60_000


async def test_a_dropped_group_takes_all_its_passes_along_and_no_other(services: Services) -> None:
    passes = services.passes
    short = await passes.issue("talk", WORDS, group=b"one", lasts=timedelta(seconds=1))
    long = await passes.issue("visit", WORDS, group=b"one", lasts=timedelta(minutes=30))
    other = await passes.issue("talk", WORDS, group=b"two")
    alone = await passes.issue("talk", WORDS)

    await passes.drop(b"one")
    await passes.drop(b"never")

    assert await passes.open(short, "talk") is None
    assert await passes.open(long, "visit") is None
    assert await passes.open(other, "talk") == WORDS
    assert await passes.open(alone, "talk") == WORDS


async def test_of_many_who_spend_a_pass_one_gets_it(services: Services) -> None:
    token = await services.passes.issue("talk", WORDS)
    got = await asyncio.gather(*(services.passes.spend(token, "talk") for _ in range(10)))

    assert got.count(WORDS) == 1
    assert got.count(None) == 9
    assert await services.passes.spend(token, "other") is None


@pytest.mark.parametrize("token", ["", "a", "A" * 43, "A" * 44, "é" * 43, "../../etc", "A" * 42 + "\n", "A" * 100_000])
async def test_what_is_no_pass_opens_nothing(services: Services, token: str) -> None:
    assert await services.passes.open(token, "talk") is None
    assert await services.passes.spend(token, "talk") is None


async def test_one_bit_more_is_another_pass(services: Services) -> None:
    token = await services.passes.issue("talk", WORDS)
    raw = bytearray(from_text(token, 32))
    raw[0] ^= 1

    assert await services.passes.open(to_text(bytes(raw)), "talk") is None


async def test_the_store_holds_neither_the_pass_nor_what_it_carries(services: Services) -> None:
    token = await services.passes.issue("talk", WORDS, group=b"a conversation's id")
    raw = from_text(token, 32)
    held = b""
    async for key in services.ember_client.scan_iter():
        is_group = await services.ember_client.type(key) == b"zset"
        value: Any = await (services.ember_client.zrange(key, 0, -1) if is_group else services.ember_client.get(key))
        held += key + (b"".join(value) if is_group else value)

    assert b"t:" + hashlib.sha256(raw).digest() in held
    for secret in (raw, token.encode(), WORDS, b"a conversation's id"):
        assert secret not in held


async def test_a_group_forgets_the_passes_that_ran_out(services: Services) -> None:
    for _ in range(20):
        await services.passes.issue("talk", WORDS, group=b"g", lasts=timedelta(milliseconds=5))
    await asyncio.sleep(0.05)
    await services.passes.issue("talk", WORDS, group=b"g")
    (group,) = [key async for key in services.ember_client.scan_iter(match=b"tg:*")]

    assert await services.ember_client.zcard(group) == 1


async def test_what_was_issued_apart_stays_until_all_of_its_group_goes(services: Services) -> None:
    passes = services.passes
    one, other = await passes.issue("talk", WORDS, group=b"g"), await passes.issue("k", WORDS, group=b"g", apart=True)
    await passes.drop(b"g", also_apart=False)
    assert await passes.open(one, "talk") is None
    assert await passes.open(other, "k") == WORDS
    await passes.drop(b"g")
    assert await passes.open(other, "k") is None
    assert [key async for key in services.ember_client.scan_iter(match=b"t*")] == []


async def test_a_mark_is_found_by_a_pass_that_ran_out_and_goes_with_its_group(services: Services) -> None:
    passes, thread = services.passes, b"twelve bytes"
    over = await passes.issue("talk", WORDS, group=b"g", thread=thread, lasts=timedelta(milliseconds=5))
    await passes.mark(thread, "open", lasts=timedelta(hours=1), group=b"g")
    await passes.mark(b"another one!", "open", lasts=timedelta(hours=1), group=b"g")
    await passes.mark(thread, "ended", lasts=timedelta(hours=1))
    await asyncio.sleep(0.05)

    assert await passes.open(over, "talk") is None
    assert await passes.is_marked(over, "open")
    assert not await passes.is_marked(await passes.issue("talk", WORDS), "open")
    assert not await passes.is_marked("no pass at all", "open")

    await passes.drop(b"g")

    assert not await passes.is_marked(over, "open")
    assert not await passes.is_marked(to_text(b"another one!" + bytes(20)), "open")
    assert await passes.is_marked(over, "ended")


async def test_passes_of_one_thread_share_what_they_begin_with_and_nothing_else(services: Services) -> None:
    one, two = [await services.passes.issue("talk", WORDS, thread=b"twelve bytes") for _ in range(2)]

    assert one[:16] == two[:16]
    assert one[16:] != two[16:]
    assert len(from_text(one, 32)) == 32


@given(raw=st.binary(max_size=40))
def test_one_text_names_one_value(raw: bytes) -> None:
    text = to_text(raw)

    assert from_text(text, len(raw)) == raw
    for other in (text + "=", text + "A", " " + text, text[:-1]):
        if other != text:
            with pytest.raises(ValueError, match="base64url"):
                from_text(other, len(raw))
