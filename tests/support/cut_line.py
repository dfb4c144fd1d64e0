"""A line between a browser and the house that can be cut and mended, like a phone that goes through a tunnel."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

BLOCK = 65_536


@dataclass
class Line:
    """Passes bytes from its own port to the house's; `cut` drops everything at once and lets nobody in.

    `ear`, where a test gives one, is told every block and the end it came from. What begins with words that are
    `refused` is reset, as a box in between does with a socket it does not know.
    """

    to_port: int
    listener: socket.socket = field(init=False)
    is_cut: bool = False
    ear: Callable[[socket.socket, bytes], None] | None = None
    refused: bytes = b""
    refusals: int = 0
    ends: set[socket.socket] = field(default_factory=set)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def cut(self) -> None:
        """Every open connection breaks now, without a goodbye; new ones are reset."""
        with self.guard:
            self.is_cut = True
            ends, self.ends = self.ends, set()
        for end in ends:
            self._reset(end)

    def mend(self) -> None:
        """New connections pass again, whatever they carry; the broken ones stay broken."""
        self.is_cut = False
        self.refused = b""

    def close(self) -> None:
        """Ends the line for good."""
        self.cut()
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                self._reset(near)
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.to_port), timeout=5)
                far.settimeout(None)
            except OSError:
                self._reset(near)
                continue
            with self.guard:
                self.ends |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while block := one.recv(BLOCK):
                if self.refused and self.refused in block:
                    self.refusals += 1
                    self._reset(one)
                    self._reset(other)
                    break
                if self.ear is not None:
                    self.ear(one, block)
                other.sendall(block)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        finally:
            with self.guard:
                self.ends -= {one}
            # Each end is closed by the one thread that reads from it, so none is left for the collector to find.
            one.close()

    @staticmethod
    def _reset(end: socket.socket) -> None:
        with contextlib.suppress(OSError):
            # A reset, not a farewell: the other side learns nothing polite.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            end.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            end.close()


@contextlib.contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to the house's port for the length of a `with`."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
