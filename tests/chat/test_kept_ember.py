"""What a page knows of its ember is tended when it begins and when the store holds another, and not after its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from chat import kept_ember
from chat.ember_watch import EmberWatch
from chat.errands import Errands
from chat.kept_ember import KeptEmber
from chat.refusals import ConversationOver
from portal.errors import Away
from portal.store.embers import Embers

CONVERSATION = bytes(16)


class Store:
    """An ember store and whoever plants in it: one ember for one conversation, or none."""

    def __init__(self, held: bytes | None) -> None:
        self.held = held
        self.known: list[bytes | None] = []
        self.refused: list[Exception] = []

    async def get_many(self, names: Sequence[bytes]) -> list[bytes | None]:
        return [self.held for _ in names]

    async def tend(self, known: bytes | None) -> bytes:
        self.known.append(known)
        if self.refused:
            raise self.refused.pop(0)
        self.held = self.held or known or b"new"
        return self.held

    def watch(self) -> EmberWatch:
        return EmberWatch(cast(Embers, self))


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_it_is_looked_at_first_and_comes_back_when_its_store_lost_it() -> None:
    store = Store(b"planted")
    watch = store.watch()
    kept = KeptEmber(watch, Errands(), store.tend)
    async with asyncio.TaskGroup() as tasks:
        kept.begin(CONVERSATION, tasks)
        await settled()
        await watch.look()
        await settled()
        assert store.known == [None], "what stands is let be"

        store.held = None
        await watch.look()
        await settled()
        assert store.known == [None, b"planted"]
        assert await store.get_many([b""]) == [b"planted"]
        kept.end()

    store.held = None
    await watch.look()
    kept.want()
    kept.end()
    assert store.known == [None, b"planted"]


async def test_with_its_store_away_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_ember, "AGAIN_AFTER_S", 0)
    store = Store(b"planted")
    store.refused = [Away(), Away()]
    kept = KeptEmber(store.watch(), Errands(), store.tend, known=b"known")
    async with asyncio.TaskGroup() as tasks:
        kept.begin(CONVERSATION, tasks)
        await settled()
        await settled()
        kept.end()

    assert store.known == [b"known"] * 3


async def test_whoever_keeps_it_is_told_that_the_conversation_is_no_more() -> None:
    store, told = Store(None), list[bool]()
    store.refused = [ConversationOver()]
    kept = KeptEmber(store.watch(), Errands(), store.tend, over=lambda: told.append(True))
    async with asyncio.TaskGroup() as tasks:
        kept.begin(CONVERSATION, tasks)
        await settled()
        kept.end()

    assert (told, len(store.known)) == ([True], 1)
