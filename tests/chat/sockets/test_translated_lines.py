"""Translations over the lines: asked and answered on her page, told beside their words, and late without harm."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest

from tests.chat.conftest import ChatHouse
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key, processes
from tests.chat.sockets.test_lines import talking
from tests.support.translators import Twin

__all__ = ["processes"]
pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]
ARABIC = frozenset({("ar", "en"), ("en", "ar")})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Twin:
    """What every process of the house is given; to be asked for before them."""
    twin = Twin(has=ARABIC)
    monkeypatch.setattr("portal.assembly.make_translator", lambda **_: twin)
    return twin


async def taps(visitor: Spoken, seq: int, choice: str) -> None:
    key = new_key()
    await visitor.say("Tap", key=key, seq=seq, choice=choice)
    await visitor.hear("MessageAccepted", key=key)


async def card_says(desk: Spoken, **matching: str) -> dict[str, Any]:
    """The first card that says so."""
    while True:
        card: dict[str, Any] = (await desk.hear("CardChanged"))["card"]
        if matching.items() <= card.items():
            return card


async def questions(visitor: Spoken) -> list[int]:
    return [(await visitor.hear("MessagePosted", card="may_translate"))["seq"] for _ in range(2)]


async def test_both_sides_are_told_what_was_made_and_the_card_says_what_she_allowed(
    engine: Twin, house: ChatHouse, processes: Both
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        hers, theirs = await questions(visitor)
        await taps(visitor, hers, "machineyes")
        made = await desk.hear("MessageTranslated", seq=1)
        assert (made["status"], made["language"], made["source"]) == ("done", "en", "ar")
        await taps(visitor, theirs, "machineyes")
        await desk.says("I am here", conversation=conversation)
        told = await visitor.hear("MessageTranslated")
        assert (told["text"], told["language"], told["label"]) == ("ar: I am here", "ar", "ترجمة آلية. قد تكون خاطئة.")
        card = await card_says(desk, theirs="yes")
        assert (card["hers"], card["engine"]) == ("yes", "ready")

        async with await processes[1].visitor(token) as again:
            welcome = next(each for each in again.passed if each["type"] == "Welcome")
            assert welcome["machine"] == [hers, theirs]
            await again.hear("MessageTranslated", text="ar: I am here")
            await taps(again, hers, "machinestop")
        await card_says(desk, hers="no", theirs="no")
        sent = len(engine.sent)
        await visitor.says("one more")
        await desk.says("and one more", conversation=conversation)
    assert len(engine.sent) == sent


async def test_no_word_waits_for_an_engine_that_hangs(engine: Twin, house: ChatHouse, processes: Both) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        hers, theirs = await questions(visitor)
        engine.open.clear()
        for seq in (hers, theirs):
            await taps(visitor, seq, "machineyes")
        while not engine.sent:
            await visitor.says("hello")
        began = monotonic()
        await desk.say("TryWords", key=new_key(), conversation=conversation, text="before I say it")
        for turn in range(10):
            await visitor.says(f"mine {turn}")
            await desk.hear("MessagePosted", text=f"mine {turn}")
            await desk.says(f"yours {turn}", conversation=conversation)
            await visitor.hear("MessagePosted", text=f"yours {turn}")
        assert monotonic() - began < 5, "forty tellings, while one answer of the engine takes eight seconds"
        assert len(engine.sent) <= 2, "one of the talk and the one that was tried"
        engine.open.set()
        await visitor.hear("MessageTranslated", text="ar: yours 9")


async def test_a_page_that_asks_is_told_too_and_her_own_words_wake_it_not(
    engine: Twin, house: ChatHouse, processes: Both
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    hers, theirs = await questions(visitor)
    visitor.cut()
    async with asking(processes[0], token) as page, desk:
        for seq in (hers, theirs):
            await page.says({"type": "Tap", "key": new_key(), "seq": seq, "choice": "machineyes"})
        await desk.hear("MessageTranslated", seq=1)
        await desk.says("I am here", conversation=conversation)
        while not any(each["type"] == "MessageTranslated" for each in page.told):
            await page.hears(5)


async def test_a_draft_is_read_back_to_the_desk_alone_and_a_sentence_of_the_book_goes_by_its_own_words(
    engine: Twin, house: ChatHouse, processes: Both
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        _, theirs = await questions(visitor)
        for status in ("skipped", "done"):
            await desk.say("TryWords", key=new_key(), conversation=conversation, text="I am on your side")
            tried = await desk.hear("WordsTried")
            assert tried["status"] == status
            if status == "skipped":
                assert engine.sent == [], "not before she said yes"
                await taps(visitor, theirs, "machineyes")
        assert (tried["there"], tried["back"]) == ("ar: I am on your side", "en: ar: I am on your side")
        assert engine.sent[-1][1:] == ("ar", "en")
        sent = len(engine.sent)

        await desk.say(
            "TryWords", key=new_key(), conversation=conversation, text="Can I ask you some questions? You can skip any"
        )
        there = (await desk.hear("WordsTried", card="ask"))["there"]
        await desk.says("can I ask you some questions - you can skip any!", conversation=conversation)
        asked = await visitor.hear("MessagePosted", card="ask")
        assert (asked["text"], bool(asked["choices"])) == (there, True)
    assert len(engine.sent) == sent
