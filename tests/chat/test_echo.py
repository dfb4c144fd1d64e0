"""The house writes to itself: what another process says must come back; a house that does not hear itself is loud."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from chat import echo
from chat.duty import Duty, OpenedCards
from chat.echo import ABOUT, Echo, NotHeard
from chat.relay import Relay
from chat.store import keys
from portal.alerts.ladder import matter
from portal.services import Services
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def at_work(house: ChatHouse, *echoes: Echo) -> AsyncIterator[None]:
    """These processes answer, and one sweeps; none asks by itself."""
    await house.services.durable.set(keys.ECHO, b"1", px=60_000)
    async with anyio.create_task_group() as tasks:
        for each in echoes:
            tasks.start_soon(each.run)
        tasks.start_soon(house.sweeper.run)
        # Until all of them hear: the store knows who has subscribed.
        with anyio.fail_after(10):
            while (await house.services.durable.pubsub_numsub(keys.ECHO_CHANNEL))[0][1] < len(echoes):  # noqa: ASYNC110
                await anyio.sleep(0.01)
        yield
        tasks.cancel_scope.cancel()


async def left(house: ChatHouse) -> list[bytes]:
    """Every key of a talk in either store."""
    found = []
    for client in (house.services.durable, house.services.ember_client):
        found += [key async for key in client.scan_iter(count=1000) if key.startswith((b"{c:", b"v:", b"e:", b"y:"))]
    return found


async def test_another_process_says_the_words_and_nothing_of_them_is_left(
    house: ChatHouse, second_process: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking, other = Echo(house.relay, house.services), Echo(Relay(second_process), second_process)

    async def silent(_: bytes) -> None:
        """The one that asks does not answer itself."""

    monkeypatch.setattr(asking, "answer", silent)
    async with at_work(house, asking, other):
        assert await asking.look()

    assert await left(house) == []
    assert await house.relay.desk.everyone() == []


async def test_the_only_process_hears_itself(house: ChatHouse) -> None:
    alone = Echo(house.relay, house.services)
    async with at_work(house, alone):
        assert await alone.look()
    assert await left(house) == []


async def test_what_does_not_come_back_twice_is_called_for_and_loud_at_the_desk_until_it_does(
    house: ChatHouse, second_process: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo, "HEARD_WITHIN_S", 0.3)
    asking, other = Echo(house.relay, house.services), Echo(Relay(second_process), second_process)
    heard_by_other = other.answer
    duty, cards = Duty(house.relay, house.services), OpenedCards()

    async def deaf(_: bytes) -> None:
        """It listens, and what it says arrives nowhere."""

    for each in (asking, other):
        monkeypatch.setattr(each, "answer", deaf)
    async with at_work(house, asking, other):
        with pytest.raises(NotHeard, match="channel"):
            await asking.listen()
        told = []
        for _ in range(2):
            assert not await asking.look()
            told.append(
                (
                    (await duty.snapshot(house.advocate, cards)).heard,
                    matter("unheard", ABOUT) in await house.services.alerts.open_matters("unheard"),
                )
            )
        assert told == [(True, False), (False, True)]

        monkeypatch.setattr(other, "answer", heard_by_other)
        assert await asking.look()
    assert (await duty.snapshot(house.advocate, cards)).heard
    assert await house.services.alerts.open_matters("unheard") == set()


async def test_words_that_are_not_erased_are_not_well(house: ChatHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo, "GONE_WITHIN_S", 0.3)
    alone = Echo(house.relay, house.services)

    async def keeps(_: bytes) -> None:
        """Nothing is erased."""

    monkeypatch.setattr(house.relay.ending, "erase", keeps)
    async with at_work(house, alone):
        with pytest.raises(NotHeard, match="erasing"):
            await alone.listen()


async def test_of_many_processes_one_asks_and_the_first_look_of_a_house_asks_nothing(
    house: ChatHouse, second_process: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(echo, "LOOK_EVERY_S", 0.02)
    asked: list[Echo] = []
    both = [Echo(house.relay, house.services), Echo(Relay(second_process), second_process)]
    for each in both:

        async def looks(who: Echo = each) -> bool:
            asked.append(who)
            return True

        monkeypatch.setattr(each, "look", looks)
    async with anyio.create_task_group() as tasks:
        for each in both:
            tasks.start_soon(each.run)
        await anyio.sleep(0.3)
        assert asked == []
        await house.services.durable.delete(keys.ECHO)  # five minutes have passed
        await anyio.sleep(0.3)
        tasks.cancel_scope.cancel()
    assert len(asked) == 1


async def test_a_house_that_is_not_open_says_nothing_to_itself(services: Services) -> None:
    assert await Echo(Relay(services), services).look()
    assert await services.durable.get(keys.UNHEARD) is None
