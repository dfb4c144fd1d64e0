"""Holds what somebody meets who is turned away: her words, the minutes, numbers to call; and that she gets in later."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.web.throttle import Throttle
from tests.tips.phone import FORM, Phone
from tests.tips.test_filing import how_many
from tips.crowd import door
from tips.crowd.lanes import Lane
from tips.tables import tip_parts

pytestmark = pytest.mark.anyio


@pytest.fixture
def full(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that keeps far less than is sent, and where even the trickle has run out."""
    monkeypatch.setattr(door, "may_wait", lambda lane, _wait_s: lane is Lane.NOW)
    monkeypatch.setattr(door, "honest_minutes", lambda *_: 7)
    monkeypatch.setattr(Throttle, "allows", lambda *_, **__: False)


async def test_whoever_is_turned_away_keeps_her_words_and_is_told_when_and_whom_to_call(
    phone: Phone, full: None
) -> None:
    await phone.files(area="ca-on")
    assert FORM["words"] in phone.answer.text
    assert "Please press Send again in 7 minutes, or call." in phone.answer.text
    assert "555-0100" in phone.answer.text
    assert 'href="tel:911"' in phone.answer.text.partition('action="/en/note"')[0]
    assert await how_many(phone.house) == 0


async def test_what_happens_now_is_kept_while_all_else_is_turned_away(phone: Phone, full: None) -> None:
    await phone.files(soon="1")
    assert len(phone.number) == 25
    assert await how_many(phone.house) == 1


async def test_the_same_form_goes_through_when_there_is_room_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(door.FilingDoor, "_may_come", lambda _door, _lane: False)
        await phone.files()
        assert FORM["words"] in phone.answer.text
        again = phone.hidden("k")
    await phone.files(token=again)
    assert len(phone.number) == 25
    assert await how_many(phone.house) == 1


async def test_words_added_to_a_note_stay_on_the_page_when_too_much_is_sent(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.files()
    await phone.comes_back(phone.number)
    monkeypatch.setattr(door.FilingDoor, "_may_come", lambda _door, lane: lane is not Lane.ADDED)
    async with phone.house.services.database.read() as connection:
        before = len((await connection.execute(select(tip_parts))).all())
    said = {"do": "add", "t": phone.hidden("t"), "p": phone.hidden("p"), "words": "He drives a grey van too."}
    await phone.posts("/en/note/back/more", said)
    assert "He drives a grey van too." in phone.answer.text
    async with phone.house.services.database.read() as connection:
        assert len((await connection.execute(select(tip_parts))).all()) == before
