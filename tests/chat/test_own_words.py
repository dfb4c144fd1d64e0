"""Words a line said itself are told to it once, by their number, and nothing with a higher number comes before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest
from hypothesis import given, strategies as st

from chat.feed import Feed
from chat.message import NOBODY, Entry, Message, head_of_words
from chat.own_words import OwnWords
from portal.ids import random_id
from portal.store.channels import Channels, Heard, Listener
from tests.chat.conftest import ChatHouse
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


def packed(key: bytes, *, by: str = "visitor") -> bytes:
    if by == "visitor":
        return Entry("visitor", NOBODY, key, "words", 3, b"sealed").pack()
    return Entry("advocate", b"a" * 16, key, "words", 3, b"sealed").pack()


def head(key: bytes) -> bytes:
    return head_of_words("visitor", NOBODY, key)


@dataclass
class Page:
    """What one page is told: `=` before a number is an acknowledgement."""

    told: list[str] = field(default_factory=list)
    own: OwnWords = field(default_factory=OwnWords)
    heard: int = 0

    async def accept(self, seq: int) -> None:
        self.told.append(f"={seq}")

    async def hears(self, seq: int, entry: bytes) -> None:
        """As a feed does."""
        if not self.own.passes(seq, entry):
            await self.own.settle()
            self.told.append(str(seq))
        self.heard = seq

    async def is_answered(self, key: bytes, seq: int) -> None:
        await self.own.answered(head(key), seq, lambda: self.heard)


def test_the_head_of_words_is_how_they_begin_when_they_are_packed() -> None:
    key = random_id()
    assert packed(key).startswith(head(key))
    assert not packed(key, by="advocate").startswith(head(key))


ORDERS = st.permutations([("heard", 1), ("heard", 2), ("heard", 3), ("answered", 1), ("answered", 3)])


@given(steps=ORDERS)
def test_whichever_comes_first_own_words_are_acknowledged_once_and_before_what_follows(
    steps: Sequence[tuple[str, int]],
) -> None:
    """1 and 3 are its own, 2 is somebody else's. What is published is heard in its order, whatever is answered when."""
    page, keys = Page(), {number: bytes([number]) * 16 for number in (1, 2, 3)}
    in_order = iter((1, 2, 3))

    async def walk() -> None:
        for number in (1, 3):
            page.own.says(head(keys[number]), page.accept)
        for what, number in steps:
            if what == "answered":
                await page.is_answered(keys[number], number)
            else:
                each = next(in_order)
                await page.hears(each, packed(keys[each], by="advocate" if each == 2 else "visitor"))

    asyncio.run(walk())

    assert sorted(page.told) == ["2", "=1", "=3"]
    assert page.told.index("=1") < page.told.index("2")
    assert len(page.own) == 0, "nothing is remembered that was told and heard"


async def test_words_that_were_refused_are_told_whole_should_they_be_heard_after_all() -> None:
    page, key = Page(), random_id()
    page.own.says(head(key), page.accept)
    assert await page.own.refused(head(key)), "and the page is told so"
    await page.hears(1, packed(key))
    assert page.told == ["1"]


async def test_words_that_were_heard_are_kept_whatever_became_of_their_answer() -> None:
    page, key = Page(), random_id()
    page.own.says(head(key), page.accept)
    await page.hears(1, packed(key))
    assert page.told == [], "the answer is on its way"
    assert not await page.own.refused(head(key))
    assert (page.told, len(page.own)) == (["=1"], 0)


async def test_words_said_twice_over_one_line_are_answered_twice_and_heard_by_nobody_as_new() -> None:
    page, key = Page(), random_id()
    for _ in range(2):
        page.own.says(head(key), page.accept)
        await page.is_answered(key, 1)
    await page.hears(1, packed(key))
    page.own.says(head(key), page.accept)
    await page.is_answered(key, 1)
    assert page.told == ["=1", "=1", "=1"]
    assert len(page.own) == 0


async def test_another_person_under_the_same_key_is_told_whole() -> None:
    page, key = Page(), random_id()
    page.own.says(head(key), page.accept)
    await page.hears(1, packed(key, by="advocate"))
    assert page.told == ["1"]


async def test_what_is_caught_up_is_told_whole_and_forgotten() -> None:
    page, key = Page(), random_id()
    page.own.says(head(key), page.accept)
    await page.is_answered(key, 7)
    page.own.passed(6)
    assert len(page.own) == 1
    page.own.passed(7)
    assert len(page.own) == 0


async def test_a_feed_passes_over_its_own_numbers_and_catches_up_on_every_other(house: ChatHouse) -> None:
    """The acknowledged number is ahead of what was told; then the line's subscription is lost for a moment."""
    talk, desk = await house.talking()
    told: list[Message] = []
    own = OwnWords()

    async def tell(message: Message) -> None:
        told.append(message)

    async def sign(_: str) -> None:
        return

    async def accept(_: int) -> None:
        return

    feed = Feed(house.relay, house.services.channels, talk, last=talk.facts.seq, tell=tell, sign=sign)
    feed.own = own
    await feed.catch_up()
    before, told = feed.last, []
    await house.relay.advocate_says(desk, "one of the other side", random_id(), 0)
    key = random_id()
    own.says(head(key), accept)
    mine = await house.relay.visitor_says(talk, "one of hers", key, 0)
    await own.answered(head(key), mine, lambda: feed.last)
    # Neither was heard: what comes next shows that something is missing.
    await house.relay.advocate_says(desk, "another", random_id(), 0)
    await feed.look()

    assert [each.seq for each in told] == [before + 1, before + 2, before + 3]
    assert (feed.last, len(own)) == (before + 3, 0)


class OneEar:
    """Channels that only this test publishes on."""

    listener: Listener

    def enter(self, *channels: bytes, size: int, rouse: Callable[[], None]) -> Listener:
        self.listener = Listener(frozenset(channels), size, rouse)
        return self.listener

    def leave(self, _listener: Listener) -> None:
        """Nobody else hears it."""


async def test_what_the_page_cannot_take_at_once_waits_its_turn_and_what_follows_waits_behind_it(
    house: ChatHouse,
) -> None:
    """Every third number may be told without waiting; the others take a moment, as on a line that is full."""
    talk, desk = await house.talking()
    before = (await house.relay.since(talk, 0)).last
    for number in range(12):
        await house.relay.advocate_says(desk, f"word {number}", random_id(), 0)
    told: list[tuple[int, bool]] = []
    all_of_it = asyncio.Event()

    async def tell(message: Message) -> None:
        await asyncio.sleep(0)
        told.append((message.seq, False))
        if message.seq == before + 12:
            all_of_it.set()

    def tell_now(message: Message) -> bool:
        if message.seq % 3 or message.seq == before + 12:
            return False
        told.append((message.seq, True))
        return True

    async def sign(_: str) -> None:
        return

    ear = OneEar()
    feed = Feed(house.relay, cast(Channels, ear), talk, last=before, tell=tell, sign=sign, tell_now=tell_now)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        feed.begin(tasks)
        for seq, entry in await house.relay.talks.since(talk.id, before):
            await asyncio.sleep(0)
            for _ in range(2):  # and nothing twice
                ear.listener.put(Heard(b"any", b"m%d %b" % (seq, entry.pack())))
            for _ in range(seq % 5):
                await asyncio.sleep(0)
        await all_of_it.wait()
        feed.end()

    assert [seq for seq, _ in told] == list(range(before + 1, before + 13))
    assert {at_once for _, at_once in told} == {True, False}
