"""A danger is marked in one act: somebody is called, the card says it, and what was done is sealed to the records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies

from chat.cards import CARDS
from chat.danger import OUTCOMES, PLANS, lines_for
from chat.desk_card import DeskCard, read_desk_card, write_desk_card
from chat.duty import Duty, OpenedCards
from chat.hands import Hands
from chat.message import Body, Entry, Message, open_staff_note, seal_staff_note
from chat.protocol.advocate import EndDanger
from chat.refusals import LimitsFirst, NotThisDesk
from chat.store import keys
from portal.ids import random_id, to_text
from portal.numbers import numbers
from portal.store.database import DatabaseAway
from portal.vault.conversations import open_card, open_note
from portal.vault.desk_cards import open_desk_card
from portal.vault.errors import SealBroken
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.support.catalogues import phrases

pytestmark = pytest.mark.anyio

GOLDEN = Path(__file__).parents[1] / "golden" / "entries" / "notes"
CONVERSATION, STAFF_KEY, PERSON, KEY = bytes(range(16)), bytes(range(32)), b"s" * 16, b"k" * 16
NOW_MS = 1_000_000


def ended(outcome: str = "impossible", text: str = "No place was said.", done: tuple[str, ...] = ()) -> EndDanger:
    return EndDanger(key=to_text(KEY), conversation=to_text(CONVERSATION), outcome=outcome, text=text, done=done)  # type: ignore[arg-type]  # any of them


# The rules


def test_there_are_five_kinds_and_each_has_steps_sentences_and_a_number_in_every_region_that_has_one() -> None:
    assert list(PLANS) == ["coming", "hurting", "medical", "child", "others"]
    for kind, plan in PLANS.items():
        assert set(plan.cards) <= set(CARDS), kind
        for tag in ("en", "fr"):
            said = phrases("desk", tag)
            assert [step for step in plan.steps if f"danger.{kind}.{step}" not in said] == [], kind
    purposes = {line.purpose for region in numbers().regions for line in region.lines}
    purposes |= {line.purpose for country in numbers().countries for line in country.lines}
    assert {purpose for plan in PLANS.values() for purpose in plan.lines} <= purposes
    assert "impossible" in OUTCOMES


def test_no_number_stands_anywhere_but_in_the_file_that_names_its_source() -> None:
    for kind in PLANS:
        for region in numbers().regions:
            for line in lines_for(kind, numbers(), region):
                assert line.source, (kind, region.id)
    said = [
        wording
        for tag in ("en", "fr")
        for key, all_ in phrases("desk", tag).items()
        if "danger." in key
        for wording in all_
    ]
    said += [wording for tag in ("en", "fr", "es", "ar") for all_ in phrases("cards", tag).values() for wording in all_]
    assert [wording for wording in said if re.search(r"\d{3}", wording)] == []


def test_whoever_may_be_young_hears_first_what_her_age_changes() -> None:
    plan = PLANS["child"]
    assert plan.cards.index("young") < plan.cards.index("age")
    assert (plan.steps[0], CARDS["age"].after) == ("told", "young")
    assert [kind for kind, other in PLANS.items() if "age" in other.cards and "young" not in other.cards] == []


@given(strategies.text(max_size=60), strategies.sampled_from(["", *PLANS]), strategies.sampled_from(["", *OUTCOMES]))
def test_what_stands_on_the_desks_card_comes_back_for_the_staff_key_alone(who: str, kind: str, outcome: str) -> None:
    card = DeskCard(danger=kind, who=who, danger_ms=NOW_MS, outcome=outcome)  # type: ignore[arg-type]  # drawn from them
    assert repr(card) == "DeskCard(...)"
    sealed = write_desk_card(card, STAFF_KEY, CONVERSATION)
    assert read_desk_card(sealed, STAFF_KEY, CONVERSATION) == card
    assert read_desk_card(sealed, bytes(32), CONVERSATION) == DeskCard(lost=True)
    assert read_desk_card(b"", STAFF_KEY, CONVERSATION) == DeskCard()


def test_the_bytes_of_a_note_on_danger_stay_what_they_are() -> None:
    entry = Entry("advocate", PERSON, KEY, "danger", 7, b"")
    sealed = seal_staff_note(CONVERSATION, STAFF_KEY, entry, Body("Van", "Robin", about="coming", outcome="passed"))
    assert sealed.pack()[:38] == b"aD" + PERSON + KEY + (7).to_bytes(4, "big")
    plain = b'{"text":"Van","name":"Robin","about":"coming","outcome":"passed"}'
    assert open_note(STAFF_KEY, sealed.head(CONVERSATION), sealed.body) == plain
    old = Entry.unpack(bytes.fromhex((GOLDEN / "danger.hex").read_text()))
    assert open_staff_note(CONVERSATION, STAFF_KEY, 3, old) == Message(
        3, "advocate", "danger", "Robin", "Van", KEY, 0, "", "coming", "passed"
    )


# The story


async def test_one_act_calls_somebody_notes_it_and_marks_the_card(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    marking, key = house.relay.marking, random_id()
    for _ in range(2):
        assert await marking.danger(desk, "coming", " the  <b>uncle</b> ", key, 0, NOW_MS) == 1
    card = await marking.card(desk)
    assert (card.danger, card.who, card.danger_ms, card.is_in_danger) == ("coming", "the uncle", NOW_MS, True)
    # Put right, the clock of the same danger goes on.
    await marking.danger(desk, "others", "", random_id(), 0, NOW_MS + 5)
    assert (await marking.card(desk)).danger_ms == NOW_MS
    assert await house.services.alerts.open_since("danger", talk.id) is not None
    notes = (await house.relay.notes_since(desk, 0)).messages
    assert [(each.kind, each.about, each.text) for each in notes] == [
        ("danger", "coming", "the uncle"),
        ("danger", "others", ""),
    ]


async def test_her_token_opens_nothing_of_a_danger_and_her_page_hears_nothing(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    before = (await house.relay.talks.facts(talk.id), (await house.relay.since(talk, 0)).last)
    await house.relay.marking.danger(desk, "child", "", random_id(), 0, NOW_MS)
    sealed = await house.relay.talks.sealed(talk.id)
    assert sealed is not None
    for opened in (open_card, open_desk_card):
        with pytest.raises(SealBroken):
            opened(talk.talk_key, talk.id, sealed.desk)
    facts = await house.relay.talks.facts(talk.id)
    assert before[0] is not None
    assert facts is not None
    assert ((facts.seq, facts.tier), (await house.relay.since(talk, 0)).last) == (
        (before[0].seq, before[0].tier),
        before[1],
    )
    assert not any("danger" in value for value in (await house.relay.answers(talk)).given.values())


async def test_what_was_done_is_sealed_to_the_records_once_and_outlives_the_conversation(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    marking, entries, key = house.relay.marking, house.services.entries, random_id()
    with pytest.raises(NotThisDesk):
        await marking.end_danger(desk, ended(), entries, key, 0)
    await marking.danger(desk, "child", "", random_id(), 0, NOW_MS)
    for _ in range(2):
        await marking.end_danger(desk, ended(done=("age", "told", "nothing")), entries, key, 0)
    assert (await marking.card(desk)).outcome == "impossible"
    assert not (await marking.card(desk)).is_in_danger
    assert await house.services.alerts.open_since("danger", talk.id) is None
    await house.relay.leave(talk, "end")
    await house.relay.ending.erase(talk.id)
    assert await traces(house, talk) == []
    (row,) = (await entries.read(house.advocate)).rows
    assert row.account is not None
    assert (row.kind, row.answer, row.account.about, row.account.outcome) == ("danger", "", "child", "impossible")
    assert (row.account.words, row.account.by, row.account.done) == ("No place was said.", "Robin", ("told", "age"))


async def test_a_database_that_is_away_blocks_no_call_and_the_same_words_are_kept_later(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, desk = await house.talking()
    marking, entries, key = house.relay.marking, house.services.entries, random_id()

    def away() -> object:
        raise DatabaseAway("gone for now")

    with monkeypatch.context() as patch:
        patch.setattr(house.services.database, "write", away)
        await marking.danger(desk, "medical", "", random_id(), 0, NOW_MS)
        assert await house.services.alerts.open_since("danger", talk.id) is not None
        with pytest.raises(DatabaseAway):
            await marking.end_danger(desk, ended("we_called"), entries, key, 0)
    # The desk asks again under the same key; meanwhile the danger stands.
    assert (await marking.card(desk)).is_in_danger
    await marking.end_danger(desk, ended("we_called"), entries, key, 0)
    assert len((await entries.read(house.advocate)).rows) == 1
    assert [each.outcome for each in (await house.relay.notes_since(desk, 0)).messages] == ["", "we_called"]


async def test_whoever_takes_her_next_sees_the_danger_in_the_row_and_on_the_card(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.marking.danger(desk, "coming", "a van", random_id(), 0, house.relay.now_ms())
    await house.relay.desk.depart(house.advocate.staff_id)
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await house.relay.marking.danger(desk, "others", "", random_id(), 0, NOW_MS)
    other = await house.ready(house.another())
    (row,) = (await Duty(house.relay, house.services).snapshot(other, OpenedCards())).waiting
    assert (row.danger, row.returned) == (True, True)
    next_desk = await house.relay.take(other, talk.id)
    card = await house.relay.marking.card(next_desk)
    assert (card.danger, card.who) == ("coming", "a van")
    assert [each.about for each in (await house.relay.notes_since(next_desk, 0)).messages] == ["coming"]


async def test_after_a_power_cut_the_card_says_that_something_was_lost(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.marking.danger(desk, "coming", "", random_id(), 0, NOW_MS)
    await house.services.embers.delete(keys.ember(talk.id))
    await house.relay.kindling.tend(talk.id, talk.talk_key, None, None)
    again = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    assert await house.relay.marking.card(again) == DeskCard(lost=True)


async def test_her_age_is_asked_only_after_what_it_changes_was_said(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands = Hands(house.relay)
    with pytest.raises(LimitsFirst):
        await hands.ask(desk, "age", random_id(), 0)
    seq = await hands.ask(desk, "young", random_id(), 0)
    await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)
    with pytest.raises(LimitsFirst):
        await hands.ask(desk, "age", random_id(), 0)
    told = await hands.ask(desk, "young", random_id(), 0)
    asked = await hands.ask(desk, "age", random_id(), 0)
    assert told < asked
    await hands.tap(talk, asked, "skip", random_id(), asked)
    said = (await house.relay.since(talk, 2)).messages
    assert [each.text for each in said if each.kind in ("card", "tap")] == ["young", "age", "skip"]
