"""Keeping by agreement over the lines: every kind of page is shown the words, decides, and is told what came of it."""

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
WORDS = "Ana wants a bed on Tuesday"


async def asks(desk: Spoken, conversation: str) -> int:
    key = new_key()
    await desk.say("AskKeep", key=key, conversation=conversation, text=WORDS)
    answer = await desk.hear("MessageAccepted", key=key)
    assert answer.get("unsend_s", 0) == 0, "a question she may have answered already is not taken back"
    return int(answer["seq"])


async def test_she_reads_the_words_and_her_yes_and_her_no_are_told_on_both_sides(
    house: ChatHouse, processes: Both
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        seq = await asks(desk, conversation)
        told = await visitor.hear("MessagePosted", card="keep")
        assert told["text"].endswith(f"\n\n\u2068{WORDS}\u2069")
        assert [choice for choice, _ in told["choices"]] == ["keep", "keepnot"]
        for choice, line in (("keep", "kept"), ("keepnot", "unkept")):
            await visitor.say("Tap", key=new_key(), seq=seq, choice=choice)
            posted = await visitor.hear("MessagePosted", author="system", text=line)
            assert posted["name"] == "Robin"
            assert (await desk.hear("MessagePosted", author="system"))["text"] == line


async def test_a_page_that_asks_again_decides_too(house: ChatHouse, processes: Both) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    visitor.cut()
    async with asking(processes[0], token) as page, desk:
        seq = await asks(desk, conversation)
        while not any(each.get("card") == "keep" for each in page.told):
            await page.hears(5)
        await page.says({"type": "Tap", "key": new_key(), "seq": seq, "choice": "keep"})
        while not any(each.get("text") == "kept" for each in page.told):
            await page.hears(5)


async def test_without_script_she_decides_by_a_form_and_is_told(house: ChatHouse, phone: PlainPhone) -> None:
    await phone.starts("fr")
    async with phone.listens() as frame, await phone.process.desk() as desk:
        await frame.shows("prochain")
        conversation = await phone.is_heard_at(desk)
        await asks(desk, conversation)
        await frame.shows(WORDS)
        await frame.shows("90 jours")
        form = Document(frame.text).form(action="/talk/tap")
        answer = await phone.posts(form.action, {**form.fields, "c": "keep"})
        async with phone.listens(answer.headers["location"]) as after:
            await after.shows("Gardé, comme vous l’avez dit à")
            form = Document(after.text).form(action="/talk/tap")
            await phone.posts(form.action, {**form.fields, "c": "keepnot"})
            await after.shows("Rien de cela n’est gardé.")
