"""Binds the listening sockets, once, before the workers are forked."""

import socket

BACKLOG = 2048


class CannotListen(Exception):
    """The address cannot be had. The text is a sentence for the person at the terminal."""


def listen(host: str, port: int) -> list[socket.socket]:
    """A listening socket for every address ``host`` stands for (``localhost`` is often two).

    Raises ``CannotListen`` when there is none, or when somebody else holds the port.
    """
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
            # A machine without IPv6 still has its other loopback; a port that is taken is taken on both.
            if "in use" in refusal:
                _close(sockets)
                raise CannotListen(f"Port {port} is taken on {host}; end what uses it, or choose another.") from None
        else:
            sockets.append(listening)
    if not sockets:
        raise CannotListen(f"Port {port} on {host} cannot be used ({refusal}).")
    return sockets


def _close(sockets: list[socket.socket]) -> None:
    for each in sockets:
        each.close()
