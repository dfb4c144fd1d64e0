"""A guest over the lines, and who joined: handed nothing from before her yes, and nothing more once she says no."""

from __future__ import annotations

import pytest

from chat.cards import AWAY_CHOICE, GUEST_NO, GUEST_YES
from chat.company import Company
from chat.guests import Guests
from chat.refusals import NotThisDesk
from portal.ids import from_text, random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.sockets.conftest import Process, new_key
from tests.chat.test_company import supervisor
from tests.chat.test_guests import taps
from tests.support.html import Document

__all__ = ["phone"]
pytestmark = pytest.mark.anyio


async def test_over_the_lines_a_guest_is_handed_nothing_from_before_the_yes_however_he_asks(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    guests = Guests(house.relay)
    talk = await house.waiting("I said this before")
    sam = await house.relay.take(await house.ready(house.another("Sam")), talk.id)
    name = to_text(talk.id)
    async with await processes[0].desk() as desk:
        await desk.say("ComeIn", key=new_key(), conversation=name)
        await desk.hear("Refused", reason="not_there")
        card = await guests.ask(sam, house.advocate.staff_id, "Robin", "colleague", random_id(), 0)
        await taps(house, talk, card, GUEST_YES)
        while not (await desk.hear("QueueSnapshot"))["watchable"][0]["guest"]:
            continue
        key = new_key()
        await desk.say("ComeIn", key=key, conversation=name)
        opened = await desk.hear("TalkOpened", key=key)
        assert (opened["role"], opened["card"]["language"], opened["card"]["safe"]) == ("guest", "en", "")
        assert opened["since"] == card + 2
        await house.relay.visitor_says(talk, "and this after it", random_id(), 0)
        first = await desk.hear("MessagePosted", conversation=name)
        assert (first["seq"], first["text"]) == (card + 3, "and this after it")
        await desk.says("I am a guest", conversation=name)
        await desk.say("Close", key=new_key(), conversation=name)
        await desk.hear("Refused", reason="not_there")
    # Another line that claims to have seen nothing begins at the same number, in another process as well.
    async with await processes[1].desk([{"conversation": name, "last": 0, "last_note": 0}]) as desk:
        await house.relay.visitor_says(talk, "the last of it", random_id(), 0)
        await desk.hear("MessagePosted", conversation=name, text="the last of it")
        await taps(house, talk, card, GUEST_NO)
        await desk.hear("ConversationErased", conversation=name)
        assert [each["role"] for each in desk.passed if each["type"] == "TalkOpened"] == ["guest"]
        shown = [each["seq"] for each in desk.passed if each["type"] == "MessagePosted"]
        assert shown[:3] == [card + 3, card + 4, card + 5]
        assert not [each for each in desk.passed if each["type"] in ("NotePosted", "LineChanged", "CardChanged")]


async def test_without_script_she_says_yes_and_no_by_a_form_and_is_told(house: ChatHouse, phone: PlainPhone) -> None:
    guests, ola = Guests(house.relay), await house.ready(house.another("Ola"))
    await phone.starts("fr")
    async with phone.listens() as frame, await phone.process.desk() as desk:
        await frame.shows("prochain")
        conversation = from_text(await phone.is_heard_at(desk), 16)
        held = await house.relay.access.conversation_for_advocate(house.advocate, conversation)
        await guests.ask(held, ola.staff_id, "Ola", "interpreter", random_id(), 0)
        await frame.shows("travaille avec nous")
        form = Document(frame.text).form(action="/talk/tap")
        answer = await phone.posts(form.action, {**form.fields, "c": GUEST_YES})
        async with phone.listens(answer.headers["location"]) as after:
            await after.shows("Je peux lire ici à partir de maintenant")
            assert (await guests.come_in(ola, conversation)).alias == "Ola"
            form = Document(after.text).form(action="/talk/tap")
            await phone.posts(form.action, {**form.fields, "c": GUEST_NO})
            await after.shows("Je ne suis plus dans cette discussion.")
            with pytest.raises(NotThisDesk):
                await guests.come_in(ola, conversation)


async def test_without_script_it_is_a_form_under_the_line_and_she_is_told_that_she_is_alone_with_her_advocate(
    house: ChatHouse, phone: PlainPhone
) -> None:
    company = Company(house.relay)
    await phone.starts("ar")
    async with phone.listens() as frame, await phone.process.desk() as desk:
        await frame.shows("دورك هو التالي")
        name = await phone.is_heard_at(desk)
        kim = supervisor(house)
        in_it = await company.join(await company.watch(kim, from_text(name, 16), random_id()), random_id())
        await frame.shows("يكفي الضغط على الجواب أدناه")
        form = Document(frame.text).form(action="/talk/tap")
        answer = await phone.posts(form.action, {**form.fields, "c": AWAY_CHOICE})
        async with phone.listens(answer.headers["location"]) as after:
            await after.shows("أترك هذه المحادثة الآن")
        with pytest.raises(NotThisDesk):
            await company.says(in_it, "one more", random_id(), 0)
        await desk.hear("MessagePosted", conversation=name, choice=AWAY_CHOICE)
        await desk.hear("MessagePosted", conversation=name, text="went", name="Kim")
