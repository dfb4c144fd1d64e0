"""Sets a house up once for the whole run, by its own page; the houses after it begin with what that left everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.services import Services
from tests.support.kept_house import KeptHouse

if TYPE_CHECKING:
    from tests.portal.staff.walker import Walker

_STANDS_BEFORE_HER = ("cookie", "device", "page", "address", "status", "headers")

Held = dict[bytes, tuple[bytes, int]]


@dataclass
class SetUpOnce:
    """What the first set-up left: files and rows in `house`, what each store holds, and what its person sees."""

    house: KeptHouse
    stores: list[Held]
    before_her: dict[str, Any]

    async def in_place(self, walker: Walker) -> None:
        """Put it into the walker's house, which nobody has set up."""
        services = walker.services
        self.house.put_into(services)
        for store, held in zip(_stores(services), self.stores, strict=True):
            for key, (value, lasts_ms) in held.items():
                await store.ask(("RESTORE", key, max(lasts_ms, 0), value))
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
    return {key: (await store.ask(("DUMP", key)), await store.ask(("PTTL", key))) async for key in store.every_key()}
