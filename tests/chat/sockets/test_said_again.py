"""What a desk had said as its line broke goes out with the first frame of the next line, and is kept then."""

from __future__ import annotations

from typing import Any

import pytest

from chat.protocol.kinds import SUBPROTOCOL
from chat.sockets import desk_talks
from chat.store import keys
from portal.ids import to_text
from portal.staff.sessions.session import COOKIE
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key

pytestmark = pytest.mark.anyio


async def says_at_once(
    house: ChatHouse, process: Process, conversation: bytes, *, is_shown: bool = True
) -> dict[str, Any]:
    """A page that showed this conversation calls again, and says words with the first frame it hears; the answer.

    `is_shown`: one that was locked meanwhile has forgotten what it showed.
    """
    name, key = to_text(conversation), new_key()
    cookie = {"Cookie": f"{COOKIE}={house.cookie}"}
    async with await process.line("desk", additional_headers=cookie, subprotocol=SUBPROTOCOL) as desk:
        shown = {"conversation": name, "last": 0, "last_note": 0}
        await desk.say("Resume", csrf=house.advocate.csrf, talks=[shown] if is_shown else [])
        await desk.hear("QueueSnapshot", "Here")
        await desk.say("Say", key=key, conversation=name, text="as the line broke")
        return await desk.hear("MessageAccepted", "Refused", key=key)


@pytest.mark.parametrize("is_shown", [True, False])
async def test_words_said_again_with_the_first_frame_of_a_new_line_are_kept(
    house: ChatHouse, processes: tuple[Process, Process], is_shown: bool
) -> None:
    """Its conversations were opened a moment after that frame: so the words, and a danger, were refused for good."""
    talk, _ = await house.talking()
    for _ in range(3):
        told = await says_at_once(house, processes[0], talk.id, is_shown=is_shown)
        assert told["type"] == "MessageAccepted"


async def test_what_is_not_hers_any_more_is_refused_and_what_cannot_be_opened_yet_is_asked_for_again(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_talks, "OPENS_WITHIN_S", 0.3)
    waits = await house.waiting()
    assert (await says_at_once(house, processes[0], waits.id))["reason"] == "not_there"
    talk, _ = await house.talking()
    await house.services.embers.delete(keys.ember(talk.id))
    for is_shown in (True, False):
        assert (await says_at_once(house, processes[0], talk.id, is_shown=is_shown))["reason"] == "away"
