"""Cards over the lines: named by the desk, read in her language, answered by one tap by a page of whatever kind."""

from __future__ import annotations

import pytest

from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.sockets.test_lines import talking
from tests.support.html import Document

__all__ = ["phone"]
pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]


async def asks(desk: Spoken, conversation: str, card: str) -> int:
    key = new_key()
    await desk.say("Ask", key=key, conversation=conversation, card=card)
    return int((await desk.hear("MessageAccepted", key=key))["seq"])


async def test_a_card_is_read_in_her_language_and_her_tap_is_read_at_the_desk(
    house: ChatHouse, processes: Both
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        seq = await asks(desk, conversation, "safe")
        told = await visitor.hear("MessagePosted", card="safe")
        assert (told["seq"], told["author"], told["name"]) == (seq, "advocate", "Robin")
        assert told["text"] == "هل الكتابة آمنة لك الآن؟"
        assert told["choices"][0] == ["yes", "نعم"]
        key = new_key()
        for _ in range(2):
            await visitor.say("Tap", key=key, seq=seq, choice="no")
            assert (await visitor.hear("MessageAccepted", key=key))["seq"] == seq + 1
        tap = await desk.hear("MessagePosted", of=seq)
        assert (tap["choice"], tap["author"], tap["text"], tap["seq"]) == ("no", "visitor", "لا", seq + 1)
        if not any(each["type"] == "CardChanged" and each["card"]["safe"] == "no" for each in desk.passed):
            await desk.hear("CardChanged")
        await desk.say("StillHere", key=new_key(), conversation=conversation)
        assert (await visitor.hear("MessagePosted", author="system"))["text"] == "here"
        for refused in ({"seq": seq, "choice": "later"}, {"seq": 1, "choice": "yes"}):
            await visitor.say("Tap", key=new_key(), **refused)
            assert (await visitor.hear("Refused"))["reason"] == "not_there"
        key = new_key()
        await desk.say("Ask", key=key, conversation=conversation, card="unheardof")
        assert (await desk.hear("Refused", key=key))["reason"] == "empty"
        async with await processes[1].visitor(token, last=2) as again:
            await again.hear("MessagePosted", text="here")
            assert [text for _, text in again.posted()] == [told["text"], "لا", "here"]


async def test_a_page_that_asks_again_taps_too(house: ChatHouse, processes: Both) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    visitor.cut()
    async with asking(processes[0], token) as page, desk:
        seq = await asks(desk, conversation, "pause")
        while not any(each.get("card") == "pause" for each in page.told):
            await page.hears(5)
        answer = await page.says({"type": "Tap", "key": new_key(), "seq": seq, "choice": "yes"})
        assert answer["told"][0]["type"] == "MessageAccepted"
        assert (await desk.hear("MessagePosted", of=seq))["choice"] == "yes"


async def test_without_script_a_card_is_a_form_and_one_tap_answers_it_once(house: ChatHouse, phone: PlainPhone) -> None:
    await phone.starts("fr")
    async with phone.listens() as frame, await phone.process.desk() as desk:
        await frame.shows("prochain")
        conversation = await phone.is_heard_at(desk)
        seq = await asks(desk, conversation, "pause")
        await frame.shows("Voulez-vous une petite pause ?")
        form = Document(frame.text).form(action="/talk/tap")
        # Tapped twice by a hand that shakes: one answer.
        for _ in range(2):
            answer = await phone.posts(form.action, {**form.fields, "c": "no"})
        assert "/talk/words/" in answer.headers["location"]
        assert (await desk.hear("MessagePosted", of=seq))["choice"] == "no"
        async with phone.listens(answer.headers["location"]) as after:
            await after.shows("bubble-own")
            assert '<button class="tap" name="c" value="no" aria-pressed="true">Non</button>' in after.text
            assert after.words == ["bonjour", "Voulez-vous une petite pause ?", "Non"]
            # The page as it is now may take another answer, or the same one again after that.
            form = Document(after.text).form(action="/talk/tap")
            await phone.posts(form.action, {**form.fields, "c": "yes"})
            await after.shows("Oui</p>")
        for wrong in ({"c": "later"}, {"n": "1"}, {"n": "x"}, {"k": "?"}, {"n": "999999999"}):
            await phone.posts(form.action, {**form.fields, "c": "no", "n": "77", **wrong})
        said = await house.relay.since(await phone.talk(), 0)
        assert [each.text for each in said.messages if each.kind == "tap"] == ["no", "yes"]
        gone = await phone.posts(form.action, {**form.fields, "t": "nobody's", "c": "no"})
        assert "La discussion est finie." in (await phone.opens(gone.headers["location"])).words
