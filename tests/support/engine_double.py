"""Answers as LibreTranslate 1.9.6 does, word for word, and misbehaves in every way a test asks for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from tests.support.certificate import Certificate

# What the real one said, with Apertium behind it; tests/i18n/test_real_engine.py asks both.
RECORDED = {
    ("en", "es"): {
        "I need help.": " Necesito ayuda.",
        "I am afraid.": " Soy temeroso.",
        "&lt;b&gt;hello&lt;/b&gt;": "<b>hola</b>",
    },
    ("es", "en"): {
        "Me pegan": "They paste me",
        "Tengo miedo.": "Have fear.",
        "Necesito ayuda. Llámame al": "I need help. Call me to the",
        "mañana, o a": "tomorrow, or to",
        "Hay 3 hombres.": "There are 3 men.",
    },
}
LANGUAGES = [
    {"code": "en", "name": "English", "targets": ["en", "es"]},
    {"code": "es", "name": "Spanish", "targets": ["en", "es"]},
]
TEXT_LIMIT, BATCH_LIMIT = 2000, 5
HUGE = 200_000


@dataclass
class Asked:
    """One question as it came over the line."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class EngineDouble:
    """`manner` says how it behaves: "well" or one of the names of `_Answers`' methods."""

    url: str = ""
    manner: str = "well"
    key: str | None = None
    languages: list[dict[str, Any]] = field(default_factory=lambda: list(LANGUAGES))
    elsewhere: str = "http://192.0.2.1/translate"
    answer: Any = None
    took_s: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    @property
    def translations(self) -> list[Asked]:
        """The questions that held words."""
        return [each for each in self.asked if "/translate" in each.line]


@contextmanager
def engine_double(
    known: Certificate | None = None, *, port: int = 0, host: str = "127.0.0.1"
) -> Iterator[EngineDouble]:
    """A double that listens until the block is left; by TLS where a certificate is given."""
    double = EngineDouble()
    handler = type("Handler", (_Answers,), {"double": double})
    server = _Server(("127.0.0.1", port), handler)
    if known is not None:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(known.chain, known.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    # A certificate is for a name.
    double.url = f"{'https://localhost' if known else 'http://127.0.0.1'}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        double.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, address: object) -> None:
        """Whoever asked has hung up; that is what the tests are about."""


class _Answers(BaseHTTPRequestHandler):
    double: EngineDouble

    def do_GET(self) -> None:
        self._take(b"")
        if self.double.manner in ("well", "slow") or "languages_too" not in self.double.manner:
            self._json(200, self.double.languages)
        else:
            self._misbehave(self.double.manner.removesuffix("_languages_too"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._take(body)
        if self.double.manner == "well":
            self._json(*translated(body, self.double.key))
        else:
            self._misbehave(self.double.manner.removesuffix("_languages_too"), body)

    def _take(self, body: bytes) -> None:
        self.double.asked.append(Asked(self.requestline, dict(self.headers.items()), body))

    def _misbehave(self, manner: str, body: bytes = b"") -> None:
        self.close_connection = True
        with suppress(OSError):
            getattr(self, f"_{manner}")(body)

    # The manners

    def _hang(self, _body: bytes) -> None:
        self.double.ending.wait(30)

    def _slow(self, body: bytes) -> None:
        self.double.ending.wait(self.double.took_s)
        self._json(*translated(body, self.double.key))

    def _drip(self, _body: bytes) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
        self._drop_by_drop(b" ")

    def _drip_head(self, _body: bytes) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        self._drop_by_drop(b"a")

    def _drop_by_drop(self, drop: bytes) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and not self.double.ending.wait(0.05):
            self.wfile.write(drop)

    def _found_elsewhere(self, _body: bytes) -> None:
        self._led(302)

    def _same_elsewhere(self, _body: bytes) -> None:
        self._led(307)

    def _led(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Location", self.double.elsewhere)
        self.end_headers()

    def _no_json(self, _body: bytes) -> None:
        self._said(200, b"<html>not me</html>", "text/html")

    def _nothing(self, _body: bytes) -> None:
        self._json(200, {})

    def _error_within(self, body: bytes) -> None:
        self._json(200, {"error": json.loads(body)["q"][0]})

    def _too_few(self, _body: bytes) -> None:
        self._json(200, {"translatedText": []})

    def _says(self, _body: bytes) -> None:
        self._json(200, {"translatedText": self.double.answer})

    def _huge(self, _body: bytes) -> None:
        self._json(200, {"translatedText": ["x" * HUGE]})

    def _packed(self, _body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(b"\x1f\x8b" + b"\0" * 64)

    def _broken(self, _body: bytes) -> None:
        self._said(500, b"Traceback (most recent call last): words", "text/html")

    def _slowdown(self, _body: bytes) -> None:
        self._json(429, {"error": "Slowdown: 3 per 1 minute"})

    def _hangs_up(self, _body: bytes) -> None:
        self.connection.close()

    def _no_http(self, _body: bytes) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")

    # Saying it

    def _json(self, status: int, body: object) -> None:
        self._said(status, json.dumps(body, ensure_ascii=False).encode() + b"\n", "application/json")

    def _said(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Keep no log."""


def translated(body: bytes, key: str | None) -> tuple[int, object]:
    """Status and body to a question, with the real one's checks in the real one's order."""
    try:
        asked = json.loads(body)
    except ValueError:
        return 400, {"error": "The browser (or proxy) sent a request that this server could not understand."}
    if key and not asked.get("api_key"):
        return 400, {"error": "Please contact the server operator to get an API key"}
    if key and asked["api_key"] != key:
        return 403, {"error": "Invalid API key"}
    texts, source, target = asked.get("q"), asked.get("source"), asked.get("target")
    if not texts:
        return 400, {"error": "Invalid request: missing q parameter"}
    if len(texts) > BATCH_LIMIT:
        return 400, {"error": f"Invalid request: request ({len(texts)}) exceeds text limit ({BATCH_LIMIT})"}
    if (length := max(len(text) for text in texts)) > TEXT_LIMIT:
        return 400, {"error": f"Invalid request: request ({length}) exceeds text limit ({TEXT_LIMIT})"}
    known = {tag for pair in RECORDED for tag in pair}
    for code in (source, target):
        if code not in known:
            return 400, {"error": f"{code} is not supported"}
    said = RECORDED.get((source, target), {})
    return 200, {"translatedText": [said.get(text, text) for text in texts]}
