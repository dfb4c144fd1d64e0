"""Finds a port for a server that is about to start."""

from __future__ import annotations

import contextlib
import secrets
import socket
from typing import Final

_LISTENING: Final = range(20_000, 32_000)


def free_port() -> int:
    """A port nobody listens on at this moment, and none that the system gives to lines that go out: between this look
    and the server's start one of those would take it."""
    while True:
        port = _LISTENING[0] + secrets.randbelow(len(_LISTENING))
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as four, contextlib.suppress(OSError):
            four.bind(("127.0.0.1", port))
            return port
