"""A TLS connection that two threads may use: the library reads a line in one and writes it in another.

OpenSSL promises that for no connection, and Python takes care of it from 3.13 on. Before, with four threads that open
lines through nginx, the first words of 5 in 1,200 were never sent, and the proxy hung up after its 15 seconds.
"""

from __future__ import annotations

import select
import ssl
import threading
from typing import Any


class OneThreadAtATime(ssl.SSLSocket):
    """Waits outside of OpenSSL, and is in it with one thread only."""

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """What came, as soon as something is there. Raises TimeoutError, and OSError where it is closed."""
        return bytes(self._in_turn(lambda: super(OneThreadAtATime, self).recv(buflen, flags)))

    def sendall(self, data: Any, flags: int = 0) -> None:
        """All of it."""
        left = memoryview(data)
        while left:
            left = left[self._in_turn(lambda left=left: super(OneThreadAtATime, self).send(left, flags)) :]

    def _in_turn(self, act: Any) -> Any:
        turn = self.__dict__.setdefault("turn", threading.Lock())
        while True:
            with turn:
                patience = self.gettimeout()
                self.settimeout(0)
                try:
                    return act()
                except ssl.SSLWantReadError:
                    wanted = select.POLLIN
                except ssl.SSLWantWriteError:
                    wanted = select.POLLOUT
                finally:
                    if self.fileno() >= 0:
                        self.settimeout(patience)
            self._wait(wanted, patience)

    def _wait(self, wanted: int, patience: float | None) -> None:
        if self.fileno() < 0:
            raise OSError("closed")
        waiting = select.poll()
        waiting.register(self.fileno(), wanted)
        if not waiting.poll(None if patience is None else patience * 1000):
            raise TimeoutError


def context() -> ssl.SSLContext:
    """The usual one, whose connections are such."""
    made = ssl.create_default_context()
    made.sslsocket_class = OneThreadAtATime
    return made
