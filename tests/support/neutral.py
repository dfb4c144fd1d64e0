"""A tiny site on another loopback origin, where people land when they leave; it remembers what it was told."""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Weather</title>
<link rel="icon" href="data:,"></head><body><h1>Weather</h1><p>Mild, with a little wind.</p></body></html>"""


@dataclass(frozen=True)
class Arrival:
    """One request as the neutral site saw it."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class NeutralSite:
    """The running site: its address, who arrived, and a gate that can hold its answers."""

    port: int = 0
    host: str = "localhost"
    scheme: str = "https"
    arrivals: list[Arrival] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    pages: dict[str, bytes] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Another origin than ours; `localhost` and not `127.0.0.1`, as a real neutral host has another name."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.origin}/weather"

    def hold(self) -> None:
        """From now on requests wait: a slow or dead network."""
        self.gate.clear()

    def answer(self) -> None:
        """Requests are answered again."""
        self.gate.set()

    def landed(self) -> list[Arrival]:
        """The arrivals that wanted the page itself."""
        return [arrival for arrival in self.arrivals if arrival.target.startswith("/weather")]


@contextmanager
def neutral_site(*, host: str = "localhost", scheme: str = "https") -> Iterator[NeutralSite]:
    """The site for the length of a `with`; over TLS unless told otherwise, since an exit may lead nowhere else."""
    site = NeutralSite(host=host, scheme=scheme)
    site.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.arrivals.append(Arrival(self.command, self.path, headers, body))
            site.gate.wait(30)
            body = site.pages.get(self.path, PAGE)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the standard library's spelling

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a browser that hangs up in the middle is no fault of the test

    server = Server(("127.0.0.1", 0), Handler)
    if scheme == "https":
        server.socket = tls().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
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


@cache
def tls() -> ssl.SSLContext:
    """A certificate for `localhost`, made now, signed by itself and kept nowhere."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        both.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(both)
    return context
