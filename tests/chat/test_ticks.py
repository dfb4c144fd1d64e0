"""What staff tick on the card goes with the conversation: whoever holds it next need not begin anew."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given, strategies as st

from chat.desk_card import DeskCard, read_desk_card, write_desk_card
from chat.duty import Duty, OpenedCards
from chat.handing import Handing
from chat.protocol.advocate import EndDanger
from chat.protocol.kinds import Stage
from chat.refusals import NotThisDesk
from portal.ids import random_id, to_text
from portal.vault.desk_cards import seal_desk_card
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

KEY, TALK = bytes(32), bytes(16)
TICKS = st.lists(st.tuples(st.sampled_from([*get_args(Stage), "child"]), st.booleans()), max_size=12)


async def test_whoever_is_handed_it_reads_the_stages_and_that_she_is_a_child(house: ChatHouse) -> None:
    talk, robin = await house.talking()
    marking, handing = house.relay.marking, Handing(house.relay)
    for of in ("safety", "limits", "needs", "child"):
        await marking.tick(robin, of, is_set=True)
    await marking.tick(robin, "needs", is_set=False)
    await marking.tick(robin, "limits", is_set=True)
    sam = await house.ready(house.another("Sam"))
    await handing.offer(robin, sam.staff_id, "asked for a bed", random_id(), 0)
    (offer,) = (await Duty(house.relay, house.services).snapshot(sam, OpenedCards())).offers
    assert (offer.card.stages, offer.card.child) == (("safety", "limits"), True)
    reading = await handing.take_over(sam, talk.id)
    last = (await house.relay.since(reading, 0)).last
    had = await handing.shown(reading, last, random_id())
    assert had is not None
    await marking.tick(had, "plan", is_set=True)

    assert (await marking.card(had)).stages == ("safety", "limits", "plan")
    with pytest.raises(NotThisDesk):
        await marking.tick(robin, "closing", is_set=True)


async def test_the_steps_of_a_danger_go_with_the_conversation_and_are_no_account_of_the_next(house: ChatHouse) -> None:
    talk, robin = await house.talking()
    marking, handing = house.relay.marking, Handing(house.relay)
    with pytest.raises(NotThisDesk):
        await marking.step(robin, "near", is_set=True)
    await marking.danger(robin, "coming", "", random_id(), 0, house.relay.now_ms())
    for step, is_set in (("near", True), ("exit", True), ("near", True), ("call", True), ("exit", False)):
        await marking.step(robin, step, is_set=is_set)
    await marking.danger(robin, "coming", "her brother", random_id(), 0, house.relay.now_ms())
    with pytest.raises(NotThisDesk):
        await marking.step(robin, "breathe", is_set=True)
    sam = await house.ready(house.another("Sam"))
    await handing.offer(robin, sam.staff_id, "on her way", random_id(), 0)
    reading = await handing.take_over(sam, talk.id)
    had = await handing.shown(reading, (await house.relay.since(reading, 0)).last, random_id())
    assert had is not None

    assert (await marking.card(had)).done == ("near", "call"), "a name that is put right takes no tick away"
    with pytest.raises(NotThisDesk):
        await marking.step(robin, "yes", is_set=True)
    await marking.danger(had, "medical", "", random_id(), 0, house.relay.now_ms())
    assert (await marking.card(had)).done == ()
    await marking.danger(had, "coming", "", random_id(), 0, house.relay.now_ms())
    assert (await marking.card(had)).done == ("near", "call"), "a kind that was pressed by mistake neither"
    over = EndDanger(key=to_text(random_id()), conversation=to_text(talk.id), outcome="mistake")
    await marking.end_danger(had, over, house.services.entries, random_id(), 0)
    await marking.danger(had, "coming", "", random_id(), 0, house.relay.now_ms())
    assert (await marking.card(had)).steps == ()


@given(TICKS)
def test_a_card_holds_each_tick_once_and_the_last_word_counts(ticks: list[tuple[str, bool]]) -> None:
    card = DeskCard(danger="coming", danger_ms=5)
    stands: dict[str, bool] = {}
    for of, is_set in ticks:
        card = read_desk_card(write_desk_card(card.ticked(of, is_set=is_set), KEY, TALK), KEY, TALK)
        stands[of] = is_set
    assert len(set(card.stages)) == len(card.stages)
    assert {*card.stages, *(["child"] if card.child else [])} == {of for of, is_set in stands.items() if is_set}
    assert (card.danger, card.danger_ms) == ("coming", 5)


def test_a_card_of_an_older_house_has_no_ticks_and_a_newer_ones_are_kept() -> None:
    older = msgspec.json.encode({"danger": "medical", "danger_ms": 7})
    newer = msgspec.json.encode({"stages": ["safety", "aftercare"], "shoe_size": 38})

    assert read_desk_card(seal_desk_card(KEY, TALK, older), KEY, TALK) == DeskCard(danger="medical", danger_ms=7)
    card = read_desk_card(seal_desk_card(KEY, TALK, newer), KEY, TALK)
    assert card.ticked("plan", is_set=True).stages == ("safety", "aftercare", "plan")
