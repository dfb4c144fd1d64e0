"""Watches a Python process from its first line: whatever would leave this machine is told, and refused.

A server that a test starts has this folder on its PYTHONPATH, where Python looks for a module of this name before it
runs anything else; the test process itself is watched by the same code (`tests.support.egress_guard`). Python tells of
every socket that is connected or written to, whichever library does it, in whichever thread. The one way round it is
uvloop, which connects without Python: its two doors are watched here by name.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import sys
from collections.abc import Callable
from typing import Any

REPORT = "EGRESS_REPORT"
_SENT = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_NAMED = {"socket.getaddrinfo", "socket.gethostbyname"}


class LeftTheMachine(PermissionError):
    """A connection that is not loopback."""


def watch(tell: Callable[[str], None]) -> None:
    """Tell of everything that would leave this machine, and let none of it go. There is no way to stop watching."""

    def refuse(event: str, host: object) -> None:
        tell(f"{event} {host}")
        raise LeftTheMachine(f"a connection left this machine: {event} {host}")

    def hook(event: str, told: tuple[Any, ...]) -> None:
        if event in _SENT:
            if len(told) > 1 and isinstance(told[1], tuple) and leads_out(told[1][0]):
                refuse(event, told[1][0])
        elif event in _NAMED and leads_out(told[0]) and not _is_number(told[0]):
            refuse(event, told[0])
        elif event == "socket.gethostbyaddr" and leads_out(told[0]):
            refuse(event, told[0])  # whose number it is, a name server is asked

    sys.addaudithook(hook)
    with contextlib.suppress(ImportError):
        _watch_uvloop(refuse)


def leads_out(host: object) -> bool:
    """Whether `host` is another machine: no path of a socket, no number of the kernel's, no name of this one."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str) or host in ("", "localhost", os.uname().nodename):
        return False
    with contextlib.suppress(ValueError):
        found = ipaddress.ip_address(host.split("%")[0])
        return not (found.is_loopback or found.is_unspecified)
    return True


def _is_number(host: object) -> bool:
    # Reading a number as a number asks nobody; what is then done with it is seen when it is done.
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(str(host).split("%")[0]))
    return False


def _watch_uvloop(refuse: Callable[[str, object], None]) -> None:
    import uvloop

    connect, resolve = uvloop.Loop.create_connection, uvloop.Loop.getaddrinfo

    async def create_connection(self: Any, protocol: Any, host: Any = None, port: Any = None, **told: Any) -> Any:
        if leads_out(host):
            refuse("uvloop.create_connection", host)
        return await connect(self, protocol, host, port, **told)

    async def getaddrinfo(self: Any, host: Any, port: Any, **told: Any) -> Any:
        if leads_out(host) and not _is_number(host):
            refuse("uvloop.getaddrinfo", host)
        return await resolve(self, host, port, **told)

    uvloop.Loop.create_connection = create_connection  # type: ignore[method-assign,assignment]
    uvloop.Loop.getaddrinfo = getaddrinfo  # type: ignore[method-assign]


def _write_down(line: str) -> None:
    descriptor = os.open(os.environ[REPORT], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w") as report:
        report.write(f"{line}\n")


if REPORT in os.environ:
    watch(_write_down)
