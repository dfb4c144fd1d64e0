"""Words outlive a conversation by agreement only: shown word for word, kept by her yes, taken back by her no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chat import keeping
from chat.cards import KEEP, KEEP_CHOICES, Speech
from chat.conversation import DeskTalk, VisitorTalk
from chat.hands import Hands
from chat.message import Body, Entry, Message, open_words, seal_words
from chat.protocol.server import MessagePosted
from chat.refusals import ConversationOver, MayBeSomebodyElse, NothingSaid, NotThisDesk
from chat.store import keys
from chat.telling import Telling
from i18n.languages import LANGUAGES
from portal.ids import random_id
from portal.records.entries import Entries
from portal.records.tables import sealed_entries
from portal.store.database import DatabaseAway
from portal.vault.conversations import open_message
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.support.disk_search import search
from tests.support.rooms import words_and_files

pytestmark = pytest.mark.anyio

WORDS = "Ana wants a bed on Tuesday, and no call before noon"
SPEECH = Speech(words_and_files()[0])


async def asked(house: ChatHouse) -> tuple[VisitorTalk, DeskTalk, int]:
    """A conversation in which the advocate has asked, and the number of the question."""
    talk, desk = await house.talking()
    return talk, desk, await house.relay.keeping.ask(desk, WORDS, random_id(), 2)


async def answers(house: ChatHouse, talk: VisitorTalk, seq: int, choice: str, key: bytes | None = None) -> int:
    return await Hands(house.relay).tap(talk, seq, choice, key or random_id(), seq)


async def said(house: ChatHouse, talk: VisitorTalk) -> list[str]:
    """What stands in the conversation after the question, as her page hears it."""
    messages = (await house.relay.since(talk, 3)).messages
    return [each.text if each.kind == "tap" else each.kind for each in messages]


async def ends(house: ChatHouse, talk: VisitorTalk) -> None:
    """She leaves, and the wrap-up clock runs out."""
    await house.relay.leave(talk, "exit")
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()


async def kept(house: ChatHouse) -> list[tuple[str, str]]:
    """What the records hold, opened by whoever holds their keys."""
    rows = (await house.services.entries.read(house.advocate)).rows
    return [(row.kind, row.account.words if row.account else "closed") for row in rows]


async def test_her_yes_keeps_these_very_words_and_nothing_else(house: ChatHouse) -> None:
    talk, _, seq = await asked(house)
    await answers(house, talk, seq, "keep")
    assert await said(house, talk) == ["keep", "kept"]
    assert await kept(house) == []

    await ends(house, talk)
    assert await kept(house) == [("kept", WORDS)]
    assert await traces(house, talk) == []


@pytest.mark.parametrize("choices", [[], ["keepnot"], ["keep", "keepnot"], ["keepnot", "keepnot"]])
async def test_without_a_yes_that_stands_nothing_is_kept(house: ChatHouse, choices: list[str]) -> None:
    talk, _, seq = await asked(house)
    house.relay.ending.owes_a_new_file = False
    for choice in choices:
        await answers(house, talk, seq, choice)
    took_back = choices[:1] == ["keep"]
    assert await said(house, talk) == (["keep", "kept", "keepnot", "unkept"] if took_back else choices)
    # What was taken back stands in the store's file until that is written anew.
    assert house.relay.ending.owes_a_new_file == ("keepnot" in choices)

    await ends(house, talk)
    assert await kept(house) == []
    assert await traces(house, talk) == []


async def test_a_tap_that_is_sent_again_and_a_second_yes_keep_once(house: ChatHouse) -> None:
    talk, _, seq = await asked(house)
    key = random_id()
    assert await answers(house, talk, seq, "keep", key) == await answers(house, talk, seq, "keep", key)
    await answers(house, talk, seq, "keep")
    assert await said(house, talk) == ["keep", "kept", "keep"]

    await ends(house, talk)
    assert await kept(house) == [("kept", WORDS)]


async def test_after_the_end_no_answer_counts(house: ChatHouse) -> None:
    talk, desk, seq = await asked(house)
    await house.relay.close(desk)
    with pytest.raises((ConversationOver, NotThisDesk)):
        await answers(house, talk, seq, "keep")
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await kept(house) == []


async def test_only_who_holds_her_asks_and_only_with_words(house: ChatHouse) -> None:
    _, desk = await house.talking()
    with pytest.raises(NothingSaid):
        await house.relay.keeping.ask(desk, "  ", random_id(), 2)
    with pytest.raises(NothingSaid):
        await Hands(house.relay).ask(desk, KEEP, random_id(), 2)
    old = replace(desk, fence=desk.fence - 1)
    with pytest.raises(NotThisDesk):
        await house.relay.keeping.ask(old, WORDS, random_id(), 2)


async def test_while_somebody_else_may_be_writing_no_question_brings_words_along(house: ChatHouse) -> None:
    _, desk = await house.talking()
    await house.relay.marking.other(desk, may_be=True, now_ms=house.relay.now_ms())
    with pytest.raises(MayBeSomebodyElse):
        await Hands(house.relay).ask_keep(desk, WORDS, random_id(), 2)


class Killed(BaseException):
    """What the test throws where a process would have been killed."""


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", ["put", "drop", "forget"])
async def test_a_kill_in_the_middle_of_moving_is_finished_by_the_sweeper_and_keeps_once(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    talk, _, seq = await asked(house)
    await answers(house, talk, seq, "keep")
    owner: Any = {
        "put": house.services.entries,
        "drop": house.relay.keeping._store,
        "forget": house.relay.ending._unfinished,
    }[step]
    real = getattr(owner, step)

    async def dying(*args: Any, **words: Any) -> Any:
        if after:
            await real(*args, **words)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, dying)
        with pytest.raises(Killed):
            await ends(house, talk)
    await house.sweeper.sweep()
    assert await kept(house) == [("kept", WORDS)]
    assert await traces(house, talk) == []


async def test_with_the_database_away_her_words_go_and_what_was_agreed_waits(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _, seq = await asked(house)
    await answers(house, talk, seq, "keep")

    async def away(*_: object, **__: object) -> None:
        raise DatabaseAway

    with monkeypatch.context() as patch:
        patch.setattr(Entries, "put", away)
        await ends(house, talk)
        durable = house.services.durable
        assert not await durable.exists(keys.log(talk.id), keys.sealed(talk.id), keys.state(talk.id))
        assert await durable.exists(keys.kept_words(talk.id))
    await house.sweeper.sweep()
    assert await kept(house) == [("kept", WORDS)]
    assert await traces(house, talk) == []


async def test_what_is_kept_goes_on_the_day_the_question_named(house: ChatHouse) -> None:
    talk, _, seq = await asked(house)
    await answers(house, talk, seq, "keep")
    await ends(house, talk)
    days = house.services.settings.kept_days
    for passed, there in ((days, 1), (1, 0)):
        house.clock.advance(timedelta(days=passed))
        await house.sweeper.sweep()
        async with house.services.database.read() as connection:
            assert len((await connection.execute(select(sealed_entries.c.id))).all()) == there


async def test_neither_the_database_nor_its_log_holds_the_words(house: ChatHouse, tmp_path: Path) -> None:
    talk, _, seq = await asked(house)
    await answers(house, talk, seq, "keep")
    await ends(house, talk)

    assert await kept(house)
    assert search([WORDS], [house.services.settings.data_dir]) == []


def test_the_question_says_the_words_and_the_days_in_every_language_with_a_yes_and_a_no() -> None:
    question = Message(4, "advocate", "card", "Robin", KEEP, bytes(16), said=WORDS, days=90)
    for tag in LANGUAGES:
        (told,) = Telling(SPEECH, tag).facts_of(question)
        assert isinstance(told, MessagePosted)
        assert told.text.endswith(f"\n\n\u2068{WORDS}\u2069")
        assert "90" in told.text
        assert [choice for choice, _ in told.choices] == list(KEEP_CHOICES)
        assert len({words for _, words in told.choices}) == 2


def test_the_first_question_ever_asked_still_opens() -> None:
    """Golden bytes, never written anew."""
    conversation, talk_key = bytes(range(16)), bytes(range(32))
    body = Body(KEEP, "Robin", said="a bed", days=90)
    entry = Entry("advocate", b"s" * 16, b"k" * 16, "card", 7, b"")
    plain = b'{"text":"keep","name":"Robin","said":"a bed","days":90}'
    golden = Entry.unpack(bytes.fromhex((Path(__file__).parents[1] / "golden" / "questions" / "keep.hex").read_text()))

    for each in (seal_words(conversation, talk_key, entry, body), golden):
        assert open_message(talk_key, each.head(conversation), each.body) == plain
        assert open_words(conversation, talk_key, 9, each).said == "a bed"
    assert keeping.KIND == "kept"
