"""What each shipped proxy does with two servers of which one is away: who is asked, and what is never sent twice.

The servers are listeners here, so that what each of them was sent is known to the letter. With real ones behind them:
`tests/proxy/test_shipped_proxies.py`, and `make two-servers`.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from portal.staff.pages import setup
from portal.store.asking import WAIT_IN_ALL
from tests.proxy.asking import FORM, WORDS, ask
from tests.proxy.conftest import KINDS
from tests.support.deaths import until
from tests.support.ports import free_port
from tests.support.proxies import SHIPPED, Kind, Proxy, start_proxy, trusting

LOOK, SEND = ("GET", "/en/numbers"), ("POST", "/en/note")
# As both configurations say.
DIALS_S = 3.0
LOOKS_AGAIN_S = 1.0
WAITS_S = 15.0


@dataclass
class Server:
    """Two doors at which somebody listens, or nobody; what came is kept, but for the proxy's own questions."""

    port: int = field(default_factory=free_port)
    desk_port: int = field(default_factory=free_port)
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    is_silent: bool = False
    thinks_s: float = 0.0
    _open: list[ThreadingHTTPServer] = field(default_factory=list)

    def opens(self) -> None:
        for port in (self.port, self.desk_port):
            listener = ThreadingHTTPServer(("127.0.0.1", port), _listening(self))
            Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
            self._open.append(listener)

    def closes(self) -> None:
        for listener in self._open:
            listener.shutdown()
            listener.server_close()
        self._open.clear()


def _listening(server: Server) -> type[BaseHTTPRequestHandler]:
    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/health/live":
                return self._says(b"live")
            server.heard.append((self.command, body))
            # Read, and then the line is cut: nobody knows what became of it.
            return None if server.is_silent else self._says(str(server.port).encode())

        def do_POST(self) -> None:
            time.sleep(server.thinks_s)
            self.do_GET()

        def _says(self, words: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            with suppress(OSError):  # the proxy has stopped waiting
                self.wfile.write(words)

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    return Listening


@dataclass
class Pair:
    """One proxy and its two servers."""

    proxy: Proxy
    first: Server
    second: Server

    def asked(self, wish: tuple[str, str], count: int = 4) -> set[str]:
        """Who answered so many times: a server's port, a status, or where a form was led."""
        return {self._once(*wish) for _ in range(count)}

    def _once(self, method: str, path: str) -> str:
        body = {"content": f"words={WORDS}", "headers": FORM} if method == "POST" else {}
        answer = ask(self.proxy.site + path, method, **body)
        return answer.text if answer.status_code == 200 else answer.headers.get("location", str(answer.status_code))

    def words_sent(self) -> int:
        """How often the whole form came to either."""
        return sum(WORDS.encode() in body for each in (self.first, self.second) for _, body in each.heard)


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    kind: Kind = request.param
    folder = tmp_path_factory.mktemp(kind[0])
    (folder / "pages").mkdir()
    with ExitStack() as stack:
        first, second = Server(), Server()
        for each in (first, second):
            stack.callback(each.closes)
        proxy = start_proxy(kind, folder, [first, second], free_port(), "https://neutral.example/")
        stack.callback(proxy.stop)
        stack.enter_context(trusting(folder / "fullchain.pem"))
        yield Pair(proxy, first, second)


@contextmanager
def both_there(pair: Pair) -> Iterator[str]:
    """Both listen, and the proxy has just begun; the name of the first."""
    servers = (pair.first, pair.second)
    for each in servers:
        each.closes()
        each.opens()
    pair.proxy.knows(*servers)
    seen: set[str] = set()
    ends = time.monotonic() + 30
    while seen != {str(each.port) for each in servers}:
        assert time.monotonic() < ends, seen
        time.sleep(0.05)
        seen |= pair.asked(LOOK, 1)
    for each in servers:
        each.heard.clear()
    try:
        yield str(pair.first.port)
    finally:
        pair.second.is_silent = False
        pair.first.thinks_s = pair.second.thinks_s = 0.0


def test_a_set_up_is_waited_for_as_long_as_it_waits_for_its_stores_and_nothing_else_is(pair: Pair) -> None:
    """Its answer leads to three sheets that are shown once; whoever sent anything else is not left before a page."""
    with both_there(pair), ThreadPoolExecutor(2) as hands:
        pair.first.thinks_s = pair.second.thinks_s = WAITS_S + 2
        set_up, note = (
            hands.submit(ask, place, "POST", content=f"words={WORDS}", headers=FORM)
            for place in (pair.proxy.desk + "/desk/setup", pair.proxy.site + "/en/note")
        )
        assert set_up.result().text in {str(each.port) for each in (pair.first, pair.second)}
        assert "/wait/" in note.result().headers["location"]
        until(lambda: pair.words_sent() == 2, within=WAITS_S)  # both have been read: nobody is left at a closed door
    written = (SHIPPED / ("nginx.conf" if pair.proxy.kind == "nginx" else "Caddyfile")).read_text("utf-8")
    assert re.findall(r"setup \{[^}]*timeout (\d+)s", written) == ["75"]
    assert setup.WAITS_S + setup.MORE_S + WAIT_IN_ALL < 75


def test_where_one_is_away_everybody_is_sent_to_the_other(pair: Pair) -> None:
    with both_there(pair) as first:
        pair.second.closes()
        if pair.proxy.kind == "caddy":
            # Debian's version does not send a form on whole that met a closed door. By now it has looked for itself.
            assert pair.asked(LOOK) == {first}
            time.sleep(LOOKS_AGAIN_S + 0.5)
        assert pair.asked(SEND, 10) == {first}
        assert pair.asked(LOOK, 10) == {first}
        assert pair.words_sent() == 10


def test_a_form_that_one_may_have_read_is_never_sent_to_the_other(pair: Pair) -> None:
    with both_there(pair) as first:
        pair.second.is_silent = True
        found = pair.asked(SEND, 10)
        # Whoever was not answered is led to the page with the phone line.
        assert {each.removesuffix("index") for each in found} == {first, "/wait/en/"}
        assert pair.words_sent() == 10
        assert pair.asked(LOOK) == {first}


def test_who_is_back_is_asked_at_once_though_both_were_away(pair: Pair) -> None:
    with both_there(pair) as first:
        for each in (pair.first, pair.second):
            each.closes()
        assert first not in pair.asked(LOOK, 1)
        pair.first.opens()
        assert pair.asked(LOOK, 3) == {first}
        assert pair.asked(SEND, 3) == {first}


@pytest.mark.long
def test_a_machine_without_power_is_waited_for_once(pair: Pair) -> None:
    """Nothing comes back from it, not even a refusal: a door whose queue is full is like that."""
    with both_there(pair) as first, ExitStack() as stack:
        pair.second.closes()
        for port in (pair.second.port, pair.second.desk_port):
            door = stack.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
            for _ in range(4):
                line = stack.enter_context(socket.socket())
                line.setblocking(False)
                line.connect_ex(door.getsockname())
        began = time.monotonic()
        assert pair.asked(LOOK, 10) == {first}
        assert time.monotonic() - began < 2 * DIALS_S
        assert pair.asked(SEND, 5) == {first}
