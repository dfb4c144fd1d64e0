"""Starts one real `server.py` in its own process and ends it again, with ways to hurt it in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import anyio
import httpx
import psutil

from portal.store.embedded import EmbeddedValkey
from tests.support.egress.report import hold_in, watched
from tests.support.ports import free_port
from tests.support.valkey_pair import started_pair
from tests.support.web import HERE

if TYPE_CHECKING:
    from tests.support.elsewhere import Elsewhere  # which needs a port, as this file does

REPOSITORY = Path(__file__).resolve().parents[2]
START_LIMIT_S = 90.0
STOP_LIMIT_S = 10.0


class HouseDidNotStart(Exception):
    """The server ended or stayed silent; the message holds what it printed."""


@dataclass
class House:
    """One running `server.py`: its addresses, its folders, what it printed, and ways to hurt it."""

    root: Path
    settings: dict[str, str] = field(default_factory=dict)
    name: str = "first"
    process: subprocess.Popen[bytes] | None = None
    started_in_s: float = 0.0
    joined: list[House] = field(default_factory=list)
    program: tuple[str, ...] = (str(REPOSITORY / "server.py"),)
    # With `shared`, the Valkeys are started beside the server and not by it, so that a second server can join them.
    shared: bool = False
    valkeys: dict[str, EmbeddedValkey] = field(default_factory=dict)
    # The stores that run elsewhere, in place of all that (tests/support/elsewhere.py).
    elsewhere: Elsewhere | None = None
    # Start tokens of talk pages that were opened earlier, by language, each with the moment it was.
    start_tokens: dict[str, deque[tuple[float, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = free_port()
        self.desk_port = free_port()
        self.data = self.root / "data"
        self.keys = self.root / "keys"
        self.temporary = self.root / "temporary"
        self.logs = self.root / "logs"
        for folder in (self.temporary, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    # Addresses

    @property
    def public(self) -> str:
        """The public origin, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def desk(self) -> str:
        """The desk's own origin, without a slash at its end."""
        return f"http://localhost:{self.desk_port}"

    @property
    def public_line(self) -> str:
        """The visitors' websocket."""
        return f"ws://127.0.0.1:{self.port}/line/talk"

    @property
    def desk_line(self) -> str:
        return f"ws://localhost:{self.desk_port}/line/desk"

    @property
    def database(self) -> Path:
        """The file of rows."""
        return self.data / "porchlight.db"

    @property
    def pid(self) -> int:
        assert self.process is not None, "the house is not running"
        return self.process.pid

    def setup_code(self) -> str:
        """The one-time code that the first start keeps beside the database."""
        return (self.data / "setup-code").read_text("utf-8").strip()

    # Start and stop

    def environment(self) -> dict[str, str]:
        """What the server is told: nothing of this machine's own environment but the path and the words' encoding."""
        from tests.support.elsewhere import for_a_house

        self.elsewhere = self.elsewhere or for_a_house(self)
        told = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "HOME") if name in os.environ}
        told |= {
            "PYTHONUNBUFFERED": "1",
            "PORCHLIGHT_SECOND_PROOF": "nobody",
            "PYTHONWARNINGS": "default",
            "TMPDIR": str(self.temporary),
            "PORCHLIGHT_DATA_DIR": str(self.data),
            "PORCHLIGHT_KEYS_DIR": str(self.keys),
            "PORCHLIGHT_PORT": str(self.port),
            "PORCHLIGHT_DESK_PORT": str(self.desk_port),
        }
        # A bench measures the server; a test has it watched.
        return (
            told
            | (watched(self.logs / "egress") if "PYTEST_VERSION" in os.environ else {})
            | (self.elsewhere.told if self.elsewhere else {})
            | self.settings
        )

    def launch(self) -> None:
        """Starts the process and returns at once; `start` and `start_async` wait until it answers."""
        told = self.environment()
        if self.shared and not self.valkeys and not self.elsewhere:
            self.valkeys = started_pair(self.data)
            self.settings |= {"REDIS_URL": self.valkeys["durable"].url, "EMBER_URL": self.valkeys["ember"].url}
            told = self.environment()
        began = time.monotonic()
        with (self.logs / f"{self.name}.out").open("ab") as out, (self.logs / f"{self.name}.err").open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, *self.program],
                cwd=REPOSITORY,
                env=told,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                # A group and not a session of its own: Linux shares a processor out among sessions first, and a store
                # that is nearly idle in one waits a tenth of a second behind what is busy in another. On a machine that
                # runs the house as a service there is no second session.
                process_group=0,
            )
        self._began = began

    def start(self) -> Self:
        """Starts the server and returns when `/health/live` answers; raises `HouseDidNotStart` otherwise."""
        self.launch()
        while not self._answers():
            time.sleep(0.02)
        return self

    async def start_async(self) -> Self:
        """The same for a test that has an event loop of its own."""
        self.launch()
        while not self._answers():  # noqa: ASYNC110 - another process has no event to wait for
            await anyio.sleep(0.02)
        return self

    def _answers(self) -> bool:
        assert self.process is not None
        waited = time.monotonic() - self._began
        if self.process.poll() is not None:
            raise HouseDidNotStart(f"ended with {self.process.returncode} after {waited:.1f} s:\n{self.printed()}")
        if waited > START_LIMIT_S:
            printed = self.printed()
            self.stop()
            raise HouseDidNotStart(f"no answer after {waited:.1f} s:\n{printed}")
        if not (self.is_live(self.public) and self.is_live(self.desk)):
            return False
        self.started_in_s = time.monotonic() - self._began
        if self.elsewhere:
            self.elsewhere.is_used_by(self)
        return True

    def is_live(self, origin: str | None = None) -> bool:
        """True when the process answers at all; says nothing about its stores."""
        try:
            answer = httpx.get(f"{origin or self.public}/health/live", timeout=2, **HERE)
        except httpx.TransportError:
            return False
        return answer.status_code < 500

    def stop(self) -> None:
        """Ends the server kindly, then firmly; every child it started is gone afterwards."""
        for other in self.joined:
            other.stop()
        self.joined.clear()
        if self.process is not None:
            self._stop_server(self.process)
        for valkey in self.valkeys.values():
            valkey.stop()
        self.valkeys = {}
        hold_in(self.logs / "egress")

    def gives_back(self) -> None:
        """Stopped for good: stores of its own that run elsewhere end as well."""
        self.stop()
        if self.elsewhere:
            self.elsewhere.ends()

    def _stop_server(self, process: subprocess.Popen[bytes]) -> None:
        family = self.family()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_LIMIT_S)
        _, alive = psutil.wait_procs(family, timeout=STOP_LIMIT_S)
        for child in alive:
            child.kill()
        self.process = None

    def restart(self) -> Self:
        """Stops and starts again on the same folders and ports."""
        self.stop()
        return self.start()

    # A second server on the same stores

    def second(self) -> House:
        """Another server on the same database and the same Valkeys, not yet started, with ports of its own."""
        assert self.shared, "only a shared house can be joined: running_house(folder, shared=True)"
        name = f"server-{len(self.joined) + 2}"
        other = House(self.root, dict(self.settings), name, program=self.program, elsewhere=self.elsewhere)
        self.joined.append(other)
        return other

    def join(self) -> House:
        """Starts another server process that shares everything but the ports."""
        return self.second().start()

    async def join_async(self) -> House:
        """The same for a test that has an event loop of its own."""
        return await self.second().start_async()

    def valkey_url(self, which: str) -> str:
        """The address of the Valkey called `durable` or `ember`; only a shared house tells it."""
        return self.valkeys[which].url

    # Its processes

    def family(self) -> list[psutil.Process]:
        """Every living process under the server."""
        if self.process is None:
            return []
        try:
            return list(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def valkey(self, which: str) -> psutil.Process:
        """The process of the Valkey called `durable` or `ember`."""
        shared = self.valkeys.get(which)
        if shared is not None and shared.process is not None:
            return psutil.Process(shared.process.pid)
        for child in self.family():
            line = " ".join(child.cmdline())
            if "valkey-server" in line and f"{which}." in line:
                return child
        raise LookupError(f"no {which} Valkey under {self.pid}")

    def revive(self, which: str) -> None:
        """Starts a killed Valkey of a shared house again; a house of its own does that by itself."""
        valkey = self.valkeys[which]
        if valkey.process is not None:
            valkey.process.wait(STOP_LIMIT_S)
        valkey.start()
        valkey.wait_until_ready()

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        return [child for child in self.family() if "server.py" in " ".join(child.cmdline())]

    @staticmethod
    def kill(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends one process by its number; by default in the way that leaves it no time."""
        os.kill(pid, how)

    def printed(self) -> str:
        """Everything this server wrote to its two streams."""
        return "".join(
            (self.logs / f"{self.name}.{end}").read_text("utf-8", "replace")
            for end in ("out", "err")
            if (self.logs / f"{self.name}.{end}").exists()
        )
