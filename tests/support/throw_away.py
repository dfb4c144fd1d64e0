"""A machine to be thrown away: this one's file tree, written to in memory alone, under a systemd of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.support.server_process import REPOSITORY

MAKES = REPOSITORY / "tests" / "support" / "throw_away_root.sh"
SOURCE = "/srv/porchlight"
_SPACES = ("--mount", "--pid", "--ipc", "--uts", "--cgroup", "--net")
STARTS_WITHIN_S = 60.0
# Installing is done by this machine's own lines; everything else has none but its own.
_NEEDS_THE_NETWORK = ("apt-get ", "/pip install")


@dataclass
class ThrowAway:
    """Such a machine, by its process 1 as this one sees it."""

    first: int

    def runs(self, commands: str, *, seconds: float = 600, networked: bool = False, typed: str = "") -> str:
        """What a block of commands said, run as its root in the folder Porchlight was unpacked into.

        A line after the other, and nothing after one that failed; `typed` answers what they ask. Fails with what was
        printed.
        """
        spaces = ["-m", "-p", "-i", "-u", "-C", *([] if networked else ["-n"])]
        done = subprocess.run(
            ["nsenter", "-t", str(self.first), *spaces, "bash", "-euc", f"cd {SOURCE}\n{commands}"],
            input=typed,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
            | {name: value for name, value in os.environ.items() if name.startswith("PIP_")},
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}\n{self.journal()}"
        return done.stdout

    def types(self, commands: tuple[str, ...], *, typed: str = "") -> str:
        """A block of a guide, as somebody types it: each line by the lines to the outside that it needs."""
        said = ""
        for line in commands:
            said += self.runs(line, networked=any(word in line for word in _NEEDS_THE_NETWORK), typed=typed)
        return said

    def on_its_lines(self, module: str, *told: str) -> str:
        """What a module of the tests printed, run with this machine's programs on that machine's lines."""
        return subprocess.run(
            ["nsenter", "-t", str(self.first), "-n", sys.executable, "-m", module, *told],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def journal(self) -> str:
        """Everything its services said."""
        return subprocess.run(
            [
                "nsenter",
                "-t",
                str(self.first),
                "-m",
                "-p",
                "journalctl",
                "--no-pager",
                "--output=cat",
                "_TRANSPORT=stdout",
            ],
            capture_output=True,
            text=True,
            check=False,
        ).stdout


@contextmanager
def thrown_away(folder: Path) -> Iterator[ThrowAway]:
    """Such a machine until the block ends. Skips the test, with the reason, where this one lets nobody make it."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "nsenter", "pivot_root", "ip"))):
        pytest.skip("only root, with util-linux and iproute2, can make a machine to be thrown away")
    if not Path("/lib/systemd/systemd").exists():
        pytest.skip("systemd is not installed on this machine")
    process = subprocess.Popen(
        [
            "unshare",
            *_SPACES,
            "--fork",
            "--kill-child",
            "--propagation",
            "private",
            "bash",
            str(MAKES),
            str(folder),
            str(REPOSITORY),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        yield ThrowAway(_first(process))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stderr:
            process.stderr.close()


def _first(process: subprocess.Popen[bytes]) -> int:
    ends = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < ends:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            pytest.skip(f"this machine lets nobody make another one in it: {said.strip()[-300:]}")
        children = psutil.Process(process.pid).children()
        if children and children[0].name() == "systemd":
            asked = ["nsenter", "-t", str(children[0].pid), "-m", "-p", "-C", "systemctl", "is-system-running"]
            said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
            if said in ("running", "degraded"):
                return int(children[0].pid)
        time.sleep(0.2)
    raise AssertionError("its systemd did not come up")
