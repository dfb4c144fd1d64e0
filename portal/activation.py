"""Takes the sockets that systemd holds for the house across a restart, and tells it when the house answers.

Who comes while the house is started anew waits in the queue of a socket that is never closed, and is refused nothing.
The two protocols are those of sd_listen_fds(3) and sd_notify(3); nothing of systemd is needed to speak them.
"""

import contextlib
import os
import socket
from collections.abc import Mapping

from portal.listening import CannotListen

FIRST = 3  # Descriptors 0 to 2 are a process's own; what is handed over begins behind them.
MOST = 16


def handed_over(told: Mapping[str, str], *, site: int, desk: int) -> list[socket.socket]:
    """The listening sockets that whoever started this process holds for it; none where it was told of none.

    `told` is the environment, `site` and `desk` are the ports of the two faces: the port says which face answers, so a
    socket on another port, or a face without one, would be a door that leads nowhere. Raises ``CannotListen``.
    """
    if told.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = told.get("LISTEN_FDS", "")
    if not count.isdecimal() or not 0 < int(count) <= MOST:
        raise CannotListen(f"systemd hands over LISTEN_FDS={count!r}, which is no number of sockets.")
    taken = [_listening(FIRST + place) for place in range(int(count))]
    ports = {each.getsockname()[1] for each in taken}
    if ports != {site, desk}:
        named = ", ".join(map(str, sorted(ports)))
        raise CannotListen(
            f"The socket unit listens on {named}; it has to be {site} and {desk}, as PORCHLIGHT_PORT and "
            "PORCHLIGHT_DESK_PORT say."
        )
    return taken


def _listening(descriptor: int) -> socket.socket:
    os.set_inheritable(descriptor, False)
    taken = socket.socket(fileno=descriptor)
    is_line = taken.family in (socket.AF_INET, socket.AF_INET6) and taken.type == socket.SOCK_STREAM
    if not is_line or not taken.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        raise CannotListen("The socket unit may hold nothing but ListenStream= lines with a port.")
    taken.setblocking(False)
    return taken


def tell(told: Mapping[str, str], what: str) -> None:
    """Say something to whoever started us (``READY=1``); to nobody where nobody asked. Never fails."""
    address = told.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        line.sendall(what.encode())
