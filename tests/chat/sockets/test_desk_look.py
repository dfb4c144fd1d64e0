"""A desk asks for all of its conversations in one packet, and at once for the one to which something has happened."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from chat.conversation import DeskTalk
from chat.sockets import desk_look
from chat.sockets.desk_look import DeskLook
from chat.sockets.desk_talk import TalkOnDesk
from chat.watch import View, Watch
from portal.store.valkey import ValkeyAway
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


class Held:
    """A conversation on a desk, as far as it is looked at."""

    def __init__(self, name: str) -> None:
        self.talk = name
        self.seen: list[Any] = []

    async def see(self, view: Any) -> None:
        self.seen.append(view)


class Packets:
    """What was asked for together, in order."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.is_away = False
        self.came = asyncio.Event()

    async def views(self, talks: list[DeskTalk]) -> list[View | None]:
        self.asked.append([str(talk) for talk in talks])
        self.came.set()
        if self.is_away:
            self.is_away = False
            raise ValkeyAway
        return [cast("View", f"view of {talk}") for talk in talks]

    async def next(self) -> list[str]:
        self.came.clear()
        async with asyncio.timeout(PATIENCE_S):
            await self.came.wait()
        return self.asked[-1]


async def test_all_are_asked_for_together_and_one_at_once_when_something_happens_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_look, "LOOK_EVERY_S", 0.5)
    held, packets = [Held(name) for name in ("a", "b", "c")], Packets()
    look = DeskLook(cast("Watch", packets), lambda: cast("list[TalkOnDesk]", held))
    running = asyncio.create_task(look.run())
    try:
        assert await packets.next() == ["a", "b", "c"]
        look.soon(cast("TalkOnDesk", held[1]))
        assert await packets.next() == ["b"]
        assert await packets.next() == ["a", "b", "c"], "and all of them again in their time"
        assert held[1].seen[:2] == ["view of b", "view of b"]
    finally:
        running.cancel()


async def test_what_was_wanted_while_the_store_was_away_is_looked_at_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_look, "AGAIN_AFTER_S", 0.01)
    held, packets = [Held("a"), Held("b")], Packets()
    look = DeskLook(cast("Watch", packets), lambda: cast("list[TalkOnDesk]", held))
    running = asyncio.create_task(look.run())
    try:
        await packets.next()
        packets.is_away = True
        look.soon(cast("TalkOnDesk", held[0]))
        assert await packets.next() == ["a"]
        assert await packets.next() == ["a"]
        await asyncio.sleep(0)
        assert held[0].seen == ["view of a", "view of a"]
    finally:
        running.cancel()
