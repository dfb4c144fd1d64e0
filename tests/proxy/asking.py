"""How the proxy tests ask: from a known address, over TLS, or with bytes no well-behaved program would send."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.proxy.conftest import ADDRESS, Behind
from tests.support.chromium import AGENT
from tests.support.desk_people import PHONE_LINE
from tests.support.proxies import SITE

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@contextmanager
def visitor() -> Iterator[httpx.Client]:
    """Somebody with a known address and a known browser."""
    transport = httpx.HTTPTransport(local_address=ADDRESS)
    with httpx.Client(transport=transport, headers={"User-Agent": AGENT}, timeout=60, trust_env=False) as person:
        yield person


def ask(url: str, method: str = "GET", **more: object) -> httpx.Response:
    with visitor() as person:
        return person.request(method, url, **more)  # type: ignore[arg-type]


def spoken_raw(behind: Behind, head: str, body: bytes = b"") -> bytes:
    """Bytes that no well-behaved program would send; what comes back until the other side is done."""
    with raw(behind) as line:
        line.sendall(head.encode("latin-1") + body)
        heard = b""
        while piece := line.recv(65_536):
            heard += piece
            if b"\r\n\r\n" in heard and b"303 See Other" in heard:
                break
        return heard


@contextmanager
def raw(behind: Behind) -> Iterator[ssl.SSLSocket]:
    plain = socket.create_connection(("127.0.0.1", behind.proxy.port), 60, (ADDRESS, 0))
    with ssl.create_default_context().wrap_socket(plain, server_hostname=SITE) as line:
        yield line


def is_away_page(answer: httpx.Response, status: int, word: str) -> None:
    assert answer.status_code == status, answer.text[:200]
    assert word in answer.text
    assert f"tel:{PHONE_LINE.replace('-', '')}" in answer.text
    assert "/wait/" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def is_sent_on(answer: httpx.Response, to: str) -> None:
    assert (answer.status_code, answer.headers["location"]) == (303, to)
