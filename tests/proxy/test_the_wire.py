"""Records what passes between a person and the proxy, and looks in it for what she wrote, read and asked for."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.proxy.asking import WORDS
from tests.proxy.conftest import Behind
from tests.support import tls_line
from tests.support.chromium import AGENT
from tests.support.proxies import SITE
from tests.support.spoken import SUBPROTOCOL

# What nobody on the way may read: words, the page, the browser, and what a page of ours begins with.
SOUGHT = {
    "words": WORDS,
    "in a form": WORDS.replace(" ", "+"),
    "page": "/en/note",
    "agent": AGENT,
    "answer": "<!doctype",
}


class Wire:
    """A listener on the way: hands every byte on, both ways, and keeps it."""

    def __init__(self, port: int) -> None:
        self.seen = bytearray()
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._door.getsockname()[1]
        Thread(target=self._takes, daemon=True).start()

    def found(self) -> set[str]:
        """Which of what is sought stands in it."""
        return {name for name, text in SOUGHT.items() if text.encode() in bytes(self.seen)}

    def close(self) -> None:
        """Nobody comes any more, and nothing goes on."""
        self._door.close()
        for each in self._open:
            each.close()

    def _takes(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to), 30)
                self._open += (near, far)
                for one, other in ((near, far), (far, near)):
                    Thread(target=self._hands_on, args=(one, other), daemon=True).start()

    def _hands_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65_536):
                self.seen += piece
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.close()


def writes(line: socket.socket, host: str) -> bytes:
    """A note is sent by a form; what is answered, to its end."""
    body = f"words={SOUGHT['in a form']}"
    asked = (
        f"GET /en/note HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\n\r\n",
        f"POST /en/note HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}",
    )
    heard = b""
    for each, ends in zip(asked, (b"</html>", b"303 See Other"), strict=True):
        line.sendall(each.encode())
        while ends not in heard:
            piece = line.recv(65_536)
            assert piece, heard[:200]
            heard += piece
    return heard


def test_who_listens_on_the_way_reads_no_word_no_page_and_no_browser(behind: Behind) -> None:
    context = tls_line.context()
    with wire_to(behind.proxy.port) as wire:
        plain = socket.create_connection(("127.0.0.1", wire.port), 30)
        with context.wrap_socket(plain, server_hostname=SITE) as line:
            assert line.version() == "TLSv1.3"
            assert b"<!doctype" in writes(line, f"{SITE}:{behind.proxy.port}")
        said = socket.create_connection(("127.0.0.1", wire.port), 30)
        with (
            said,
            connect(
                behind.house.public_line,
                sock=said,
                ssl=context,
                server_hostname=SITE,
                origin=Origin(behind.house.public),
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                user_agent_header=AGENT,
                close_timeout=2,
                proxy=None,
            ) as talk,
        ):
            # No frame of the line: it is refused. Its words went over the wire all the same.
            talk.send(WORDS)
            with suppress(ConnectionClosed, TimeoutError):
                talk.recv(timeout=5)
        assert len(wire.seen) > 4_000
        assert wire.found() == set()


def test_without_tls_the_same_listener_reads_all_of_it(behind: Behind) -> None:
    """The control: between the proxy and the house, on the machine itself."""
    direct = urlsplit(behind.house.direct)
    assert direct.port is not None
    with wire_to(direct.port) as wire, socket.create_connection(("127.0.0.1", wire.port), 30) as line:
        writes(line, direct.netloc)
        assert wire.found() == set(SOUGHT) - {"words"}, "a form writes them with plus signs"
