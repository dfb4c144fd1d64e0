"""Whom a danger calls when it is marked again: all anew once it was over, nobody while somebody has it."""

from __future__ import annotations

from typing import Any

import pytest

from chat.protocol.advocate import EndDanger
from portal.alerts.desk import STAYS_OVER_MS
from portal.alerts.ladder import matter
from portal.ids import random_id, to_text
from portal.records.entries import Entries
from portal.store.valkey import ValkeyAway
from tests.chat.conftest import ChatHouse
from tests.chat.test_being_heard import Watched, watched

__all__ = ["watched"]

pytestmark = pytest.mark.anyio


async def in_danger(watched: Watched, kind: Any = "coming", who: str = "") -> Any:
    """Robin is on call, holds a conversation and marks a danger in it; answers how to mark it again."""
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    _, desk = await watched.house.talking()

    async def marks(kind: Any, who: str = "") -> None:
        await watched.relay.marking.danger(desk, kind, who, random_id(), 0, watched.relay.now_ms())

    await marks(kind, who)
    return desk, marks


async def ends(watched: Watched, desk: Any) -> None:
    house: ChatHouse = watched.house
    entries = Entries(house.services.database, house.services.staff, house.clock)
    key = random_id()
    said = EndDanger(key=to_text(key), conversation=to_text(desk.id), outcome="passed", text="", done=())
    await watched.relay.marking.end_danger(desk, said, entries, key, 0)


@pytest.mark.parametrize("is_called", [True, False])
async def test_a_danger_marked_again_at_once_calls_again(watched: Watched, is_called: bool) -> None:
    desk, marks = await in_danger(watched)
    if is_called:
        assert await watched.looks() == ["robin"]
    await ends(watched, desk)
    assert await watched.looks(after_s=1) == []
    await marks("hurting")
    assert await watched.looks(after_s=STAYS_OVER_MS / 1000 - 2) == ["robin"]


async def test_what_is_put_right_after_a_yes_calls_nobody_away_and_before_it_goes_on(watched: Watched) -> None:
    desk, marks = await in_danger(watched)
    await marks("coming", "the uncle")
    assert await watched.looks() == ["robin"], "one matter, and one call for it"
    await watched.alerts.says_yes(matter("danger", desk.id), watched.house.advocate.staff_id)
    assert await watched.looks(after_s=STAYS_OVER_MS / 1000 + 1) == []
    await marks("hurting", "the uncle")
    assert await watched.looks() == []
    assert (await watched.relay.marking.card(desk)).danger == "hurting"
    await ends(watched, desk)
    await marks("coming")
    assert await watched.looks() == ["robin"], "over, and there again: that is new"


async def test_with_the_card_out_of_reach_it_calls(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, marks = await in_danger(watched)
    await watched.looks()
    await watched.alerts.says_yes(matter("danger", desk.id), watched.house.advocate.staff_id)

    async def away(*_: object) -> Any:
        raise ValkeyAway

    with monkeypatch.context() as out:
        out.setattr(watched.relay.marking, "card", away)
        await marks("hurting")
    assert await watched.looks() == ["robin"]
