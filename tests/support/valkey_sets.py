"""Starts stores of several servers on this machine: a primary with replicas and Sentinels, or a Cluster."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from tests.support.ports import free_port
from tests.support.valkey_server import Server, until

NAME = "house"

KEPT = {"appendonly": "yes", "appendfsync": "always"}
FORGOTTEN = {"appendonly": "no", "repl-diskless-sync": "yes", "repl-diskless-load": "swapdb"}
PLAIN = {
    "bind": "127.0.0.1",
    "protected-mode": "no",
    "daemonize": "no",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "repl-diskless-sync-delay": "0",
    "repl-ping-replica-period": "1",
    "loglevel": "warning",
}


class Sentinels:
    """A primary, two replicas and three Sentinels that choose another primary a second after it is gone."""

    def __init__(
        self,
        folder: Path,
        kind: dict[str, str],
        *,
        replicas: int = 2,
        is_watched: bool = True,
        is_in_order: bool = False,
    ) -> None:
        """`is_watched`: without, it is one server and nobody beside it. `is_in_order`: the second is chosen first."""
        self._is_watched = is_watched
        self.password = secrets.token_hex(8)
        self.servers = [Server(folder, PLAIN | kind, password=self.password) for _ in range(replicas + 1)]
        if is_in_order:
            for at, each in enumerate(self.servers):
                each.is_told(f"replica-priority {at + 1}")
        first = self.servers[0]
        watched = {
            "+1": f"sentinel monitor {NAME} 127.0.0.1 {first.port} 2",
            "+2": f"sentinel down-after-milliseconds {NAME} 1000",
            "+3": f"sentinel failover-timeout {NAME} 5000",
            "+4": f"sentinel auth-pass {NAME} {self.password}",
        }
        told = {"bind": "127.0.0.1", "protected-mode": "no"} | watched
        self.watchers = [Server(folder, told, is_sentinel=True) for _ in range(3 if is_watched else 0)]

    @property
    def url(self) -> str:
        """Its address, as an operator writes it."""
        if not self._is_watched:
            return f"redis://:{self.password}@127.0.0.1:{self.servers[0].port}"
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.watchers)
        return f"redis+sentinel://:{self.password}@{hosts}/{NAME}"

    def start(self) -> None:
        """Started, copied, watched."""
        for each in self.servers:
            each.start()
        first = self.servers[0]
        for each in self.servers[1:]:
            until(lambda each=each: each.asked("REPLICAOF", "127.0.0.1", first.port), "a replica")  # type: ignore[misc]
            # As whoever sets one up writes it: it copies when it is started again.
            each.asked("CONFIG", "REWRITE")
        many = len(self.servers) - 1
        until(lambda: _online(first) == many, "replicas that copy")
        for each in self.watchers:
            each.start()
        until(lambda: all(self._knows(each) for each in self.watchers), "Sentinels that know each other")

    def primary(self) -> Server:
        """Whoever writes now, as the Sentinels say."""
        if not self.watchers:
            return self.servers[0]
        said = self.watchers[0].asked("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
        return next(each for each in self.servers if each.port == int(said[1]))

    def clients(self) -> list[Redis]:
        """A line to whoever writes."""
        return [self.primary().client()]

    def is_whole(self) -> bool:
        """Whether every other server copies the primary."""
        try:
            return _online(self.primary()) == len(self.servers) - 1
        except RedisError:
            return False

    def is_calm(self) -> bool:
        """Whether each Sentinel has heard that every replica is there and copies, and nobody is being chosen."""
        said = [each.asked("SENTINEL", "REPLICAS", NAME) for each in self.watchers]
        flags = {each["flags"] + each["master-link-status"] for replicas in said for each in replicas}
        masters = {each.asked("SENTINEL", "MASTER", NAME)["flags"] for each in self.watchers}
        return self.is_whole() and flags == {"slaveok"} and masters == {"master"}

    def stop(self) -> None:
        for each in (*self.watchers, *self.servers):
            each.kill()

    def _knows(self, watcher: Server) -> bool:
        said = watcher.asked("SENTINEL", "MASTER", NAME)
        found = said if isinstance(said, dict) else dict(zip(said[::2], said[1::2], strict=True))
        return int(found["num-other-sentinels"]) == 2 and int(found["num-slaves"]) == len(self.servers) - 1


class Cluster:
    """Servers that share the slots, each with a replica if wanted; the last `idle` of them have none yet."""

    def __init__(self, folder: Path, kind: dict[str, str], *, many: int = 3, replicas: int = 1, idle: int = 0) -> None:
        self.password = secrets.token_hex(8)
        told = PLAIN | kind | {"cluster-enabled": "yes", "cluster-node-timeout": "1000"}
        told |= {"cluster-allow-replica-migration": "no"}
        self._many, self._replicas, self._sharing = many, replicas, many - idle
        self.servers = [
            Server(folder, told | {"cluster-port": str(free_port())}, password=self.password)
            for _ in range(many * (1 + replicas))
        ]

    @property
    def url(self) -> str:
        """Its address, by two of its servers."""
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in self.servers[:2])
        copies = "" if self._replicas else "?copies=0"
        return f"redis+cluster://:{self.password}@{hosts}{copies}"

    def start(self) -> None:
        """Started, met, sharing the slots, copied."""
        for each in self.servers:
            each.start()
        for at, each in enumerate(self.servers):
            until(lambda each=each: each.asked("PING"), "a server")  # type: ignore[misc]
            each.asked("CLUSTER", "SET-CONFIG-EPOCH", at + 1)
        for each in self.servers[1:]:
            bus = next(
                line.split()[1] for line in each._conf.read_text().splitlines() if line.startswith("cluster-port")
            )
            self.servers[0].asked("CLUSTER", "MEET", "127.0.0.1", each.port, bus)
        primaries = self.servers[: self._many]
        for at, each in enumerate(primaries[: self._sharing]):
            first, last = at * 16384 // self._sharing, (at + 1) * 16384 // self._sharing - 1
            each.asked("CLUSTER", "ADDSLOTSRANGE", first, last)
        known = len(self.servers)
        until(
            lambda: all(_cluster(each)["cluster_known_nodes"] == str(known) for each in self.servers),
            "servers that met",
        )
        for at, each in enumerate(self.servers[self._many :]):
            whose = primaries[at % self._many].asked("CLUSTER", "MYID")
            until(lambda each=each, whose=whose: each.asked("CLUSTER", "REPLICATE", whose), "a replica")  # type: ignore[misc]
        until(lambda: all(_cluster(each)["cluster_state"] == "ok" for each in self.servers), "a whole Cluster")
        until(lambda: all(_online(each) == self._replicas for each in primaries), "replicas that copy")

    def owner(self, key: bytes) -> Server:
        """The server that has the slot of this key now."""
        living = next(each for each in self.servers if each.process is not None)
        slot = living.asked("CLUSTER", "KEYSLOT", key.decode())
        for first, last, (_, port, *_), *_ in living.asked("CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return next(each for each in self.servers if each.port == port)
        raise LookupError(key)

    def clients(self) -> list[Redis]:
        """A line to each that writes."""
        return [each.client() for each in self.servers if each.info("replication")["role"] == "master"]

    def is_whole(self) -> bool:
        """Whether each slot has a server, and each server one that copies it."""
        try:
            states = [_cluster(each)["cluster_state"] for each in self.servers]
            copied = sum(_online(each) for each in self.servers if each.info("replication")["role"] == "master")
        except RedisError:
            return False
        return set(states) == {"ok"} and copied == self._many * self._replicas

    def stop(self) -> None:
        for each in self.servers:
            each.kill()


def _online(primary: Server) -> int:
    said = primary.info("replication")
    return sum(
        1
        for name, each in said.items()
        if name.startswith("slave") and isinstance(each, dict) and each["state"] == "online"
    )


def _cluster(server: Server) -> dict[str, str]:
    said = server.asked("CLUSTER", "INFO")
    found = said if isinstance(said, dict) else dict(line.split(":") for line in str(said).split() if ":" in line)
    return {str(name): str(value) for name, value in found.items()}


@contextmanager
def running(made: Sentinels | Cluster) -> Iterator[Any]:
    """Started for the length of the block; nothing of it lives afterwards."""
    try:
        made.start()
        yield made
    finally:
        made.stop()
