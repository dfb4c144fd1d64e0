"""What a desk is shown costs the stores the same few journeys, however many conversations and offers there are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from chat.duty import Duty, OpenedCards
from chat.handing import Handing
from chat.store.surge import SurgeStore
from chat.store.surge_view import EVERY_S, SurgeView
from chat.surge import FEWEST
from portal.ids import random_id, to_text
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from portal.store.asking import Asker
from portal.store.valkey import ValkeyAway
from tests.chat.conftest import ChatHouse
from tests.chat.test_handing import NOTE
from tests.chat.test_lottery import flood

pytestmark = pytest.mark.anyio


class Counted:
    """Counts how often something is asked, and asks it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: Any, *names: str) -> None:
        self.times = 0
        for name in names:
            monkeypatch.setattr(where, name, self._counting(getattr(where, name)))

    def _counting(self, real: Any) -> Any:
        async def counting(*args: Any, **words: Any) -> Any:
            self.times += 1
            return await real(*args, **words)

        return counting

    def since(self) -> int:
        times, self.times = self.times, 0
        return times


async def kim_watches(house: ChatHouse) -> Signed:
    kim = replace(house.another("Kim"), role=Role.SUPERVISOR, rights=rights_of(Role.SUPERVISOR, ["chat"]))
    return await house.ready(kim)


async def test_an_offer_is_opened_once_and_its_card_read_anew(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, robin = await house.talking()
    sam, handing = await house.ready(house.another("Sam")), Handing(house.relay)
    await handing.offer(robin, b"", NOTE, random_id(), 0)
    duty, opened = Duty(house.relay, house.services), OpenedCards()
    reads = Counted(monkeypatch, Handing, "offered")
    (first,) = (await duty.snapshot(sam, opened)).offers
    await house.relay.visitor_answers(talk, "name", "Ana")
    (second,) = (await duty.snapshot(sam, opened)).offers
    assert (first.note, second.note, first.card.name, second.card.name) == (NOTE, NOTE, "", "Ana")
    assert reads.since() == 1
    # Another offer of the same conversation is another thing to read, and none is kept of what stands no more.
    await handing.offer(robin, sam.staff_id, "afraid of tonight", random_id(), 0)
    (third,) = (await duty.snapshot(sam, opened)).offers
    assert (third.note, third.named, reads.since()) == ("afraid of tonight", True, 1)
    await handing.withdraw(robin)
    assert (await duty.snapshot(sam, opened)).offers == ()
    assert opened.offers.known == {}


async def test_however_many_are_held_and_offered_the_stores_are_asked_as_often(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, sam = await kim_watches(house), await house.ready(house.another("Sam"))
    duty, opened, handing = Duty(house.relay, house.services), OpenedCards(), Handing(house.relay)
    journeys = Counted(monkeypatch, Asker, "ask", "ask_all")
    people = Counted(monkeypatch, house.services.staff.accounts, "person")
    asked = []
    for _ in range(3):
        for holder in (house.advocate, sam):
            desk = await house.relay.take(await house.ready(holder), (await house.waiting()).id)
            await handing.offer(desk, kim.staff_id, NOTE, random_id(), 0)
        await duty.snapshot(kim, opened)
        journeys.since(), people.since()
        shown = await duty.snapshot(kim, opened)
        assert len(shown.watchable) == len(shown.offers)
        asked.append((len(shown.offers), journeys.since(), people.since()))
    assert [held for held, *_ in asked] == [2, 4, 6]
    assert {tuple(rest) for _, *rest in asked} == {(asked[0][1], 2)}


async def test_all_desks_of_a_process_see_one_view_of_a_surge_a_second_and_none_an_old_one(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.ready()
    await flood(house, FEWEST + 11)
    person = await house.waiting("they hold my papers")
    rows = Counted(monkeypatch, SurgeStore, "rows")
    desks = [Duty(house.relay, house.services) for _ in range(6)]

    async def look(duty: Duty) -> list[str]:
        return [row.conversation for row in (await duty.snapshot(house.advocate, OpenedCards())).waiting]

    began = asyncio.get_running_loop().time()
    seen = await asyncio.gather(*(look(duty) for duty in desks))
    assert rows.since() == 1
    assert seen == [[to_text(person.id)]] * 6
    # What was written before they ask stands in what they see, and they ask again once a second together.
    newer = await house.waiting("I cannot leave the house")
    again = await asyncio.gather(*(look(duty) for duty in desks))
    assert rows.since() == 1
    assert asyncio.get_running_loop().time() - began >= EVERY_S
    assert again == [[to_text(person.id), to_text(newer.id)]] * 6


async def test_a_store_that_is_away_is_asked_once_for_all_who_wait(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.store.surge_view.EVERY_S", 0.05)
    store = house.relay.desk.surge

    async def away(_: int) -> Any:
        await asyncio.sleep(0.01)
        raise ValkeyAway

    monkeypatch.setattr(store, "look", away)
    asked = Counted(monkeypatch, store, "look")
    view = SurgeView(store, 5)
    heard = await asyncio.gather(*(view.see(house.relay.now_ms) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in heard] == [ValkeyAway] * 5
    assert asked.since() == 1
    with pytest.raises(ValkeyAway):
        await view.see(house.relay.now_ms)
    assert asked.since() == 1, "whoever comes later asks anew"
