"""Lets nobody have a conversation who was not signed off: at "ready", at a take, handed on, by a word on the phone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.calling import Calling
from chat.duty import Duty
from chat.handing import Handing
from chat.phone import Phone
from chat.refusals import NotTrained
from portal.ids import random_id
from portal.staff.accounts import Accounts
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


def unlearned(signed: Signed) -> Signed:
    return replace(signed, training=frozenset())


async def set_training(accounts: Accounts, house: ChatHouse, signed: Signed, *what: str) -> None:
    async with house.services.database.write() as connection:
        await accounts.change(connection, signed.staff_id, training=frozenset(what))


async def test_she_takes_nobody_and_is_never_ready(house: ChatHouse) -> None:
    talk, duty = await house.waiting(), Duty(house.relay, house.services)
    new = unlearned(await house.ready())

    with pytest.raises(NotTrained):
        await house.relay.take(new, talk.id)
    with pytest.raises(NotTrained):
        await duty.say_ready(new, True)
    with pytest.raises(NotTrained):
        await duty.turn(new, "ready", knows=False)
    await duty.say_ready(new, False)
    await duty.turn(new, "break", knows=True)
    assert (await house.relay.take(await house.ready(), talk.id)).staff_id == new.staff_id


async def test_nobody_hands_a_conversation_to_her_and_she_takes_none_over(house: ChatHouse) -> None:
    handing = Handing(house.relay)
    phone = Phone(house.relay, handing, Calling(house.services, house.relay, handing))
    _, desk = await house.talking()
    sam = await house.colleague()
    accounts = house.services.staff.accounts
    trained = Duty(house.relay, house.services).trained
    assert await trained.takes_chats(sam.staff_id)
    await set_training(accounts, house, sam)
    assert not await trained.takes_chats(sam.staff_id)

    sam = await trained.as_she_is(sam)
    await handing.offer(desk, b"", "over to you", random_id(), desk.facts.seq)
    with pytest.raises(NotTrained):
        await handing.take_over(sam, desk.id)
    word = await phone.make(desk, "by phone", random_id(), desk.facts.seq)
    with pytest.raises(NotTrained):
        await phone.use(sam, str(word.word))


async def test_training_taken_back_counts_at_the_next_act_and_sets_her_aside(house: ChatHouse) -> None:
    sam, duty = await house.ready(await house.colleague()), Duty(house.relay, house.services)
    accounts = house.services.staff.accounts
    await set_training(accounts, house, sam)

    now = await duty.trained.as_she_is(sam)
    assert "chat" not in now.training
    await duty.is_here(now)
    assert sam.staff_id not in (await house.relay.desk.counts(house.relay.now_ms())).staff
    await set_training(accounts, house, sam, "chat")
    assert "chat" in (await duty.trained.as_she_is(sam)).training
