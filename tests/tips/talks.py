"""A reporter's browser at a house that takes tips and chats: from a note into a talk, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from chat.availability import availability
from chat.conversation import DeskTalk, VisitorTalk
from chat.relay import Relay
from chat.routes import section as chat_section
from portal.app import build_public
from portal.ids import from_text, random_key, to_text
from portal.routes import section as portal_section
from tests.support.html import Document
from tests.tips.conftest import TipHouse
from tests.tips.phone import Phone
from tips.routes import section


@pytest.fixture
async def phone(house: TipHouse) -> AsyncIterator[Phone]:
    """A reporter's browser at a house that takes tips and chats."""
    services = house.services
    services.availability = availability(services)
    app = build_public(services, [section(services), chat_section(services), portal_section(services)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=services.settings.public_origin) as web:
        yield Phone(house, web)


async def opens_a_note(phone: Phone) -> bytes:
    """Sends a note, opens it with its number, and presses for a chat; answers the note's id."""
    await phone.files()
    number = phone.number
    await phone.comes_back(number)
    (tip,) = await phone.house.shown()
    await phone.posts("/en/note/back/more", {"t": phone.hidden("t"), "do": "talk"})
    return tip


async def starts(phone: Phone, *, with_script: bool = True) -> VisitorTalk:
    """Presses Start on the page before a chat, by what stands in its form and nothing else."""
    form = Document(phone.answer.text).form(with_field="start")
    phone.house.clock.advance(timedelta(seconds=5))
    if with_script:
        answer = await phone.web.post("/en/talk", json=form.fields, headers={"sec-fetch-site": "same-origin"})
        token = str(answer.json()["token"])
    else:
        await phone.posts("/en/talk", form.fields)
        token = Document(phone.answer.text).form(action="/talk/end").fields["t"]
    return await Relay(phone.house.services).access.conversation_for_visitor(from_text(token, 32))


async def is_taken(phone: Phone, talk: VisitorTalk) -> DeskTalk:
    """She says something and Robin takes her."""
    relay, robin = Relay(phone.house.services), phone.house.robin
    await relay.visitor_says(talk, "hello", random_key()[:16], 0)
    await relay.desk.renew(robin.staff_id, relay.now_ms())
    await relay.desk.say_ready(robin.staff_id, True)
    return await relay.take(robin, talk.id)


async def leaves_words(phone: Phone, talk: VisitorTalk, rest: str = "") -> None:
    """Presses "send as a note" in the waiting room."""
    await phone.posts("/en/talk/note", {"t": to_text(talk.token), "rest": rest})
