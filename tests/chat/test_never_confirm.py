"""Nobody learns from us whether somebody wrote: the mark that it may be somebody else holds every hand that answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.card import read_answers, write_answers
from chat.cards import CARDS, Speech
from chat.comeback import Comebacks
from chat.desk_card import DeskCard
from chat.desk_rows import card_for_desk
from chat.duty import Duty, OpenedCards
from chat.hands import Hands
from chat.refusals import MayBeSomebodyElse, NotThisDesk
from chat.store import keys
from i18n.languages import LANGUAGES
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.support.rooms import words_and_files

pytestmark = pytest.mark.anyio

SPEECH = Speech(words_and_files()[0])


def test_what_a_card_that_may_be_sent_to_anybody_says_does_not_tell_that_somebody_wrote() -> None:
    told = ("you wrote", "you said", "telling me", "tell me this", "i believe", "again", "come back")
    free = {name: SPEECH.card("en", name).lower() for name, card in CARDS.items() if not card.tells}
    # Offered to whoever has the page open: it speaks of this chat, not of an earlier one.
    free.pop("number")
    assert {name: said for name, said in free.items() if any(word in said for word in told)} == {}
    assert len({SPEECH.card(tag, "never") for tag in LANGUAGES}) == len(LANGUAGES)


async def test_while_it_may_be_somebody_else_no_card_tells_that_somebody_wrote(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands, marking = Hands(house.relay), house.relay.marking
    await hands.ask(desk, "told", random_id(), 0)
    await marking.other(desk, may_be=True, now_ms=5)
    for name, card in CARDS.items():
        if card.tells:
            with pytest.raises(MayBeSomebodyElse):
                await hands.ask(desk, name, random_id(), 0)
    await hands.ask(desk, "never", random_id(), 0)
    await hands.ask(desk, "safe", random_id(), 0)
    await marking.other(desk, may_be=False, now_ms=9)
    await hands.ask(desk, "told", random_id(), 0)
    said = [each.text for each in (await house.relay.since(talk, 2)).messages]
    assert said == ["told", "never", "safe", "told"]


async def test_every_later_advocate_and_a_return_by_number_read_the_mark(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.visitor_answers(talk, "region", "Ontario")
    comebacks = Comebacks(house.relay)
    code = (await comebacks.make(talk)).code
    await house.relay.marking.other(desk, may_be=True, now_ms=house.relay.now_ms())
    house.clock.advance(timedelta(seconds=7))
    _, talk = await comebacks.resume(code, random_id())
    answers = await house.relay.answers(talk)
    card = card_for_desk(answers, await house.relay.marking.card(desk), house.relay.now_ms())
    assert (card.other, card.other_s) == (True, 7)
    await house.relay.desk.depart(house.advocate.staff_id)
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await house.relay.marking.other(desk, may_be=False, now_ms=0)
    await house.relay.visitor_is_here(talk)
    other = await house.ready(house.another())
    (row,) = (await Duty(house.relay, house.services).snapshot(other, OpenedCards())).waiting
    assert (row.other, row.region) == (True, "")
    assert (await house.relay.marking.card(await house.relay.take(other, talk.id))).may_be_other


async def test_where_a_power_cut_took_the_card_it_may_be_somebody_else_until_staff_say_otherwise(
    house: ChatHouse,
) -> None:
    talk, desk = await house.talking()
    await house.relay.marking.other(desk, may_be=True, now_ms=5)
    await house.services.embers.delete(keys.ember(talk.id))
    await house.relay.kindling.tend(talk.id, talk.talk_key, None, None)
    again = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    assert (await house.relay.marking.card(again)).may_be_other
    await house.relay.marking.danger(again, "coming", "", random_id(), 0, 5)
    assert (await house.relay.marking.card(again)).may_be_other
    await house.relay.marking.other(again, may_be=False, now_ms=9)
    assert not (await house.relay.marking.card(again)).may_be_other


async def test_her_own_page_and_her_own_card_know_nothing_of_the_mark(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    before = await house.relay.answers(talk)
    last = (await house.relay.since(talk, 0)).last
    await house.relay.marking.other(desk, may_be=True, now_ms=5)
    assert await house.relay.answers(talk) == before == read_answers(write_answers(before))
    assert (await house.relay.since(talk, 0)).last == last
    assert DeskCard().may_be_other is False
