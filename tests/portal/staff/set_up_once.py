"""Sets a house up once for the whole run, by its own page; the houses after it begin with what that left everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from portal.services import Services
from tests.support.kept_house import KeptHouse

if TYPE_CHECKING:
    from tests.portal.staff.walker import Walker

_STANDS_BEFORE_HER = ("cookie", "device", "page", "address", "status", "headers")

Held = list[tuple[Any, ...]]


@dataclass
class SetUpOnce:
    """What the first set-up left: files and rows in `house`, what makes each store what it is, what its person sees."""

    house: KeptHouse
    stores: list[Held]
    before_her: dict[str, Any]

    async def in_place(self, walker: Walker) -> None:
        """Put it into the walker's house, which nobody has set up."""
        services = walker.services
        self.house.put_into(services)
        for store, held in zip(_stores(services), self.stores, strict=True):
            for command in held:
                await store.ask(command)
        for name, seen in self.before_her.items():
            setattr(walker, name, seen)


async def keep(walker: Walker) -> SetUpOnce:
    """What a walker's set-up has just left."""
    services = walker.services
    return SetUpOnce(
        KeptHouse(services),
        [await _held(store) for store in _stores(services)],
        {name: getattr(walker, name) for name in _STANDS_BEFORE_HER},
    )


def _stores(services: Services) -> list[Any]:
    durable = services.durable.asker
    return [getattr(durable, "_asker", durable), services.ember_client.asker]


async def _held(store: Any) -> Held:
    """The commands that make it again: the account of the house may dump a key, and not restore one."""
    held: Held = []
    async for key in store.every_key():
        kind = await store.ask(("TYPE", key))
        if kind == b"string":
            held.append(("SET", key, await store.ask(("GET", key))))
        elif kind == b"set":
            held.append(("SADD", key, *await store.ask(("SMEMBERS", key))))
        elif kind == b"zset":
            members = await store.ask(("ZRANGE", key, 0, -1))
            scores = [await store.ask(("ZSCORE", key, member)) for member in members]
            held.append(("ZADD", key, *chain.from_iterable(zip(scores, members, strict=True))))
        else:
            raise NotImplementedError(f"a set-up leaves a {kind.decode()} now: say here how to make it again")
        if (lasts_ms := await store.ask(("PTTL", key))) > 0:
            held.append(("PEXPIRE", key, lasts_ms))
    return held
