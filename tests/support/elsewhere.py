"""Puts the stores of every house of a run onto other engines, and lets them fail over while stories are told.

`HOUSE_ENGINES` names them: `single` (PostgreSQL and two plain Valkeys), `sentinel` (PostgreSQL, a primary with
two replicas for each store, and every now and then the primary is killed), `cluster` (PostgreSQL, a Cluster of three
with a replica each, and every now and then a server is killed). Not set: SQLite and the house's own two Valkeys.
"""

from __future__ import annotations

import atexit
import os
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.postgres import Postgres, running_postgres
from tests.support.valkey_sets import FORGOTTEN, KEPT, Cluster, Sentinels, Server, running

ENGINES: Final = ("single", "sentinel", "cluster")
WANTED: Final = os.environ.get("HOUSE_ENGINES", "")
assert not WANTED or WANTED in ENGINES, f"HOUSE_ENGINES is one of {', '.join(ENGINES)}"

FIRST_S: Final = 8.0
EVERY_S: Final = 60.0
AWAY_S: Final = 6.0

_held = ExitStack()
_postgres: list[Postgres] = []


@dataclass
class Elsewhere:
    """The stores of one house: their addresses as its settings name them, and the servers themselves."""

    told: dict[str, str]
    durable: Sentinels | Cluster
    ember: Sentinels | Cluster


def stores(engines: str, held: ExitStack, *, hurt: bool = True) -> Elsewhere:
    """New stores for one house; they end with `held`. `hurt`: every now and then somebody who writes is killed."""
    folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="porch-sets-", ignore_cleanup_errors=True)))
    if not _postgres:
        _postgres.append(_held.enter_context(running_postgres()))
        atexit.register(_held.close)
    rows = held.enter_context(_postgres[0].database())
    durable = held.enter_context(running(_made(engines, folder / "durable", KEPT)))
    ember = held.enter_context(running(_made(engines, folder / "ember", FORGOTTEN)))
    if hurt and engines != "single":
        _hurt(durable, held, late=0.0)
        _hurt(ember, held, late=EVERY_S / 2)
    told = {"DATABASE_URL": _postgres[0].url(rows), "REDIS_URL": durable.url, "EMBER_URL": ember.url}
    return Elsewhere(told, durable, ember)


def for_a_house() -> dict[str, str]:
    """What this run was asked for; nothing where it was asked for nothing."""
    return stores(WANTED, _held).told if WANTED else {}


def _made(engines: str, folder: Path, kind: dict[str, str]) -> Sentinels | Cluster:
    if engines == "cluster":
        return Cluster(folder, kind)
    return Sentinels(folder, kind, is_watched=engines == "sentinel", replicas=2 if engines == "sentinel" else 0)


def _hurt(made: Sentinels | Cluster, held: ExitStack, late: float) -> None:
    """Kill whoever writes, again and again; it comes back as one that copies."""
    over = threading.Event()

    def kills() -> None:
        at = 0
        pause = FIRST_S + late
        while not over.wait(pause):
            server = victim(made, at)
            server.kill()
            if not over.wait(AWAY_S):
                server.start()
            at, pause = at + 1, EVERY_S

    thread = threading.Thread(target=kills, daemon=True)
    thread.start()
    held.callback(thread.join, AWAY_S * 3)
    held.callback(over.set)


def victim(made: Sentinels | Cluster, at: int) -> Server:
    """The next one to die: the primary of a key."""
    if isinstance(made, Sentinels):
        return made.primary()
    return made.owner((b"{desk}", b"{embers}", b"x%d" % at)[at % 3])


def settle(made: Sentinels | Cluster, within: float = 20.0) -> None:
    """Wait until everybody who was killed copies again."""
    ends = time.monotonic() + within
    while not made.is_whole():
        assert time.monotonic() < ends, "it did not become whole again"
        time.sleep(0.05)
