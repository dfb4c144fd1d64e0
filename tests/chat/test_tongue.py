"""The language of a talk may change in its middle: the card says the new one, her place and her answers stay."""

from __future__ import annotations

import pytest

from chat.refusals import ConversationOver
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def test_the_desk_reads_the_new_language_and_everything_else_as_it_was(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.visitor_answers(talk, "name", "Ana")
    await house.relay.visitor_speaks(talk, "ar")
    answers = await house.relay.answers(desk)
    assert (answers.language, answers.get("name")) == ("ar", "Ana")


async def test_who_waits_keeps_her_place_and_who_said_nothing_is_not_offered_for_it(house: ChatHouse) -> None:
    first, silent, second = await house.waiting(), await house.visitor(), await house.waiting()
    await house.relay.visitor_speaks(first, "es")
    await house.relay.visitor_speaks(silent, "es")
    assert [each for each, _ in (await house.relay.desk.first())[0]] == [first.id, second.id]


async def test_a_talk_that_is_over_speaks_no_other_language(house: ChatHouse) -> None:
    talk, _ = await house.talking()
    await house.relay.leave(talk, "end")
    with pytest.raises(ConversationOver):
        await house.relay.visitor_speaks(talk, "ar")
