"""A card of the directory goes into a conversation of one's own, once, and into nobody else's."""

from __future__ import annotations

import pytest

from chat.carrying import Carrying
from portal.errors import NotThere
from portal.ids import random_id
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def test_a_card_goes_into_a_conversation_of_ones_own_once(house: ChatHouse) -> None:
    visitor, desk = await house.talking()
    carrying, key = Carrying(house.relay, house.services.pages.catalogue), random_id()
    (held,) = await carrying.held(house.advocate)
    assert (held.id, held.language.tag) == (desk.id, "en")
    assert await carrying.held(house.another()) == []

    for _ in range(2):
        await carrying.say(house.advocate, desk.id, "Night shelter: 1-807-555-0142", key)

    said = [each.text for each in (await house.relay.since(visitor, 0)).messages if each.author == "advocate"]
    assert said.count("Night shelter: 1-807-555-0142") == 1
    for someone, where in ((house.another(), desk.id), (house.advocate, random_id())):
        with pytest.raises(NotThere):
            await carrying.say(someone, where, "Night shelter", random_id())
