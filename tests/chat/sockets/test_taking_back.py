"""Taking words back over the lines: for seconds, on the line that took them, whichever way her page listens."""

from __future__ import annotations

import asyncio

import pytest

from chat.store import keys
from chat.withdrawing import UNSEND_S
from portal.ids import from_text
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.sockets.test_lines import takes, talking

__all__ = ["phone"]
pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]
WRONG = "the bus for Ana leaves at nine"


@pytest.fixture(autouse=True)
def slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not about the seconds does not depend on how busy the machine is."""
    monkeypatch.setattr("chat.withdrawing.REMEMBERED_S", 600.0)


async def says(desk: Spoken, conversation: str, text: str, key: str = "") -> dict[str, int]:
    """Words of the advocate's; answers how they were accepted."""
    key = key or new_key()
    await desk.say("Say", key=key, conversation=conversation, text=text)
    return await desk.hear("MessageAccepted", key=key)


async def takes_back(desk: Spoken, conversation: str, seq: int) -> dict[str, object]:
    key = new_key()
    await desk.say("Withdraw", key=key, conversation=conversation, seq=seq)
    return await desk.hear("MessageAccepted", "Refused", key=key)


async def test_words_that_were_taken_back_leave_every_page_and_every_number_is_told_once(
    house: ChatHouse, processes: Both
) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        said = await says(desk, conversation, WRONG)
        assert said["unsend_s"] == UNSEND_S
        await visitor.hear("MessagePosted", text=WRONG)
        assert (await takes_back(desk, conversation, said["seq"]))["type"] == "MessageAccepted"
        assert (await visitor.hear("MessageWithdrawn"))["seq"] == said["seq"]
        marked = await visitor.hear("MessagePosted", author="system")
        assert (marked["text"], marked["name"], marked["key"]) == ("withdrawn", "Robin", "")
        # The page that did it is told by the breath that did it, before or after its own answer.
        heard = [each for each in desk.passed if each["type"] == "MessageWithdrawn"]
        told = heard[0] if heard else await desk.hear("MessageWithdrawn")
        assert (told["seq"], told["was_shown"]) == (said["seq"], "perhaps")
        await visitor.says("I understand")
        assert [seq for seq, _ in visitor.posted()] == [1, 2, 3, 4, 5]
        # A page that was away, another process, and an advocate who loads her desk again meet the hole.
        async with await processes[1].visitor(token, last=2) as again:
            await again.hear("MessagePosted", text="I understand")
            assert again.posted() == [(3, ""), (4, "withdrawn"), (5, "I understand")]
            assert [each["seq"] for each in again.passed if each["type"] == "MessageWithdrawn"] == [3, 3]
        async with await processes[0].desk() as other:
            await visitor.says("good")
            await other.hear("MessagePosted", text="good")
            assert [text for _, text in other.posted()] == ["hello", "joined", "", "withdrawn", "I understand", "good"]
        assert WRONG not in str(again.passed) + str(other.passed)


async def test_only_the_line_that_took_the_words_takes_them_back_and_only_for_a_moment(
    house: ChatHouse, processes: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor:
        key = new_key()
        said = await says(desk, conversation, "one", key)
        desk.cut()
        async with await processes[0].desk() as again:
            assert (await takes_back(again, conversation, said["seq"]))["reason"] == "too_late"
            # Sent once more because the answer was lost: the same words, whose time has passed.
            assert "unsend_s" not in await says(again, conversation, "one", key)
            assert (await takes_back(again, conversation, said["seq"]))["reason"] == "too_late"
            late = await says(again, conversation, "two")
            monkeypatch.setattr("chat.withdrawing.REMEMBERED_S", 0.0)
            assert (await takes_back(again, conversation, late["seq"]))["reason"] == "too_late"
            assert (await takes_back(again, conversation, 1))["reason"] == "too_late"
        await visitor.hear("MessagePosted", text="two")
        assert not [each for each in visitor.passed if each["type"] == "MessageWithdrawn"]


async def test_a_page_that_asks_is_answered_at_once_when_words_are_taken_back(
    house: ChatHouse, processes: Both
) -> None:
    token = await house.starts()
    async with asking(processes[0], token) as page, await processes[1].desk() as desk:
        await page.hears()
        await page.writes("hello")
        conversation = str((await desk.hear("QueueSnapshot", total=1))["waiting"][0]["conversation"])
        await takes(desk, conversation)
        while len(page.numbered()) < 2:
            await page.hears(10)
        said = await says(desk, conversation, WRONG)
        while not any(each.get("text") == WRONG for each in page.told):
            await page.hears(10)
        waiting = asyncio.create_task(page.hears(40))
        await takes_back(desk, conversation, said["seq"])
        news = await asyncio.wait_for(waiting, 30)
        assert [each["type"] for each in news] == ["MessageWithdrawn", "MessagePosted"]
        assert page.last == said["seq"] + 1


async def test_without_script_a_second_switch_takes_the_tick_and_no_page_that_stays_holds_the_words(
    house: ChatHouse, phone: PlainPhone
) -> None:
    await phone.starts()
    async with phone.listens() as frame, await phone.process.desk() as desk:
        await frame.shows("You are next.")
        await phone.sends(words="hello")
        conversation = str((await desk.hear("QueueSnapshot", total=1))["waiting"][0]["conversation"])
        await takes(desk, conversation)
        settled = await says(desk, conversation, "I am Robin")
        # A page that stays shows what the desk had read: with an answer to them it has read its own words.
        await phone.sends(words="good")
        await desk.hear("MessagePosted", text="good")
        ember = house.services.ember_client
        assert await ember.pttl(keys.may_go(from_text(conversation, 16))) > 0
        await ember.delete(keys.may_go(from_text(conversation, 16)))  # its seconds are over
        said = await says(desk, conversation, WRONG)
        await frame.shows(WRONG)
        switch = f'<input hidden type="radio" name="w{said["seq"]}" autocomplete="off" checked>'
        assert f'{switch}<div class="bubble">' in frame.text
        # What stays as it is shows only what can no longer be taken back.
        await phone.sends(words="who is Ana?")
        whole = await phone.posts("/en/talk/words", {"t": phone.token, "all": "1"})
        still = await phone.opens(whole.headers["location"])
        for page in (phone.write, still):
            assert "I am Robin" in page.words
            assert WRONG not in page.words
        assert (await takes_back(desk, conversation, said["seq"]))["type"] == "MessageAccepted"
        await frame.shows("took a message back.")
        assert frame.text.count(switch) == 2
        assert frame.text.count(f'name="w{settled["seq"]}"') == 1
    async with phone.listens() as again:
        await again.shows("took a message back.")
        assert WRONG not in again.text
