"""Whoever writes in another language than her page speaks is asked once, in it; the desk is shown it."""

from __future__ import annotations

import asyncio

import pytest

from i18n.languages import LANGUAGES
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key, processes
from tests.chat.sockets.test_lines import takes

pytestmark = pytest.mark.anyio

__all__ = ["phone", "processes"]

SPANISH = "mi jefe me quito el pasaporte"
FRENCH = "je sais pas ou dormir ce soir"


@pytest.fixture(autouse=True)
def loaded(house: ChatHouse) -> None:
    """The first text of a process takes longer than an answer waits for it."""
    assert house.services.guesses.look(SPANISH) == "es"


async def kinds(line: Spoken) -> list[str]:
    """Everything told so far, with whatever was under way."""
    for _ in range(3):
        await line.say("Here")
        await line.hear("Here")
        await asyncio.sleep(0.05)
    return [fact["type"] for fact in line.passed]


async def test_her_page_is_told_once_in_that_language_and_speaks_on_as_before(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts("en")
    async with await processes[0].visitor(token) as visitor:
        await visitor.says("ok")
        await visitor.says(SPANISH)
        told = await visitor.hear("TongueGuessed")
        phrase = house.services.pages.catalogue.phrase
        assert told["tag"] == "es"
        assert (told["ask"], told["show"]) == tuple(
            phrase(LANGUAGES["es"], key) for key in ("tongues.ask", "tongues.show")
        )
        await visitor.says(SPANISH)
        await visitor.says(FRENCH)
        assert (await kinds(visitor)).count("TongueGuessed") == 1
        talk = await house.relay.access.conversation_for_visitor(token)
        assert (await house.relay.answers(talk)).language == "en"


async def test_whoever_writes_in_the_language_of_her_page_is_asked_nothing(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with await processes[0].visitor(await house.starts("es")) as visitor:
        await visitor.says(SPANISH)
        await visitor.says("k 555 0142")
        assert "TongueGuessed" not in await kinds(visitor)


async def test_the_desk_reads_what_she_seems_to_write_in_until_her_page_speaks_it(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts("en")
    async with await processes[0].visitor(token) as visitor, await processes[1].desk() as desk:
        await visitor.says("hello")
        row = (await desk.hear("QueueSnapshot", total=1))["waiting"][0]
        opened = await takes(desk, row["conversation"])
        assert isinstance(opened["card"], dict)
        assert opened["card"]["writes"] == ""
        await visitor.says(SPANISH)
        changed = (await desk.hear("CardChanged"))["card"]
        assert (changed["language"], changed["writes"]) == ("en", "es")
        talk = await house.relay.access.conversation_for_visitor(token)
        await house.relay.visitor_speaks(talk, "es")
        changed = (await desk.hear("CardChanged"))["card"]
        assert (changed["language"], changed["writes"]) == ("es", "")


async def test_a_page_without_a_socket_is_told_with_the_answer(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with asking(processes[0], await house.starts("en")) as page:
        told = (await page.says({"type": "Say", "key": new_key(), "text": SPANISH}))["told"]
        assert [each["type"] for each in told] == ["MessageAccepted", "TongueGuessed"]
        told = (await page.says({"type": "Say", "key": new_key(), "text": "i need help with my papers"}))["told"]
        assert [each["type"] for each in told] == ["MessageAccepted"]


async def test_without_script_it_stands_in_the_frame_once_with_a_tap_that_takes_the_draft_along(
    phone: PlainPhone,
) -> None:
    await phone.starts("en")
    await phone.sends(words=SPANISH)
    form = phone.write.form(with_field="words")
    assert form.fields["g"] == "1"
    ask = phone.house.services.pages.catalogue.phrase(LANGUAGES["es"], "tongues.ask")
    assert ask in phone.write.words
    await phone.sends(words=FRENCH)
    assert ask not in phone.write.words
    assert phone.house.services.pages.catalogue.phrase(LANGUAGES["fr"], "tongues.ask") not in phone.write.words


async def test_no_word_of_it_stands_in_a_log(
    house: ChatHouse, processes: tuple[Process, Process], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with await processes[0].visitor(await house.starts("en")) as visitor:
        await visitor.says(SPANISH)
        await visitor.hear("TongueGuessed")
    # The wire's own library says every frame at this level; a house runs it at "warning".
    said = [each.getMessage() for each in caplog.records if not each.name.startswith(("websockets", "uvicorn"))]
    assert said
    assert not [line for line in said if "pasaporte" in line or "TongueGuessed" in line]
