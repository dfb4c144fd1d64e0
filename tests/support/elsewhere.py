"""Puts the stores of every house of a run onto other engines, and lets them fail over while stories are told.

`HOUSE_ENGINES` names them: `single` (PostgreSQL and two plain Valkeys), `sentinel` (PostgreSQL, a primary with
two replicas for each store, and every now and then the primary is killed), `cluster` (PostgreSQL, a Cluster of three
with a replica each, and every now and then a server is killed). Not set: SQLite and the house's own two Valkeys.
What came of it is told at the end of the run (tests/support/told_elsewhere.py).
"""

from __future__ import annotations

import atexit
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import psutil
from redis import Redis
from redis.exceptions import RedisError

from tests.support.patience import PATIENCE_S
from tests.support.postgres import Postgres, running_postgres
from tests.support.valkey_server import Server, until
from tests.support.valkey_sets import FORGOTTEN, KEPT, Cluster, Sentinels, running
from tests.support.web import HERE

if TYPE_CHECKING:
    from tests.support.server_process import House

ENGINES: Final = ("single", "sentinel", "cluster")
WANTED: Final = os.environ.get("HOUSE_ENGINES", "")
assert not WANTED or WANTED in ENGINES, f"HOUSE_ENGINES is one of {', '.join(ENGINES)}"

FIRST_S: Final = 8.0
EVERY_S: Final = 60.0
AWAY_S: Final = 6.0
LOOK_AGAIN_S: Final = 1.0
FOLDER: Final = "porch-sets-"
KEYS: Final = (b"{desk}", b"{embers}", b"x")

_held = ExitStack()
_postgres: list[Postgres] = []
_making = threading.Lock()


@dataclass
class Tally:
    """What became of the stores of a run."""

    houses: int = 0
    servers: int = 0
    killed: int = 0
    chosen: int = 0
    in_the_middle: list[str] = field(default_factory=list)


TALLY: Final = Tally()


@dataclass
class Elsewhere:
    """The stores of one house: their addresses as its settings name them, and the servers themselves."""

    told: dict[str, str]
    rows: tuple[Postgres, str]
    durable: Sentinels | Cluster
    ember: Sentinels | Cluster
    held: ExitStack
    over: threading.Event = field(default_factory=threading.Event)
    answers: threading.Event = field(default_factory=threading.Event)

    def ends(self) -> None:
        """Nobody asks them any more."""
        self.held.close()

    def is_hurt_by_the_test(self) -> None:
        """From here on nobody else kills a server, and all of them are there."""
        self.over.set()
        for made in (self.durable, self.ember):
            settle(made)

    def is_used_by(self, house: House) -> None:
        """Fails the test where this running house keeps a word anywhere else: in a file of rows, in Valkeys of its own.

        The first time it is also seen that its processes hold lines to each of the three.
        """
        assert not house.database.exists(), "rows are in a file"
        assert [each.name() for each in house.family() if "valkey" in each.name()] == [], "a store of its own runs"
        TALLY.servers += 1
        if self.answers.is_set():
            return
        ends = time.monotonic() + PATIENCE_S
        while not (self._is_ready(house) and self._holds_lines()):
            assert time.monotonic() < ends, "no line from the house to its stores elsewhere"
            time.sleep(0.05)
        self.answers.set()

    def _is_ready(self, house: House) -> bool:
        # A page that asks the stores, so that lines to them are there.
        return httpx.get(f"{house.public}/health/ready", timeout=PATIENCE_S, **HERE).status_code == 200

    def _holds_lines(self) -> bool:
        server, name = self.rows
        asked = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
        kept = all(any(_callers(each) for each in made.servers) for made in (self.durable, self.ember))
        return kept and int(server.run(asked)) > 0

    def asked(self, statement: str) -> list[str]:
        """What the rows' server answers, line by line."""
        server, name = self.rows
        return server.run(statement, name).splitlines()

    def every_row(self) -> dict[str, list[str]]:
        """Every row of every table, as digests, without when the house looks at a tip again."""
        tables = self.asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        told = {"tips": "(to_jsonb(each) - 'look' - 'step')"}
        return {
            name: sorted(self.asked(f'SELECT md5({told.get(name, "each")}::text) FROM "{name}" each'))
            for name in tables
        }

    def clients(self) -> tuple[list[Redis], list[Redis]]:
        """A line to each server that writes, of both stores, when nobody is away."""
        settle(self.durable)
        settle(self.ember)
        return self.durable.clients(), self.ember.clients()

    @contextmanager
    def without(self, what: str) -> Iterator[None]:
        """The database gone, or each server of a store "frozen" or "killed" ("killed ember"), until the block ends."""
        self.is_hurt_by_the_test()
        server, name = self.rows
        if what == "database":
            server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            try:
                yield
            finally:
                server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            return
        how, which = what.split()
        made = self.durable if which == "durable" else self.ember
        for each in made.servers:
            each.stands_still() if how == "frozen" else each.kill()
        try:
            yield
        finally:
            for each in made.servers:
                each.goes_on() if how == "frozen" else each.start()


