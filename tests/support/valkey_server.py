"""Starts one Valkey with files of its own on this machine: it can be killed, stopped for a while, and come back."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.lifeline import die_with_parent
from portal.store.binary import find_valkey
from tests.support.ports import free_port

STARTS_WITHIN_S = 20.0


class Server:
    """One server with files of its own; it can be killed, stopped for a while, and started again."""

    def __init__(self, folder: Path, told: dict[str, str], *, password: str = "", is_sentinel: bool = False) -> None:
        self.port = free_port()
        self.folder = folder / str(self.port)
        self.folder.mkdir(parents=True)
        self.password = password
        self.is_sentinel = is_sentinel
        self.process: subprocess.Popen[bytes] | None = None
        lines = {"port": str(self.port), "dir": str(self.folder), "logfile": str(self.folder / "log")} | told
        if password:
            lines |= {"requirepass": password} | ({} if is_sentinel else {"primaryauth": password})
        self._conf = self.folder / "conf"
        self._conf.write_text("".join(f"{name} {value}\n" for name, value in lines.items() if name[0] != "+"))
        with self._conf.open("a") as conf:
            conf.writelines(f"{value}\n" for name, value in told.items() if name[0] == "+")

    def is_told(self, line: str) -> None:
        """One more line in its file, before it is started."""
        with self._conf.open("a") as conf:
            conf.write(f"{line}\n")

    def start(self) -> None:
        """Start it, or start it again, and come back at once."""
        parent = os.getpid()
        self.process = subprocess.Popen(
            [find_valkey(), str(self._conf), *(["--sentinel"] if self.is_sentinel else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=lambda: die_with_parent(parent),
        )

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Kindly."""
        self._end(signal.SIGTERM)

    def stands_still(self) -> None:
        """It lives and does nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def asked(self, *command: str | int) -> Any:
        """What it answers; a new connection each time."""
        with self.client(decode_responses=True) as client:
            return client.execute_command(*command)

    def info(self, section: str) -> dict[str, Any]:
        """What it says of itself."""
        with self.client(decode_responses=True) as client:
            found: dict[str, Any] = client.info(section)
            return found

    def client(self, *, decode_responses: bool = False) -> Redis:
        """A line to it."""
        return Redis(
            port=self.port,
            password=self.password or None,
            decode_responses=decode_responses,
            socket_timeout=5,
            # Said as it comes: the library would ask again and again while a server reads its file.
            retry=Retry(NoBackoff(), 0),
        )

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(how)
        self.process.wait(STARTS_WITHIN_S)
        self.process = None


def until(claim: Callable[[], object], what: str, within: float = STARTS_WITHIN_S) -> None:
    """Ask until it is so; who does not answer yet is asked again."""
    ends = time.monotonic() + within
    while True:
        try:
            if claim():
                return
        except RedisError:
            pass
        assert time.monotonic() < ends, f"waited {within} s for {what}"
        time.sleep(0.02)
