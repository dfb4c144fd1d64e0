"""What staff tick on the card goes with the conversation: whoever holds it next need not begin anew."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest
from hypothesis import given, strategies as st

from chat.desk_card import DeskCard, read_desk_card, write_desk_card
from chat.duty import Duty, OpenedCards
from chat.handing import Handing
from chat.protocol.kinds import Stage
from chat.refusals import NotThisDesk
from portal.ids import random_id
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
