"""Starts the floor and the peers: two processes of each beside a Valkey of our own version that writes no file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil

from bench.relay.cores import on_the_servers_core
from bench.relay.plain_line import PlainSide
from bench.relay.row import OpenTalks, Side, open_joined
from bench.relay.socketio_line import SocketIoSide
from portal.store.embedded import EmbeddedValkey
from tests.support.ports import free_port
from tests.support.server_process import REPOSITORY

PEERS = REPOSITORY / "bench" / "peers"
PEERS_PYTHON = PEERS / ".venv" / "bin" / "python"
STARTS_WITHIN_S = 30.0
# uvicorn as its documentation tunes it, one worker a process; compression is off for every row.
_UVICORN = {
    "--host": "127.0.0.1",
    "--loop": "uvloop",
    "--http": "httptools",
    "--ws": "websockets-sansio",
    "--ws-per-message-deflate": "false",
    "--log-level": "warning",
}


@dataclass
class RunningPeer:
    """Two processes of one peer and their Valkey."""

    servers: Sequence[psutil.Process]
    broker: Sequence[psutil.Process]
    ports: tuple[int, int]
    make_side: Callable[[bool], Side]
    opened: int = 0

    async def open(self, count: int, held: int) -> OpenTalks:
        """So many more conversations."""
        talks = await open_joined(self.make_side, self.ports, count, held, self.opened)
        self.opened += count
        return talks

    async def rest(self) -> None:
        """Nothing of it lives in this process."""


@dataclass(frozen=True)
class PeerRow:
    """A peer, started by ``command`` and the port it is to listen on."""

    name: str
    promise: str
    command: Sequence[str]
    make_side: Callable[[bool], Side]
    told: dict[str, str] = field(default_factory=dict)
    folder: Path = PEERS

    @contextmanager
    def running(self, folder: Path, lines: int) -> Iterator[RunningPeer]:
        """Start a Valkey and two processes; end them afterwards."""
        with ExitStack() as held:
            with on_the_servers_core():
                valkey = EmbeddedValkey("relay", run=folder / "run", folder=None)
                held.callback(valkey.stop)
                valkey.start()
                valkey.wait_until_ready()
                ports = (free_port(), free_port())
                servers = [held.enter_context(self._process(port, valkey)) for port in ports]
                for port, server in zip(ports, servers, strict=True):
                    self._wait_for(port, server)
            assert valkey.process is not None
            yield RunningPeer(servers, [psutil.Process(valkey.process.pid)], ports, self.make_side)

    @contextmanager
    def _process(self, port: int, valkey: EmbeddedValkey) -> Iterator[psutil.Process]:
        url = urlsplit(valkey.url)
        store = json.dumps([url.username, url.password, unquote(url.path or url.netloc)])
        told = {"PATH": os.environ["PATH"], "REDIS_URL": valkey.url, "STORE": store, **self.told}
        process = subprocess.Popen([*self.command, str(port)], cwd=self.folder, env=told)
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _wait_for(self, port: int, server: psutil.Process) -> None:
        ends = time.monotonic() + STARTS_WITHIN_S
        while not _answers(port):
            if server.status() == psutil.STATUS_ZOMBIE or time.monotonic() > ends:
                raise RuntimeError(f"{self.name} does not start")
            time.sleep(0.02)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


def _uvicorn(app: str, python: str = str(PEERS_PYTHON)) -> list[str]:
    told = [part for option in _UVICORN.items() for part in option]
    return [python, "-m", "uvicorn", app, *told, "--no-access-log", "--port"]


_NOTHING = "published; nothing is kept"

FLOOR = PeerRow(
    "floor: Starlette, redis-py pub/sub",
    _NOTHING,
    _uvicorn("bench.relay.floor:app", sys.executable),
    PlainSide,
    folder=REPOSITORY,
)
PEER_ROWS = (
    PeerRow(
        "Node socket.io, Redis adapter",
        "handed over for publishing; nothing is kept",
        ["node", "socket_io.mjs"],
        SocketIoSide,
        {"ADAPTER": "channels", "NODE_ENV": "production"},
    ),
    PeerRow(
        "Node socket.io, streams adapter",
        "handed over for the stream, in memory; recovery for 2 minutes",
        ["node", "socket_io.mjs"],
        SocketIoSide,
        {"ADAPTER": "streams", "NODE_ENV": "production"},
    ),
    PeerRow(
        "python-socketio, Redis manager",
        _NOTHING,
        _uvicorn("python_socketio:app"),
        SocketIoSide,
    ),
    PeerRow(
        "Django Channels, pub/sub layer",
        _NOTHING,
        _uvicorn("channels_site:app"),
        PlainSide,
        {"LAYER": "pubsub"},
    ),
    PeerRow(
        "Django Channels, core layer",
        "in the group's lists; kept until read, 60 s at most",
        _uvicorn("channels_site:app"),
        PlainSide,
        {"LAYER": "core"},
    ),
)
