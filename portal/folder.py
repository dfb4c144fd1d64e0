"""Claims the data folder for one server, so that two never write into the same files."""

import fcntl
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

# What a fresh house is set up with, once (portal.staff.keys.setup).
CODE_FILE: Final = "setup-code"


class FolderTaken(Exception):
    """The folder cannot be ours. The text is a sentence for the person at the terminal."""


def make_folder(path: Path) -> None:
    """Make ``path`` for our account alone. Raises ``FolderTaken`` when that cannot be."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise FolderTaken(f"The folder {path} cannot be used ({error.strerror}).") from None


def claim(data_dir: Path) -> int:
    """Lock the folder for this process and return the descriptor that holds the lock.

    The kernel lets go of it when the process ends, however it ends. Raises ``FolderTaken``.
    """
    run = data_dir / "run"
    make_folder(run)
    lock = os.open(run / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise FolderTaken(
            f"Porchlight already runs on the folder {data_dir}; end it first, or join it by REDIS_URL and EMBER_URL "
            f"(their addresses are in {run})."
        ) from None
    return lock


def serve_on(data_dir: Path, *, alone: bool = False) -> int:
    """Say that this process serves what lies in the folder, or, `alone`, that nobody may while it changes all of it.

    A server that joins others does not claim the folder, and is not to be found serving what a restore is replacing.
    Returns the descriptor that holds the lock. Raises ``FolderTaken``.
    """
    run = data_dir / "run"
    make_folder(run)
    lock = os.open(run / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise FolderTaken(
            f"A server still serves what lies in {data_dir}; end it first."
            if alone
            else f"A command is putting another house into {data_dir}; wait for its end."
        ) from None
    return lock


@contextmanager
def alone(data_dir: Path) -> Iterator[int]:
    """For a command that changes the whole house: neither its own server runs, nor one that joined others."""
    lock = claim(data_dir)
    try:
        serving = serve_on(data_dir, alone=True)
        try:
            yield lock
        finally:
            os.close(serving)
    finally:
        os.close(lock)


def milliseconds_to_disk(folder: Path, tries: int = 5) -> float:
    """How long one small write takes to be on this disk, in milliseconds: what every acknowledgement waits for."""
    path = folder / ".to-disk"
    took: list[float] = []
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        for _ in range(tries):
            os.write(descriptor, bytes(4096))
            began = time.perf_counter()
            os.fsync(descriptor)
            took.append(time.perf_counter() - began)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
    return statistics.median(took) * 1000
