"""Looks at a session in the moment in which its half is written over: it is not there, and nothing brings it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.services import Services
from portal.staff.sessions.session import Sessions
from portal.store.embers import Embers

MINUTE = timedelta(minutes=1)


def sessions_of(services: Services) -> Sessions:
    return Sessions(services.durable, services.embers, services.clock)


@pytest.mark.parametrize("half", [b"\xff" * 41, b"\xff" * 40 + b"l", b"\xff" * 40, b"\xff" * 32], ids=range(4))
async def test_random_bytes_in_the_place_of_a_half_are_no_session(services: Services, half: bytes) -> None:
    await services.embers.put(b"es:one", half, MINUTE)

    assert await sessions_of(services).hold(b"one") is None


async def test_a_desk_that_brings_one_back_as_it_ends_brings_nothing_back(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = sessions_of(services)
    half = (int(services.clock.now().timestamp()) + 3600).to_bytes(8, "big") + b"h" * 32
    await services.embers.put(b"es:one", half, MINUTE)
    await services.durable.set(b"s:one", b"box")
    held = await sessions.hold(b"one")
    assert held is not None
    quenches, rounds = Embers.quench, []

    async def quench(embers: Embers, key: bytes, *, size: int) -> None:
        await quenches(embers, key, size=size)
        rounds.append(key)
        if len(rounds) == 1:
            assert await sessions.bring_back(b"one", held)

    monkeypatch.setattr(Embers, "quench", quench)
    await sessions.end(b"ada", b"one")

    assert await services.embers.get(b"es:one") is None
    assert not await sessions.bring_back(b"one", held)


@pytest.mark.parametrize(("after", "rounds"), [(1, 5), (2, 6), (3, 3)], ids=["first", "second", "last: too late"])
async def test_a_secret_that_is_put_back_while_it_is_written_over_is_written_over_again(
    services: Services, monkeypatch: pytest.MonkeyPatch, after: int, rounds: int
) -> None:
    embers, sets, found = services.embers, services.ember_client.set, list[object]()

    async def put(name: bytes, value: bytes, **told: Any) -> Any:
        found.append(await sets(name, value, **told))
        if len(found) == after:
            await sets(name, b"emberl", xx=True)  # who wanted to lock it had read it before
        return found[-1]

    await embers.put(b"e:1", b"ember", MINUTE)
    monkeypatch.setattr(services.ember_client, "set", put)
    await embers.quench(b"e:1", size=6)

    assert len(found) == rounds
    assert await embers.get(b"e:1") is None
