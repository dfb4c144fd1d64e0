"""A guest who takes the conversation himself has it as everybody who takes one, and is a guest of it no more."""

from __future__ import annotations

import pytest

from chat.cards import GUEST_YES
from chat.guests import Guests
from chat.hands import Hands
from chat.refusals import NotThisDesk
from chat.store import keys
from portal.ids import random_id
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("was", ["asked about", "let in"])
async def test_a_guest_who_takes_it_himself_is_no_guest_once_it_leaves_his_hands(house: ChatHouse, was: str) -> None:
    """His mark outlived his hold: he could come in again later, with no line that told of it and on nobody's card."""
    guests, hands = Guests(house.relay), Hands(house.relay)
    talk, robin = await house.talking()
    lee = await house.ready(house.another("Lee"))
    card = await guests.ask(robin, lee.staff_id, "Lee", "colleague", random_id(), 0)
    if was == "let in":
        await hands.tap(talk, card, GUEST_YES, random_id(), 0)
    await house.relay.desk.depart(robin.staff_id)
    await house.sweeper.sweep()
    held = await house.relay.take(lee, talk.id)
    assert not await house.services.durable.exists(keys.guests(talk.id))
    if was == "asked about":
        with pytest.raises(NotThisDesk):
            await hands.tap(talk, card, GUEST_YES, random_id(), 0)
    await house.relay.advocate_says(held, "it is I who hold it now", random_id(), 0)

    await house.relay.desk.depart(lee.staff_id)
    await house.sweeper.sweep()

    for door in (guests.come_in, house.relay.access.conversation_at_desk):
        with pytest.raises(NotThisDesk):
            await door(lee, talk.id)
    # Who holds her next may ask about somebody: no guest stands in the way.
    sam = await house.ready(house.another("Sam"))
    await guests.ask(await house.relay.take(sam, talk.id), lee.staff_id, "Lee", "colleague", random_id(), 0)
