"""Practice is a chat beside the chat: the same desk and page, and nothing of it reaches anybody."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from chat.apart import as_trained
from chat.board import Board
from chat.comeback import Comebacks, NumberNotKnown
from chat.practising import CASES, Practising
from chat.refusals import HandsFull, NotThisDesk
from portal.ids import from_text, random_id, random_key, to_text
from portal.records.tables import contact_records, sealed_entries
from portal.staff.sessions.session import COOKIE
from portal.staff.tables import audit, people
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key

pytestmark = pytest.mark.anyio


async def rows(house: ChatHouse) -> list[int]:
    """Lines of the audit, entries of the book, records of contacts."""
    async with house.services.database.read() as connection:
        tables = (audit, sealed_entries, contact_records)
        return [(await connection.execute(select(func.count()).select_from(each))).scalar_one() for each in tables]


async def plays(process: Process, house: ChatHouse, case: str = "farm", tongue: str = "en") -> tuple[str, str]:
    """Open a link as whoever plays does and press Start; the page, and the tab token."""
    link = await Practising(house.services).link(case, "es", tongue)
    path = "/" + link.split("/", 3)[3]
    async with httpx.AsyncClient(base_url=process.services.settings.public_origin) as browser:
        page = await browser.get(path)
        assert page.status_code == 203
        start = re.search(r'name="start" value="([^"]+)"', page.text)
        assert start
        house.clock.advance(timedelta(seconds=4))
        own = {"origin": process.services.settings.public_origin, "sec-fetch-site": "same-origin"}
        began = await browser.post(path, json={"start": start[1]}, headers=own)
        again = await browser.post(path, json={"start": start[1]}, headers=own)
        assert began.json() == again.json(), "a double tap is one"
        assert (await browser.get(path)).status_code == 404, "the link worked once"
        assert (await browser.post(path, json={"start": "x"}, headers=own)).status_code == 404
    return page.text, began.json()["token"]


async def practice_desk(process: Process, house: ChatHouse) -> Spoken:
    line = await process.line("desk/room", additional_headers={"Cookie": f"{COOKIE}={house.cookie}"})
    await line.say("Resume", csrf=house.advocate.csrf, talks=[])
    await line.say("Shift", state="ready", knows=True)
    await line.hear("QueueSnapshot", ready=True)
    return line


async def first_in_line(desk: Spoken) -> dict[str, Any]:
    """The row of whoever plays, once her desk is told of it."""
    shown: dict[str, Any] = next(
        (each for each in reversed(desk.passed) if each["type"] == "QueueSnapshot"), {"waiting": []}
    )
    while not shown["waiting"]:
        shown = await desk.hear("QueueSnapshot")
    row: dict[str, Any] = shown["waiting"][0]
    return row


async def test_a_practice_chat_is_held_apart_from_everybody(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, other = processes
    before = await rows(house)
    real = await other.desk()
    page, token = await plays(one, house)
    assert "Practice." in page
    assert 'action="/es/talk/room/' in page
    assert 'data-line="/line/room"' in page

    visitor = await other.line("room")
    await visitor.say("Resume", token=token, last=0)
    await visitor.hear("Welcome")
    await visitor.says("Hello. Can I ask something?")
    desk = await practice_desk(one, house)
    row = await first_in_line(desk)
    await desk.say("Take", key=new_key(), conversation=row["conversation"], why="other")
    await desk.hear("MessagePosted", text="Hello. Can I ask something?")
    await desk.says("Yes. I am Robin.", conversation=row["conversation"])
    await visitor.hear("MessagePosted", text="Yes. I am Robin.")
    # What would call people, write into a book, or keep words, does none of it.
    await desk.say("MarkDanger", key=new_key(), conversation=row["conversation"], danger="coming", who="him")
    await desk.hear("NotePosted")

    counts = await house.relay.desk.counts(house.relay.now_ms())
    assert (counts.waiting, counts.held, counts.staff) == (0, 0, (house.advocate.staff_id,))
    snapshot = await real.hear("QueueSnapshot")
    assert (snapshot["waiting"], snapshot["mine"], snapshot["calls"]) == ([], [], [])
    assert await house.services.alerts.calls() == []

    await desk.say("Close", key=new_key(), conversation=row["conversation"])
    await visitor.hear("ConversationClosed")
    # Nor does its end, that nobody wrote a record for.
    await Practising(house.services).apart.relay.ending.erase(from_text(row["conversation"], 16))
    assert await rows(house) == before
    keys = [key async for key in house.services.durable.scan_iter(b"{c:*", count=1000)]
    assert keys == [], "its keys have names of their own"


async def test_a_token_of_one_opens_nothing_of_the_other(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    one, _ = processes
    _, token = await plays(one, house, "near", "fr")
    for line, shown in (("talk", token), ("walk", token)):
        socket = await one.line(line)
        await socket.say("Resume", token=shown, last=0)
        assert await socket.closing() == 4404
    # Nor do the posts of its page beside the line: digits for the phone, and a number that outlives an exit.
    origin = one.services.settings.public_origin
    async with httpx.AsyncClient(base_url=origin, headers={"origin": origin, "sec-fetch-site": "same-origin"}) as page:
        for path, more in (("phone", {"make": True}), ("keep", {"keep": True}), ("keep", {"keep": False})):
            answer = await page.post(f"/fr/talk/{path}", json={"t": token, **more})
            assert (answer.status_code, set(answer.json())) == (409, {"words"})


async def test_who_is_not_signed_off_practises_and_takes_nobody_else(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, _ = processes
    await house.services.staff.accounts.ready()
    async with house.services.database.write() as connection:
        await house.services.staff.accounts.change(connection, house.advocate.staff_id, training=frozenset())
        assert (await connection.execute(select(people.c.training))).scalar_one() == ""
    _, token = await plays(one, house)
    visitor = await one.line("room")
    await visitor.say("Resume", token=token, last=0)
    await visitor.says("Hello?")

    desk = await practice_desk(one, house)
    row = await first_in_line(desk)
    await desk.say("Take", key=new_key(), conversation=row["conversation"], why="other")
    await desk.hear("MessagePosted", text="Hello?")

    waiting = await house.waiting()
    real = await one.line("desk", additional_headers={"Cookie": f"{COOKIE}={house.cookie}"})
    await real.say("Resume", csrf=house.advocate.csrf, talks=[])
    key = new_key()
    await real.say("Take", key=key, conversation=to_text(waiting.id), why="other")
    assert (await real.hear("Refused", key=key))["reason"] == "not_trained"


async def test_a_hard_one_takes_no_place_stands_on_no_board_and_has_no_record(house: ChatHouse) -> None:
    relay = Practising(house.services).apart.relay
    played = []
    for _ in range(3):
        conversation, token = random_id(), random_key()
        await relay.open(conversation, token, "en")
        talk = await relay.access.conversation_for_visitor(token)
        await relay.visitor_says(talk, "hello", random_id(), 0)
        await relay.visitor_is_here(talk)
        played.append(conversation)
    her = as_trained(await house.ready())
    await relay.desk.say_ready(her.staff_id, True)
    held = await relay.take(her, played[0])
    await relay.marking.danger(held, "coming", "him", random_id(), 0, relay.now_ms())
    await relay.take(her, played[1])  # two places and one: she is full there
    with pytest.raises(HandsFull):
        await relay.take(her, played[2])

    board = await Board(house.relay, house.services).now()
    assert (board.waiting, board.held, board.heavy, board.calls) == (0, 0, 0, ())
    for _ in range(house.services.now.chat_capacity):
        await house.relay.take(her, (await house.waiting()).id)
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_for_advocate(her, played[0])


@pytest.mark.parametrize("tongue", ["en", "fr"])
async def test_every_case_is_told_in_the_language_of_who_made_the_link(
    house: ChatHouse, processes: tuple[Process, Process], tongue: str
) -> None:
    told = set()
    for case in CASES:
        link = await Practising(house.services).link(case, "ar", tongue)
        async with httpx.AsyncClient(base_url=processes[0].services.settings.public_origin) as browser:
            page = unescape((await browser.get("/" + link.split("/", 3)[3])).text)
        assert f'lang="{tongue}" dir="ltr"' in page
        assert ("Practice." if tongue == "en" else "Exercice.") in page
        told.add(re.search(r"<ol>(.*?)</ol>", page, re.DOTALL)[1])  # type: ignore[index]
    assert len(told) == len(CASES)


async def test_a_number_of_practice_brings_back_into_practice_alone(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, other = processes
    _, token = await plays(one, house)
    visitor = await other.line("room")
    await visitor.say("Resume", token=token, last=0)
    await visitor.hear("Welcome")
    await visitor.says("Hello.")
    key = new_key()
    await visitor.say("AskComeback", key=key)
    code = (await visitor.hear("ComebackMade", key=key))["code"]

    # The public page to come back at knows no number of practice; practice itself brings back once.
    with pytest.raises(NumberNotKnown):
        await Comebacks(house.relay).resume(code, random_id())
    apart = Comebacks(Practising(house.services).apart.relay)
    new, talk = await apart.resume(code, random_id())
    words = (await Practising(house.services).apart.relay.since(talk, 0)).messages
    assert [each.text for each in words if each.kind == "words"] == ["Hello."]
    assert to_text(new) != token
    with pytest.raises(NumberNotKnown):
        await apart.resume(code, random_id())
