"""What is taken down is what was said, word for word, and rests where notes rest: under a key of staff's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.hands import Hands
from chat.message import Body, Entry, Message, open_staff_note, seal_staff_note
from chat.refusals import NothingSaid, NotThisDesk
from chat.store import keys
from portal.ids import random_id
from portal.vault.conversations import open_message, open_note
from portal.vault.errors import SealBroken
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parents[1] / "golden" / "entries" / "notes"
CONVERSATION, STAFF_KEY, PERSON, KEY = bytes(range(16)), bytes(range(32)), b"s" * 16, b"k" * 16


async def test_a_message_or_a_piece_of_it_becomes_a_note_that_says_where_it_is_from(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    seq = await house.relay.visitor_says(talk, "the blue van came at nine", random_id(), 0)
    hands, key = Hands(house.relay), random_id()
    for _ in range(2):
        assert await hands.take_down(desk, seq, "blue van", key, 0) == 1
    assert await hands.take_down(desk, seq, "the blue van came at nine", random_id(), 0) == 2
    notes = (await house.relay.notes_since(desk, 0)).messages
    assert [(each.kind, each.text, each.of, each.name) for each in notes] == [
        ("taken_down", "blue van", seq, "Robin"),
        ("taken_down", "the blue van came at nine", seq, "Robin"),
    ]
    ((_, entry), _) = await house.relay.talks.notes_since(talk.id, 0)
    with pytest.raises(SealBroken):
        open_message(talk.talk_key, entry.head(talk.id), entry.body)
    assert [each.kind for each in (await house.relay.since(talk, 0)).messages] == ["words", "joined", "words"]


async def test_what_nobody_said_is_not_taken_down(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    seq = await house.relay.advocate_says(desk, "ours", random_id(), 0)
    await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)
    hands = Hands(house.relay)
    for number, text in ((1, "goodbye"), (2, "hello"), (99, "hello"), (seq, "ours")):
        with pytest.raises(NotThisDesk):
            await hands.take_down(desk, number, text, random_id(), 0)
    with pytest.raises(NothingSaid):
        await hands.take_down(desk, 1, " ", random_id(), 0)
    await house.relay.leave(talk, "exit")
    assert await hands.take_down(desk, 1, "hello", random_id(), 0) == 1
    await house.relay.ending.erase(talk.id)
    assert await house.services.durable.exists(keys.notes(talk.id)) == 0


def test_the_bytes_of_what_is_taken_down_stay_what_they_are() -> None:
    entry = Entry("advocate", PERSON, KEY, "taken_down", 7, b"")
    sealed = seal_staff_note(CONVERSATION, STAFF_KEY, entry, Body("blue van", "Robin", 12))
    assert sealed.pack()[:38] == b"ad" + PERSON + KEY + (7).to_bytes(4, "big")
    assert open_note(STAFF_KEY, sealed.head(CONVERSATION), sealed.body) == (
        b'{"text":"blue van","name":"Robin","of":12}'
    )
    old = Entry.unpack(bytes.fromhex((GOLDEN / "taken_down.hex").read_text()))
    assert open_staff_note(CONVERSATION, STAFF_KEY, 3, old) == Message(
        3, "advocate", "taken_down", "Robin", "blue van", KEY, 12
    )
