"""A careless site: it does everything a page can do to be found on a phone afterwards, each thing with its own word."""

from __future__ import annotations

import gzip
import secrets
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cramjam

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: bytes(cramjam.brotli.compress(body)),
    "zstd": lambda body: bytes(cramjam.zstd.compress(body)),
}

STORES = """
localStorage.setItem("kept", "{local}"); sessionStorage.setItem("kept", "{session}");
document.cookie = "kept={cookie}; max-age=3600";
const asked = indexedDB.open("kept");
asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
asked.onsuccess = () => {{
    const change = asked.result.transaction("kept", "readwrite");
    change.objectStore("kept").put("{database} " + "and more ".repeat(400), 1);
    change.oncomplete = async () => {{
        await Promise.all({packed}.map(way => fetch("/" + way).then(answer => answer.text())));
        await fetch("/cached").then(answer => answer.text());
        document.body.dataset.done = "yes";
    }};
}};
"""


@dataclass
class CarelessSite:
    """The running site, and the word it gives each way of being kept."""

    port: int = 0
    words: dict[str, str] = field(default_factory=dict)

    def word(self, way: str) -> str:
        """The word of one way; the same whenever it is asked for."""
        return self.words.setdefault(way, f"{way.replace(' ', '')}-stork-{secrets.token_hex(6)}")

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self) -> str:
        """Stores, cookies, a title, a form whose post is answered 200, a field the browser may remember."""
        script = STORES.format(
            packed=list(PACKED), **{way: self.word(way) for way in ("local", "session", "cookie", "database")}
        )
        return f"""<!doctype html><title>{self.word("title")}</title><body><form method="post" action="/sent">
            <input name="email" id="once"><textarea name="words" id="words"></textarea><button>Send</button></form>
            <textarea id="unsent"></textarea><script>{script}</script></body>"""

    def body(self, way: str) -> bytes:
        """A body to be cached. What stands before the word repeats part of it, so that packing cuts the word up."""
        word = self.word(f"cached {way}")
        return f"{word[:14]} {word[9:]} {word} ".encode() * 30


@contextmanager
def careless_site() -> Iterator[CarelessSite]:
    """The site for the length of a `with`."""
    site = CarelessSite()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            way = self.path.strip("/")
            if way in PACKED:
                self._answers(PACKED[way](site.body(way)), "max-age=86400", ("Content-Encoding", way))
            elif way == "cached":
                self._answers(site.body("plain"), "max-age=86400")
            else:
                # Were the page itself kept, each word would be found in it and nowhere else need be looked.
                self._answers(site.page().encode(), "no-store")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answers(b"<!doctype html><title>sent</title><p id=sent>sent", "no-store")

        def _answers(self, body: bytes, keep: str, *more: tuple[str, str]) -> None:
            self.send_response(200)
            for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", keep), *more):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a killed browser hangs up in the middle

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
