"""Somebody who waits is heard: the server calls those on call, rung after rung, until one of them says yes."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chat.presence import LEASE_MS
from chat.relay import Relay
from chat.unclaimed import Unclaimed
from portal.alerts import desk as calling
from portal.alerts.desk import Alerts
from portal.alerts.ladder import CLAIM_MS, QUIET_MS, YES_HOLDS_MS, Turn, matter
from portal.alerts.store import CallStore
from portal.alerts.tables import alert_ways, on_call
from portal.alerts.ways import WEBHOOK
from portal.ids import random_id
from portal.services import Services
from portal.settings import Secret
from portal.store.valkey import connect
from tests.chat.conftest import ChatHouse
from tests.support.alert_posts import Post, a_hook
from tests.support.rooms import wire

pytestmark = pytest.mark.anyio


@dataclass
class Watched:
    """A house whose operator has set a hook up; `called` is what came there."""

    house: ChatHouse
    services: Services
    relay: Relay
    unclaimed: Unclaimed
    post: Post

    @property
    def alerts(self) -> Alerts:
        return self.services.alerts

    async def looks(self, *, after_s: float = 0) -> list[str]:
        """Time passes, the house looks at the queue and at the ladder; who was called by that."""
        self.house.clock.advance(timedelta(seconds=after_s))
        for process in (self.unclaimed, self.alerts):
            await process.look()
        came, self.post.came[:] = self.post.to, []
        return came

    async def lives(self, talk_id: bytes) -> None:
        """Her page is seen, so that she goes on waiting."""
        await self.relay.desk.arrive(talk_id, self.relay.now_ms())

    async def on_call(self, rung: int, person: bytes, target: str) -> None:
        now = int(self.house.clock.now().timestamp())
        await self.alerts.roster.add_way(person, WEBHOOK, target)
        await self.alerts.roster.put_on_call(person, Turn(rung, person, now - 60, now + 7200))
        self.alerts.forget()


@contextlib.asynccontextmanager
async def another_process(house: ChatHouse, post: Post) -> AsyncIterator[Watched]:
    settings = replace(house.services.settings, alert_webhook_url=Secret(post.url))
    services = wire(settings, house.clock)
    relay = Relay(services)
    yield Watched(house, services, relay, Unclaimed(relay, services), post)
    await services.pools.close()
    await services.database.close()
    await services.durable.aclose()
    await services.ember_client.aclose()


@pytest.fixture
async def watched(house: ChatHouse) -> AsyncIterator[Watched]:
    async with a_hook() as post, another_process(house, post) as one:
        yield one


async def colleague(watched: Watched, alias: str) -> bytes:
    """Somebody else who works here."""
    return (await watched.house.colleague(alias)).staff_id


async def test_who_waits_a_minute_has_the_ladder_called_rung_by_rung_until_she_is_taken(watched: Watched) -> None:
    robin = watched.house.advocate.staff_id
    await watched.on_call(1, robin, "robin")
    await watched.on_call(2, await colleague(watched, "Sam"), "sam")
    talk = await watched.house.waiting()

    assert await watched.looks() == []
    await watched.lives(talk.id)
    assert await watched.looks(after_s=59) == []
    assert await watched.looks(after_s=1) == ["robin"]
    assert await watched.looks(after_s=119) == []
    await watched.lives(talk.id)
    assert await watched.looks(after_s=1) == ["sam"], "the next rung after two minutes without a yes"
    await watched.lives(talk.id)
    assert await watched.looks(after_s=120) == ["robin"], "and round again"
    assert [call.by for _, call in await watched.alerts.calls()] == [b""]

    await watched.lives(talk.id)
    await watched.relay.take(await watched.house.ready(), talk.id)
    assert await watched.looks(after_s=600) == []
    assert [(call.over, call.by) for _, call in await watched.alerts.calls()] == [("yes", robin)]


async def test_what_is_said_outside_is_the_name_of_the_house_and_open_the_desk(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    await watched.house.waiting("my name is Amal and he is coming back")
    await watched.looks()
    watched.house.clock.advance(timedelta(seconds=60))
    await watched.alerts.look()

    assert watched.post.came == [("robin", "Lantern Line: open the desk.")]
    assert not any(b"Amal" in raw for raw in watched.post.raw)


async def test_of_two_processes_one_calls_and_after_a_kill_in_between_the_other_calls_again(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    async with another_process(watched.house, watched.post) as other:
        await watched.alerts.raise_("tip", random_id())
        claimed = await CallStore(watched.services.durable).claim(watched.relay.now_ms())
        assert len(claimed) == 1, "the first process has it, and is killed before it sends"

        assert await other.looks() == []
        assert await other.looks(after_s=CLAIM_MS / 1000) == ["robin"]
        assert await other.looks(after_s=CLAIM_MS / 1000) == []


async def test_while_the_hook_is_down_a_rung_is_tried_again_and_then_the_next_is_called(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    await watched.on_call(2, await colleague(watched, "Sam"), "sam")
    watched.post.is_willing = False
    await watched.alerts.raise_("tip", random_id())

    assert [await watched.looks(after_s=each) for each in (0, 15, 15)] == [[], [], []]
    watched.post.is_willing = True
    assert await watched.looks(after_s=15) == ["sam"]


async def test_a_yes_at_the_desk_stops_the_calling_and_one_that_comes_to_nothing_does_not(watched: Watched) -> None:
    robin = watched.house.advocate.staff_id
    await watched.on_call(1, robin, "robin")
    tip, talk = random_id(), await watched.house.waiting()
    await watched.alerts.raise_("tip", tip)
    assert await watched.looks() == ["robin"]
    await watched.lives(talk.id)
    await watched.looks(after_s=QUIET_MS / 1000 + 1)
    for name in (matter("tip", tip), matter("unclaimed", talk.id)):
        await watched.alerts.says_yes(name, robin)

    await watched.lives(talk.id)
    assert await watched.looks(after_s=YES_HOLDS_MS / 1000 - 5) == []
    await watched.lives(talk.id)
    assert await watched.looks(after_s=6) == ["robin"], "she said yes and took nobody: the one who waits still waits"
    assert {call.kind: call.over for _, call in await watched.alerts.calls()} == {"tip": "yes", "unclaimed": ""}


async def test_nobody_is_called_twice_within_a_minute_however_many_wait(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    for _ in range(5):
        await watched.alerts.raise_("tip", random_id())

    assert await watched.looks() == ["robin"]
    assert len(await watched.alerts.calls()) == 5


async def test_the_only_advocate_falls_silent_and_whoever_she_held_is_called_for_up_the_ladder(
    watched: Watched,
) -> None:
    robin = watched.house.advocate.staff_id
    await watched.on_call(1, robin, "robin")
    await watched.on_call(2, await colleague(watched, "Sam"), "sam")
    talk, _ = await watched.house.talking()
    for _ in range(LEASE_MS // 15_000):
        await watched.lives(talk.id)
        assert await watched.looks(after_s=15) == []
    # Her laptop sleeps: the lease ends, and nobody else is there.
    await watched.lives(talk.id)
    await watched.house.sweeper.sweep()
    assert [each for each, _ in (await watched.relay.desk.first())[0]] == [], "not before the lease has run out"
    watched.house.clock.advance(timedelta(seconds=1))
    await watched.house.sweeper.sweep()
    assert [each for each, _ in (await watched.relay.desk.first())[0]] == [talk.id], "in line again, and at the front"
    assert (await watched.relay.desk.counts(watched.relay.now_ms())).ready == 0

    async def hears(*, after_s: float) -> list[str]:
        await watched.lives(talk.id)
        return await watched.looks(after_s=after_s)

    assert await hears(after_s=0) == []
    assert await hears(after_s=40) == []
    assert await hears(after_s=20) == ["robin"], "a minute on, the first rung"
    assert await hears(after_s=40) == []
    assert await hears(after_s=40) == []
    assert await hears(after_s=40) == ["sam"], "and two minutes later the second"
    await watched.relay.take(await watched.house.ready(), talk.id)
    assert await watched.looks(after_s=600) == []


async def test_with_nobody_on_call_everybody_who_can_be_reached_is_called(watched: Watched) -> None:
    await watched.alerts.roster.add_way(watched.house.advocate.staff_id, WEBHOOK, "robin")
    await watched.alerts.roster.add_way(await colleague(watched, "Sam"), WEBHOOK, "sam")
    await watched.alerts.raise_("tip", random_id())

    assert sorted(await watched.looks()) == ["robin", "sam"]


async def test_a_store_that_is_away_for_a_minute_has_the_first_rung_called_from_what_was_last_read(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "AWAY_FOR_S", 0.2)
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    await watched.on_call(2, await colleague(watched, "Sam"), "sam")
    assert await watched.looks() == []
    here = watched.alerts._store
    gone = connect("redis://127.0.0.1:1")
    watched.alerts._store = CallStore(gone)
    watched.services.settings.database_path.rename(watched.services.settings.data_dir / "elsewhere")
    watched.alerts.forget()

    await watched.alerts.look()
    assert watched.post.came == [], "a store that is only started again calls nobody"
    await watched.alerts.look()
    assert watched.post.to == ["robin"]
    await watched.alerts.look()
    assert watched.post.to == ["robin"], "the next rung has its time too"
    await watched.alerts.raise_("tip", random_id())
    watched.alerts._store = here
    watched.post.came.clear()
    await watched.alerts.look()
    assert watched.post.to == ["robin"], "what was raised meanwhile is called when the store is back"
    await gone.aclose()


async def test_a_row_this_house_did_not_write_calls_nobody(watched: Watched) -> None:
    robin = watched.house.advocate.staff_id
    sam = await colleague(watched, "Sam")
    await watched.on_call(1, robin, "robin")
    await watched.alerts.roster.add_way(sam, WEBHOOK, "sam")
    async with watched.services.database.write() as connection:
        await connection.execute(on_call.update().values(person=sam))
        await connection.execute(alert_ways.update().where(alert_ways.c.person == robin).values(person=sam))
    roster = await watched.alerts.roster.read()

    assert [way.target for way in roster.ways] == ["sam"]
    assert roster.written == ()


async def test_the_ladder_forgets_with_the_shift_and_knows_nobody_who_waited(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    talk = await watched.house.waiting()
    await watched.looks()
    await watched.lives(talk.id)
    assert await watched.looks(after_s=61) == ["robin"]
    durable = watched.services.durable
    for key in (b"{desk}:ladder", b"{desk}:calls", b"{desk}:called"):
        assert talk.id not in (await durable.dump(key) or b"")

    await watched.relay.leave(talk, "end")
    await watched.looks()
    assert [call.over for _, call in await watched.alerts.calls()] == ["gone"]
    watched.house.clock.advance(timedelta(hours=13))
    await CallStore(durable).forget_old(watched.relay.now_ms())
    assert await durable.exists(b"{desk}:ladder", b"{desk}:calls", b"{desk}:called", b"{desk}:heard") == 0
