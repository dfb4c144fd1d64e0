"""A machine with Docker Engine to be thrown away: Debian 13, on lines of its own without a way out.

What it stands on is made once and kept in `build/`: the machine's tree, and in place of the image that nobody here can
fetch a Debian 12 with Python 3.11 and the wheels of the lock, so that an image is built there without any network.
"""

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
from packaging.requirements import Requirement

from tests.support.server_process import REPOSITORY
from tests.support.throw_away import ThrowAway

MAKES = REPOSITORY / "tests" / "support" / "engine_machine_root.sh"
KEPT = REPOSITORY / "build" / "containers"
BASE = "docker.io/library/python:3.11-slim-bookworm"
COMPOSE = "docker compose --file docs/deploy/container/compose.yaml"
_MACHINE = (
    "docker.io,docker-cli,docker-compose,docker-buildx,iptables,iproute2,curl,ca-certificates,python3,procps,tini"
)
_BASE = "python3,python3-venv,python-is-python3,ca-certificates"
_SPACES = ("--mount", "--pid", "--ipc", "--uts", "--cgroup", "--net")
STARTS_WITHIN_S = 60.0


@dataclass
class EngineMachine(ThrowAway):
    """Such a machine."""

    def journal(self) -> str:
        """What the engine and its containers said."""
        shown = (
            "docker ps --all; tail -n 20 /var/log/dockerd.log; for each in $(docker ps -aq); do docker logs $each; done"
        )
        done = subprocess.run(
            ["nsenter", "-t", str(self.first), "-m", "-p", "-n", "bash", "-c", f"({shown}) 2>&1"],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout

    def takes(self, image: Path, name: str) -> None:
        """A file tree of this machine's, as an image there."""
        with subprocess.Popen(["tar", "-C", str(image), "-c", "."], stdout=subprocess.PIPE) as tree:
            subprocess.run(
                ["nsenter", "-t", str(self.first), "-m", "-p", "-n", "docker", "import", "-", name],
                stdin=tree.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )


def base_tree() -> Path:
    """Debian 12 with its Python and the wheels of the lock; made anew where the lock is another than last time."""
    tree = KEPT / "base"
    lock = (REPOSITORY / "requirements.lock").read_text("utf-8")
    stamp = KEPT / "base.lock"
    if stamp.exists() and stamp.read_text("utf-8") == lock:
        return tree
    shutil.rmtree(tree, ignore_errors=True)
    _made(tree, "bookworm", _BASE)
    (tree / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    (tree / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n", "ascii")
    wanted = KEPT / "wanted.lock"
    wanted.write_text(_wanted(lock), "utf-8")
    options = ("--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(wanted))
    subprocess.run([sys.executable, "-m", "pip", "download", *options, "--dest", str(tree / "wheels")], check=True)
    stamp.write_text(lock, "utf-8")
    return tree


def _wanted(lock: str) -> str:
    """The lines of a lock that Debian 12's own Python asks for; it is not the one that runs the tests."""
    there = {"python_full_version": "3.11.2", "python_version": "3.11"}
    kept = []
    for line in lock.replace("\\\n", " ").splitlines():
        said, _, hashes = line.partition("--hash=")
        if not hashes:
            continue
        wish = Requirement(said.strip())
        if wish.marker is None or wish.marker.evaluate(there):
            kept.append(f"{said.partition(';')[0]} --hash={hashes}")
    return "\n".join(kept) + "\n"


def _made(tree: Path, suite: str, packages: str) -> None:
    said = subprocess.run(
        [
            "mmdebstrap",
            "--mode=root",
            "--variant=minbase",
            f"--include={packages}",
            "--dpkgopt=path-exclude=/usr/share/doc/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            suite,
            str(tree),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        shutil.rmtree(tree, ignore_errors=True)
        pytest.skip(f"Debian's {suite} cannot be had here: {said.stderr.strip()[-300:]}")


@contextmanager
def engine_machine(folder: Path) -> Iterator[EngineMachine]:
    """Such a machine until the block ends. Skips the test, with the reason, where nobody can make one."""
    needs = ("unshare", "nsenter", "pivot_root", "ip", "mmdebstrap")
    if os.geteuid() != 0 or not all(map(shutil.which, needs)):
        pytest.skip("only root, with util-linux, iproute2 and mmdebstrap, can make a machine with a container engine")
    KEPT.mkdir(parents=True, exist_ok=True)
    if not (KEPT / "machine" / "usr" / "sbin" / "dockerd").exists():
        shutil.rmtree(KEPT / "machine", ignore_errors=True)
        _made(KEPT / "machine", "trixie", _MACHINE)
    image = base_tree()
    told = ["bash", str(MAKES), str(folder), str(KEPT / "machine"), str(REPOSITORY)]
    process = subprocess.Popen(
        ["unshare", *_SPACES, "--fork", "--kill-child", "--propagation", "private", *told],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        machine = EngineMachine(_first(process))
        machine.takes(image, BASE)
        yield machine
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
            pytest.skip(f"no container engine can be started here: {said.strip()[-300:]}")
        for child in psutil.Process(process.pid).children():
            asked = ["nsenter", "-t", str(child.pid), "-m", "-p", "-n", "docker", "version"]
            if child.name() == "tini" and not subprocess.run(asked, capture_output=True, check=False).returncode:
                return int(child.pid)
        time.sleep(0.2)
    raise AssertionError("its engine did not come up")