def _callers(server: Server) -> int:
    """How many hold a line to it, besides whoever watches it and whoever asks now; none where it is gone."""
    try:
        said = str(server.asked("CLIENT", "LIST", "TYPE", "normal")).splitlines()
    except RedisError:
        return 0
    return sum(1 for line in said if "cmd=client|list" not in line and "name=sentinel" not in line)


def stores(engines: str, held: ExitStack, *, hurt: bool = True) -> Elsewhere:
    """New stores for one house; they end with `held`. `hurt`: every now and then somebody who writes is killed."""
    server = _rows()
    folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)))
    with _making:
        rows = held.enter_context(server.database())
        durable = held.enter_context(running(_made(engines, folder / "durable", KEPT)))
        ember = held.enter_context(running(_made(engines, folder / "ember", FORGOTTEN)))
    told = {"DATABASE_URL": server.url(rows), "REDIS_URL": durable.url, "EMBER_URL": ember.url}
    found = Elsewhere(told, (server, rows), durable, ember, held)
    if hurt and engines != "single":
        _hurt(durable, found, late=0.0)
        _hurt(ember, found, late=EVERY_S / 2)
    TALLY.houses += 1
    return found


def for_a_house(house: House) -> Elsewhere | None:
    """Stores for this one where the run was asked for other engines; None where it was not."""
    if not WANTED:
        return None
    assert "REDIS_URL" not in house.settings, "a house with stores of its own cannot be told on other engines"
    _rows()  # first of all: whoever began last ends first
    return stores(WANTED, _held.enter_context(ExitStack()))


def _rows() -> Postgres:
    """The rows' server of this run."""
    with _making:
        if not _postgres:
            _postgres.append(_held.enter_context(running_postgres()))
            atexit.register(_held.close)
        return _postgres[0]


def _made(engines: str, folder: Path, kind: dict[str, str]) -> Sentinels | Cluster:
    if engines == "cluster":
        return Cluster(folder, kind)
    return Sentinels(folder, kind, is_watched=engines == "sentinel", replicas=2 if engines == "sentinel" else 0)


def _hurt(made: Sentinels | Cluster, found: Elsewhere, late: float) -> None:
    """Kill whoever writes, again and again; it comes back as one that copies."""

    def kills() -> None:
        at, pause = 0, FIRST_S + late
        while not found.answers.wait(LOOK_AGAIN_S):
            if found.over.is_set():
                return
        while not found.over.wait(pause):
            try:
                # Two at once are another promise: whoever came back last has to have everything first.
                server = victim(made, at) if made.is_whole() else None
            except RedisError:
                server = None
            if server is None:
                pause = LOOK_AGAIN_S
                continue
            server.kill()
            TALLY.killed += 1
            if not found.over.wait(AWAY_S):
                TALLY.chosen += _is_replaced(made, server, at)
            # One without a file that is back before anybody took its place is empty, and empties those who copy it:
            # nothing may start it before (docs/settings.md), and nothing does here.
            with suppress(AssertionError):
                until(lambda: _is_replaced(made, server, at), "another one", AWAY_S * 2)  # noqa: B023
            server.start()
            at, pause = at + 1, EVERY_S

    thread = threading.Thread(target=kills, daemon=True)
    thread.start()
    found.held.callback(thread.join, AWAY_S * 3)
    found.held.callback(found.over.set)


def victim(made: Sentinels | Cluster, at: int) -> Server:
    """The next one to die: the primary of a key."""
    if isinstance(made, Sentinels):
        return made.primary()
    return made.owner(KEYS[at % 3] if at % 3 < 2 else KEYS[2] + b"%d" % at)


def _is_replaced(made: Sentinels | Cluster, server: Server, at: int) -> bool:
    """Whether somebody else writes in its place now."""
    try:
        return victim(made, at) is not server
    except RedisError:
        return False


def settle(made: Sentinels | Cluster, within: float = 20.0) -> None:
    """Wait until everybody who was killed copies again."""
    until(made.is_whole, "everybody copies again", within)


def strangers() -> list[psutil.Process]:
    """Stores that run below this process and were not started here."""
    found = []
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # ended while it was looked at
            if each.name().startswith("valkey") and FOLDER not in each.cwd():
                found.append(each)
    return found
