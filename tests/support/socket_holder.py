"""Holds a house's two doors as systemd does: they stay open while what serves behind them is started anew.

Run as the program of a `House`: SIGHUP starts the house anew on the same sockets, SIGTERM ends it. What the house says
on its notify socket is written, a line each, into `notified` in its folder of temporary files.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

REPOSITORY = Path(__file__).resolve().parents[2]
FIRST = 3


def main() -> int:
    """Until SIGTERM; 0."""
    folder = Path(os.environ["TMPDIR"])
    doors = [_door(int(os.environ[name])) for name in ("PORCHLIGHT_PORT", "PORCHLIGHT_DESK_PORT")]
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(str(folder / "notify"))
    wanted = {signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    heard.setblocking(False)
    while True:
        pid = _house(doors, folder)
        asked = _until_asked(wanted, heard, folder)
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        if asked == signal.SIGTERM:
            return 0


def _door(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port), backlog=2048)


def _house(doors: list[socket.socket], folder: Path) -> int:
    pid = os.fork()
    if not pid:
        _become_it(doors, folder)
    return pid


def _become_it(doors: list[socket.socket], folder: Path) -> NoReturn:
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # First out of the way of the numbers they are handed over under.
    for place, each in enumerate([os.dup2(door.fileno(), 60 + place) for place, door in enumerate(doors)]):
        os.dup2(each, FIRST + place)
        os.set_inheritable(FIRST + place, True)
    os.closerange(FIRST + len(doors), 128)
    told = {"LISTEN_FDS": str(len(doors)), "LISTEN_PID": str(os.getpid()), "NOTIFY_SOCKET": str(folder / "notify")}
    os.execve(sys.executable, [sys.executable, str(REPOSITORY / "server.py")], {**os.environ, **told})  # noqa: S606


def _until_asked(wanted: set[signal.Signals], heard: socket.socket, folder: Path) -> signal.Signals:
    while True:
        asked = signal.Signals(signal.sigwait(wanted))
        while True:
            try:
                said = heard.recv(256)
            except BlockingIOError:
                break
            with (folder / "notified").open("ab") as out:
                out.write(said + b"\n")
        if asked in (signal.SIGTERM, signal.SIGHUP):
            return asked


if __name__ == "__main__":
    sys.exit(main())
