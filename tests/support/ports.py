"""Finds a port for a server that is about to start."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections import deque
from typing import Final

# Each of several processes that tell has every eighth for itself, and gives none of its last few hundred again: a
# Cluster picks twelve before it starts the first, and one that was picked twice never comes up.
_EACH: Final = 8
_MINE: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw7").removeprefix("gw")) % _EACH
_LISTENING: Final = range(20_000 + _MINE, 32_000, _EACH)
_given: Final = deque[int](maxlen=600)


def free_port() -> int:
    """A port nobody listens on at this moment, and none that the system gives to lines that go out: between this look
    and the server's start one of those would take it."""
    while True:
        port = secrets.choice(_LISTENING)
        if port in _given:
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as four, contextlib.suppress(OSError):
            four.bind(("127.0.0.1", port))
            _given.append(port)
            return port
