"""One look at all embers of a process asks exactly those whom a look at each would ask."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import cast

import pytest
from hypothesis import given, settings, strategies as st

from chat import ember_watch
from chat.ember_watch import AT_ONCE, EmberWatch
from chat.store import keys
from portal.store.embers import Embers

_ember = st.none() | st.sampled_from([b"one", b"two"])


class Held:
    """A store of embers that counts how often it was asked."""

    def __init__(self, held: dict[bytes, bytes | None]) -> None:
        self.held = held
        self.asked = 0

    async def get_many(self, names: Sequence[bytes]) -> list[bytes | None]:
        self.asked += 1
        return [self.held.get(name) for name in names]


@settings(deadline=None)
@given(st.lists(st.tuples(_ember, _ember), max_size=8))
async def test_who_knows_another_ember_than_the_store_is_asked_and_nobody_else(
    embers: list[tuple[bytes | None, bytes | None]],
) -> None:
    names = [bytes([number]) * 16 for number in range(len(embers))]
    store = Held({keys.ember(name): held for name, (_, held) in zip(names, embers, strict=True)})
    watch, asked = EmberWatch(cast(Embers, store)), list[bytes]()
    with ExitStack() as open_:
        for name, (known, _) in zip(names, embers, strict=True):

            def ask(name: bytes = name) -> None:
                asked.append(name)

            open_.callback(watch.leave, watch.watch(name, lambda known=known: known, ask))  # type: ignore[misc]
        await watch.look()

        one_by_one = [
            name for name, (known, held) in zip(names, embers, strict=True) if known is not None and known != held
        ]
        assert asked == one_by_one
        assert store.asked == (1 if embers else 0)
    await watch.look()
    assert asked == one_by_one, "nobody is asked who has gone"


async def test_many_are_looked_at_in_a_few_journeys_and_not_all_planted_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ember_watch, "BETWEEN_S", 0.0)
    store, asked = Held({}), list[int]()
    watch = EmberWatch(cast(Embers, store))
    with ExitStack() as open_:
        for number in range(2 * AT_ONCE + 1):
            name = number.to_bytes(16, "big")
            watched = watch.watch(name, lambda: b"one", lambda number=number: asked.append(number))  # type: ignore[misc]
            open_.callback(watch.leave, watched)
        await watch.look()
    assert asked == list(range(2 * AT_ONCE + 1))
    assert store.asked == 3
