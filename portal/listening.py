"""Binds the listening sockets, once, before the workers are forked."""

import errno
import socket
import time
from collections.abc import Sequence

from portal.settings import Settings

BACKLOG = 2048
# Workers of a server that was just killed let go of the port within two seconds.
EARLIER_ENDS_WITHIN = 3.0
TRY_EVERY = 0.05


class CannotListen(Exception):
    """The address cannot be had. The text is a sentence for the person at the terminal."""


class PortTaken(CannotListen):
    """Somebody else listens there."""


def listen(host: str, port: int) -> list[socket.socket]:
    """A listening socket for every address ``host`` stands for (``localhost`` is often two).

    A port that is taken is tried for three seconds. Raises ``CannotListen``.
    """
    ends = time.monotonic() + EARLIER_ENDS_WITHIN
    while True:
        try:
            return _listen(host, port)
        except PortTaken:
            if time.monotonic() > ends:
                raise
            time.sleep(TRY_EVERY)


def listen_all(settings: Settings, held: Sequence[socket.socket] = ()) -> list[socket.socket]:
    """The sockets of the site, of the desk and, where they are asked for, of the metrics. Raises ``CannotListen``.

    `held`: those of the site and the desk, where somebody holds them open for us (`portal.activation`).
    """
    places = [] if held else [(settings.host, settings.port), (settings.desk_host, settings.desk_port)]
    own = [each for place in (*places, *([settings.metrics] if settings.metrics else [])) for each in listen(*place)]
    return [*held, *own]


def _listen(host: str, port: int) -> list[socket.socket]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise CannotListen(f"There is no address called {host} on this machine.") from None
    sockets: list[socket.socket] = []
    refusal = ""
    for family, kind, protocol, _name, address in dict.fromkeys(found):
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
            listening.setblocking(False)
        except OSError as error:
            listening.close()
            refusal = error.strerror or type(error).__name__
            is_taken = error.errno == errno.EADDRINUSE
            # A machine without IPv6 still has its other loopback; a port that is taken is taken on both.
            if is_taken:
                _close(sockets)
                raise PortTaken(f"Port {port} is taken on {host}; end what uses it, or choose another.") from None
        else:
            sockets.append(listening)
    if not sockets:
        raise CannotListen(f"Port {port} on {host} cannot be used ({refusal}).")
    return sockets


def _close(sockets: list[socket.socket]) -> None:
    for each in sockets:
        each.close()
