"""Hears what is published in a Cluster: each channel at the server of its slot, one connection to each of them."""

import asyncio
import contextlib
from functools import partial
from time import monotonic
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError

from portal.store.channels import FIRST_PAUSE, LONGEST_PAUSE, TOLD, Channels, Ear
from portal.store.cluster import Map
from portal.store.placing import Node, Place, read_place
from portal.store.slots import slot_of

LOOK_EVERY = 1.0
PAUSE = 0.2


def channels_of(url: str) -> Channels:
    """What hears at this address."""
    place = read_place(url)
    return ShardedChannels(place) if place.kind == "cluster" else Channels(place)


class ShardedChannels(Channels):
    """The same listeners and the same Gaps; a channel whose slot went elsewhere is asked for there."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._place = place
        self._map = Map(place)
        # What is asked for at which server; who listens there wakes by its event.
        self._at: dict[Node, set[bytes]] = {}
        self._awake: dict[Node, asyncio.Event] = {}
        self._heard_of: dict[Node, float] = {}

    async def run(self) -> None:
        """Hear until cancelled. Owned by the app's lifespan."""
        pause = FIRST_PAUSE
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                try:
                    if self._map.is_stale:
                        await self._map.look()
                    pause = FIRST_PAUSE
                except RedisError:
                    pause = min(pause * 2, LONGEST_PAUSE)
                    await asyncio.sleep(pause)
                    continue
                self._part()
                for node in self._at.keys() - self._awake.keys():
                    self._awake[node] = asyncio.Event()
                    tasks.create_task(self._hear_at(node))
                for event in self._awake.values():
                    event.set()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._changed.wait()

    def _part(self) -> None:
        """Say again which channel is asked for where."""
        at: dict[Node, set[bytes]] = {}
        for channel in self._listeners:
            owner = self._map.owner(slot_of(channel))
            if owner is None:
                self._map.is_stale = True
            else:
                at.setdefault(owner, set()).add(channel)
        self._at = at

    async def _hear_at(self, node: Node) -> None:
        """Hear at one server until nothing is asked for there, or it is lost."""
        asked: set[bytes] = set()
        pool = self._place.pool(node, **TOLD)
        connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            await self._hear_there(node, connection, asked)
        except (RedisError, OSError, TimeoutError):
            self._map.is_stale = True
            await asyncio.sleep(PAUSE)
        finally:
            self._confirmed -= asked
            self._asked -= asked
            del self._awake[node]
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                await connection.disconnect(nowait=True)
            self._changed.set()

    async def _hear_there(self, node: Node, connection: AbstractConnection, asked: set[bytes]) -> None:
        awake = self._awake[node]
        ear = Ear(connection, partial(self._take_there, node, asked), awake)
        self._heard_of[node] = monotonic()
        try:
            while not ear.is_lost and monotonic() - self._heard_of[node] < self._silence:
                awake.clear()
                wanted = self._at.get(node, set())
                leave, enter = asked - wanted, wanted - asked
                asked -= leave
                asked |= enter
                self._confirmed -= leave
                for word, channels in ((b"SUNSUBSCRIBE", leave), (b"SSUBSCRIBE", enter)):
                    for channel in channels:  # one by one: several in one question must be of one slot
                        ear.say(word, channel)
                if not asked:
                    return
                try:
                    async with asyncio.timeout(self._ask_every):
                        await awake.wait()
                except TimeoutError:
                    ear.say("PING")
            self._map.is_stale = True
        finally:
            ear.leave()

    def _take_there(self, node: Node, asked: set[bytes], answer: Any) -> None:
        self._heard_of[node] = monotonic()
        match answer:
            case [b"smessage", channel, payload]:
                self._tell(channel, payload)
            case [b"ssubscribe", channel, _] if channel in asked:
                self._asked.add(channel)
                self._confirm(channel)
            case [b"sunsubscribe", channel, _] if channel in asked:
                # Nobody asked for that: its slot went elsewhere.
                asked.discard(channel)
                self._confirmed.discard(channel)
                self._map.is_stale = True
                self._changed.set()
            case Exception():
                raise answer
