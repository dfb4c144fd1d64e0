"""What one question is answered with: words at once, however early they came; what the page knows already, not."""

from __future__ import annotations

import asyncio

from chat.poll.hearing import Hearing
from chat.protocol import server
from chat.visits import Listening

WELCOME = server.Welcome(state="talking", place=0, minutes=None, name="Robin", last=3, waited=0, answers={})
LINE = server.LineChanged(line="connected")
WORDS = server.MessagePosted(seq=3, author="advocate", name="Robin", text="here", key="")


async def answered(*told: server.ToVisitor, known: str) -> list[server.ToVisitor]:
    """What a question that would wait for a minute is answered with when this was told before it looked."""
    listening = Listening()
    for fact in told:
        await listening.tell(fact)
    async with asyncio.timeout(10):
        return await Hearing(listening).news(60, known)


async def test_words_that_came_before_it_looked_answer_at_once() -> None:
    assert await answered(WELCOME, LINE, WORDS, known="connected") == [WORDS]


async def test_with_words_comes_what_the_page_does_not_know_yet() -> None:
    assert await answered(WELCOME, LINE, WORDS, known="weak") == [LINE, WORDS]


async def test_what_the_page_knows_already_is_not_told_again() -> None:
    listening = Listening()
    for fact in (WELCOME, LINE):
        await listening.tell(fact)

    assert await Hearing(listening).news(0, "connected") == []
