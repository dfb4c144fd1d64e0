"""A tiny site on another loopback origin, where people land when they leave; it remembers what it was told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weather</title>
<link rel="icon" href="data:,"></head><body><h1>Weather</h1><p>Mild, with a little wind.</p></body></html>"""


@dataclass(frozen=True)
class Arrival:
    """One request as the neutral site saw it."""

    method: str
    target: str
    headers: dict[str, str]


@dataclass
class NeutralSite:
    """The running site: its address, who arrived, and a gate that can hold its answers."""

    port: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    pages: dict[str, bytes] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Another origin than ours; `localhost` and not `127.0.0.1`, as a real neutral host has another name."""
        return f"http://localhost:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/weather"

    def hold(self) -> None:
        """From now on requests wait: a slow or dead network."""
        self.gate.clear()

    def answer(self) -> None:
        """Requests are answered again."""
        self.gate.set()


@contextmanager
def neutral_site() -> Iterator[NeutralSite]:
    """The site for the length of a `with`."""
    site = NeutralSite()
    site.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.arrivals.append(Arrival(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            site.gate.wait(30)
            body = site.pages.get(self.path, PAGE)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.gate.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
