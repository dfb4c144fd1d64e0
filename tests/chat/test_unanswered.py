"""Words that nobody answers are seen: on the card by a clock, and after a while by those on call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.message import NOBODY, Entry
from chat.unanswered import Unanswered, is_unanswered
from chat.watch import Watch
from portal.alerts.ladder import matter
from portal.ids import random_id
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


def said(author: str, kind: str = "words") -> Entry:
    return Entry(author, NOBODY, random_id(), kind, 0, b"")  # type: ignore[arg-type]  # two short words of a test


def test_only_words_answer_and_only_hers_ask() -> None:
    assert not is_unanswered([])
    assert not is_unanswered([said("advocate", "joined")])
    assert is_unanswered([said("visitor")])
    # A card is an answer and a tap a word of hers; that somebody is still here is neither.
    assert not is_unanswered([said("advocate", "card"), said("visitor")])
    assert is_unanswered([said("advocate", "here"), said("visitor", "tap"), said("advocate", "card")])
    assert is_unanswered([said("advocate", "joined"), said("system", "back"), said("visitor"), said("advocate")])
    assert not is_unanswered([said("advocate"), said("visitor")])


async def test_words_without_an_answer_are_called_for_after_three_minutes_and_not_once_they_have_one(
    house: ChatHouse,
) -> None:
    visitor, desk = await house.talking()
    alerts, signs = house.services.alerts, Watch(house.relay)
    look = Unanswered(house.relay, house.services).look
    await look()
    name = matter("unanswered", visitor.id)
    assert await alerts.open_matters("unanswered") == {name}

    house.clock.advance(timedelta(seconds=95))
    assert await signs.unanswered_s(desk) == 95
    await house.relay.advocate_says(desk, "I am here", random_id(), 2)
    await look()
    assert await signs.unanswered_s(desk) == 0
    assert await alerts.open_matters("unanswered") == set()
    assert await alerts.calls() == [], "nobody was called, so nobody reads of it"

    house.clock.advance(timedelta(seconds=20))
    await house.relay.visitor_says(visitor, "are you there?", random_id(), 3)
    await look()
    within = house.services.settings.unanswered_tell_seconds
    due = await house.services.durable.zscore(b"{desk}:ladder", name)
    assert due == (house.relay.now_ms() + within * 1000)


@pytest.mark.parametrize("how", ["end", "given back"])
async def test_a_conversation_that_ended_or_went_back_is_nobodys_unanswered_one(house: ChatHouse, how: str) -> None:
    visitor, desk = await house.talking()
    look = Unanswered(house.relay, house.services).look
    await look()
    assert await house.services.alerts.open_matters("unanswered")
    if how == "end":
        await house.relay.leave(visitor, "end")
    else:
        await house.relay.desk.depart(desk.staff_id)
        await house.sweeper.sweep()
    await look()

    assert await house.services.alerts.open_matters("unanswered") == set()
