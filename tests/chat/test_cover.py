"""A covered page is told nothing but the end; her word, or a long press and a question, brings the talk back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chat.clocks import NO_WISH_MINUTES
from chat.conversation import VisitorTalk
from chat.cover import Covers, stays_for
from chat.refusals import ConversationOver
from chat.store.covers import MOST_TRIES
from portal.ids import random_key
from portal.store.valkey import ValkeyAway
from portal.vault.covers import find_cover, is_word
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces

pytestmark = pytest.mark.anyio

WORD = "blue Kettle"


@pytest.fixture
def covers(house: ChatHouse) -> Covers:
    return Covers(house.relay)


async def back(house: ChatHouse, talk: VisitorTalk) -> str:
    return (await house.relay.answers(talk)).back


async def test_the_desk_reads_covered_from_when_and_back(house: ChatHouse, covers: Covers) -> None:
    talk, desk = await house.talking()
    assert await covers.cover(talk)
    house.clock.advance(stays_for("5"))
    assert (await house.view(desk)).line == ("covered", 300)
    # Said again, by a page whose answer was lost, it began when it began.
    assert not await covers.cover(talk)
    assert (await house.view(desk)).line == ("covered", 300)
    # A line that breaks behind a cover changes nothing about what she can read.
    await house.relay.lines.opened(talk.id, b"one line", house.relay.now_ms(), goes_on=False)
    await house.relay.lines.broke(talk.id, b"one line", house.relay.now_ms())
    assert (await house.view(desk)).line[0] == "covered"
    await covers.uncover(talk)
    assert (await house.view(desk)).line[0] != "covered"


async def test_what_she_said_of_being_safe_is_asked_anew(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    await house.relay.visitor_answers(talk, "safe", "yes")
    await covers.cover(talk)
    assert (await house.relay.answers(talk)).get("safe") == ""
    # What she answers behind the cover, before any word, stands.
    house.clock.advance(timedelta(seconds=1))
    await house.relay.visitor_answers(talk, "safe", "no")
    await covers.cover(talk)
    await covers.uncover(talk)
    assert (await house.relay.answers(talk)).get("safe") == "no"


async def test_a_cover_cut_off_in_the_middle_is_finished_when_it_is_asked_for_again(
    house: ChatHouse, covers: Covers, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _ = await house.talking()
    await house.relay.visitor_answers(talk, "safe", "yes")

    async def away(*_: object) -> None:
        raise ValkeyAway

    with monkeypatch.context() as cut:
        cut.setattr(house.relay, "visitor_answers", away)
        with pytest.raises(ValkeyAway):
            await covers.cover(talk, WORD)
    assert not await covers.cover(talk, WORD), "it was covered by the first"
    assert (await house.relay.answers(talk)).get("safe") == ""
    assert await covers.uncover(talk, WORD) == "word"


@pytest.mark.parametrize("typed", ["blue Kettle", "  BLUE   kettle ", "\uff42lue kettle"])
async def test_her_word_is_known_however_it_is_written(house: ChatHouse, covers: Covers, typed: str) -> None:
    talk, _ = await house.talking()
    await covers.cover(talk, WORD)
    assert await covers.uncover(talk, typed) == "word"
    assert await back(house, talk) == "word"


@pytest.mark.parametrize("typed", ["", "blue", "blue kettles", "a"])
async def test_without_her_word_the_desk_reads_so(house: ChatHouse, covers: Covers, typed: str) -> None:
    talk, _ = await house.talking()
    await covers.cover(talk, WORD)
    assert await covers.uncover(talk, typed) == "held"
    assert await back(house, talk) == "held"
    # Until she is back with it.
    await covers.cover(talk)
    assert await covers.uncover(talk, WORD) == "word"
    assert await back(house, talk) == "word"


async def test_who_chose_no_word_came_back_without_one_and_nothing_is_said_of_it(
    house: ChatHouse, covers: Covers
) -> None:
    talk, _ = await house.talking()
    await covers.cover(talk)
    assert await covers.uncover(talk, "rice") == ""
    assert await back(house, talk) == ""


async def test_a_word_too_short_for_one_is_none(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    assert not await covers.choose(talk, " ab ")
    await covers.cover(talk, "ab")
    assert await covers.uncover(talk, "ab") == ""


async def test_her_word_stands_in_no_store(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    name, _ = await covers.put_away(talk)
    await covers.choose(talk, WORD)
    for client in (house.services.durable, house.services.ember_client):
        async for key in client.scan_iter(count=1000):
            lies = key + (await client.dump(key) or b"")
            for secret in (WORD.lower().encode(), name, talk.token):
                assert secret not in lies, key


async def test_the_name_in_a_page_opens_the_talk_with_her_word(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    await covers.choose(talk, WORD)
    name, is_new = await covers.put_away(talk)
    assert is_new
    assert await covers.try_word(random_key(), WORD) is None
    opened = await covers.try_word(name, WORD)
    assert opened is not None
    assert (opened.id, opened.token) == (talk.id, talk.token)
    # Shown, and led nowhere yet: her name still opens it, should she have to ask again.
    assert await covers.show(opened, WORD) == "word"
    assert await covers.behind(name) is not None
    await covers.bring_out(talk.id)
    assert await back(house, talk) == "word"
    # A name works once: the page behind Back opens nothing.
    assert await covers.try_word(name, WORD) is None
    assert await covers.behind(name) is None


async def test_the_fifth_wrong_word_ends_the_asking_and_leaves_the_other_way(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    await covers.choose(talk, WORD)
    name, _ = await covers.put_away(talk)
    for _ in range(MOST_TRIES - 1):
        assert await covers.try_word(name, "flour") is None
    again = await covers.behind(name)
    assert again is not None
    assert await covers.try_word(name, "sugar") is None
    assert await covers.try_word(name, WORD) is None
    assert await covers.behind(name) is not None
    assert await covers.uncover(again) == "held"


async def test_before_the_fifth_her_word_still_opens(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    await covers.choose(talk, WORD)
    name, _ = await covers.put_away(talk)
    for _ in range(MOST_TRIES - 1):
        await covers.try_word(name, "flour")
    assert await covers.try_word(name, WORD) is not None


async def test_of_many_words_tried_at_once_no_more_than_these_are_tried(
    house: ChatHouse, covers: Covers, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _ = await house.talking()
    await covers.choose(talk, WORD)
    name, _ = await covers.put_away(talk)
    tried: list[str] = []

    def counted(mark: bytes | None, talk_key: bytes, conversation: bytes, typed: str) -> bool:
        tried.append(typed)
        return is_word(mark, talk_key, conversation, typed)

    monkeypatch.setattr("chat.cover.is_word", counted)
    words = [f"flour {number}" for number in range(4 * MOST_TRIES)]
    await asyncio.gather(*(covers.try_word(name, word) for word in words))
    assert len(tried) == MOST_TRIES
    assert await covers.try_word(name, WORD) is None


async def test_two_taps_leave_two_names_that_both_lead_back(house: ChatHouse, covers: Covers) -> None:
    talk, _ = await house.talking()
    await covers.choose(talk, WORD)
    first, is_new = await covers.put_away(talk)
    second, is_newer = await covers.put_away(talk)
    assert (is_new, is_newer) == (True, False)
    assert await covers.behind(first) is not None
    opened = await covers.try_word(second, WORD)
    assert opened is not None
    await covers.uncover(opened, WORD)
    assert await covers.behind(first) is None


@pytest.mark.parametrize(("wish", "minutes"), [("5", 5), ("30", 30), ("60", 60), ("go", 2), ("", NO_WISH_MINUTES)])
async def test_a_name_lasts_as_long_as_her_wish(house: ChatHouse, covers: Covers, wish: str, minutes: int) -> None:
    talk, _ = await house.talking()
    if wish:
        await house.relay.visitor_answers(talk, "cutoff", wish)
    name, _ = await covers.put_away(talk)
    left_ms = await house.services.ember_client.pttl(b"cv:" + find_cover(name))
    assert minutes * 60_000 - 5_000 < left_ms <= minutes * 60_000


@pytest.mark.parametrize("how", ["end", "exit"])
async def test_an_end_leaves_nothing_of_a_cover(house: ChatHouse, covers: Covers, how: str) -> None:
    talk = await house.waiting()
    await covers.choose(talk, WORD)
    name, _ = await covers.put_away(talk)
    await house.relay.leave(talk, "end" if how == "end" else "exit")
    assert await covers.behind(name) is None
    assert await covers.try_word(name, WORD) is None
    assert await traces(house, talk) == []
    assert await cover_keys(house) == []
    with pytest.raises(ConversationOver):
        await covers.cover(talk)


@pytest.mark.parametrize("step", ["keep_word", "put_away"])
async def test_what_is_written_of_a_cover_after_the_end_goes_with_it(
    house: ChatHouse, covers: Covers, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    talk = await house.waiting()
    written = getattr(house.relay.covers, step)

    async def too_late(*args: object) -> None:
        await house.relay.leave(talk, "end")
        await written(*args)

    monkeypatch.setattr(house.relay.covers, step, too_late)
    with pytest.raises(ConversationOver):
        await (covers.choose(talk, WORD) if step == "keep_word" else covers.put_away(talk))
    assert await cover_keys(house) == []


async def test_a_word_sent_with_a_cover_after_the_end_is_not_kept(house: ChatHouse, covers: Covers) -> None:
    talk = await house.waiting()
    await house.relay.leave(talk, "end")
    with pytest.raises(ConversationOver):
        await covers.cover(talk, WORD)
    assert await cover_keys(house) == []


async def cover_keys(house: ChatHouse) -> list[bytes]:
    """Every key of any cover in the store without a disk."""
    starts = (b"cv:", b"cw:", b"cg:")
    return [key async for key in house.services.ember_client.scan_iter(count=1000) if key[:3] in starts]
