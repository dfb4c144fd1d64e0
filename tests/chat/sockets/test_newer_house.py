"""A newer house beside this one: what it writes takes its number and shows nothing, however a page listens."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import pytest

from chat.message import NOBODY, Entry
from chat.store.talk import TalkStore
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, new_key, processes

pytestmark = pytest.mark.anyio

__all__ = ["phone", "processes"]


class NewerEntry(Entry, frozen=True):
    """An entry of a kind, or by somebody, that this house has no name for."""

    head_mark: ClassVar = b"v~"

    def pack(self) -> bytes:
        return self.head_mark + super().pack()[2:]


class StrangersEntry(NewerEntry, frozen=True):
    head_mark: ClassVar = b"~w"


async def newer_writes(talks: TalkStore, conversation: bytes, kind: type[NewerEntry] = NewerEntry) -> int:
    entry = kind("visitor", NOBODY, random_id(), "words", 0, b"sealed some other way")
    return (await talks.append(conversation, entry, now_ms=1)).seq


def numbered(facts: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(each["seq"], each.get("text", "")) for each in facts if "seq" in each and "author" in each]


async def test_two_lines_pass_over_what_a_newer_house_wrote_and_miss_nothing_after_it(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts()
    talk = await house.relay.access.conversation_for_visitor(token)
    async with await processes[0].visitor(token) as visitor, await processes[1].desk() as desk:
        await visitor.says("one")
        await newer_writes(house.relay.talks, talk.id, StrangersEntry)
        key = new_key()
        await desk.say("Take", key=key, conversation=to_text(talk.id))
        await desk.hear("TalkOpened", key=key)
        await newer_writes(house.relay.talks, talk.id)
        assert await visitor.says("two") == 5
        await desk.hear("MessagePosted", text="two")
        for line in (visitor, desk):
            shown = {seq: text for seq, text in line.posted() if text not in ("joined", "AdvocateJoined")}
            assert shown == {1: "one", 2: "unknown", 4: "unknown", 5: "two"}
    async with await processes[1].visitor(token, 1) as again:
        await again.hear("MessagePosted", text="two")
        assert [seq for seq, _ in again.posted()] == [2, 3, 4, 5]


async def test_a_page_that_asks_and_one_without_script_pass_over_it(
    house: ChatHouse, processes: tuple[Process, Process], phone: PlainPhone
) -> None:
    await phone.starts()
    talk = await phone.talk()
    async with phone.listens() as frame, asking(processes[1], talk.token) as page:
        await frame.shows("<main")
        await newer_writes(house.relay.talks, talk.id)
        await page.writes("after it")
        await frame.shows("after it")
        told = await page.hears()
        assert cast(int, told[0]["last"]) == 2
        assert numbered(told) == [(1, "unknown"), (2, "after it")]
        assert frame.words == ["after it"]
        assert "unknown" not in frame.text
