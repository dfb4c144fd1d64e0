"""How the proxy tests ask: from a known address, over TLS, or with bytes no well-behaved program would send."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.proxy.conftest import ADDRESS, Behind
from tests.support.chromium import AGENT
from tests.support.desk_people import PHONE_LINE, DeskLine, DeskPerson
from tests.support.proxies import SITE
from tests.support.server_process import House

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "forged.example",
    "X-Forwarded-Proto": "http",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "Via": "1.1 forged",
    "Referer": "https://forged.example/secret",
}
WORDS = "kestrel canary posted through a proxy"


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


def answered_in_a_crowd(behind: Behind, request: bytes, count: int) -> list[bytes]:
    """The beginnings of the answers when so many ask the same at once."""
    with ExitStack() as crowd:
        lines = [crowd.enter_context(raw(behind)) for _ in range(count)]
        for line in lines:
            line.sendall(request)
        return [line.recv(4096) for line in lines]


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


def hidden_while_posting(behind: Behind) -> list[str]:
    """What the proxy holds in files while most of a form is there and its end is not."""
    body = b"words=" + WORDS.encode() * 20_000
    head = f"POST /en/note HTTP/1.1\r\nHost: {SITE}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    with raw(behind) as line:
        line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:-100])
        time.sleep(0.3)
        found = behind.proxy.written_and_hidden()
        line.sendall(body[-100:])
        assert b" 303 " in line.recv(4096)
    return found


@dataclass
class Asking:
    """A page without a socket, as far as it asks what is new."""

    behind: Behind
    token: str
    last: int
    known: str = ""

    def asks(self, wait: int) -> list[dict[str, Any]]:
        """One question, which waits for so many seconds at most."""
        resume = {"type": "Resume", "token": self.token, "last": self.last}
        question = {"resume": resume, "wait": wait, "known": self.known}
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = ask(f"{self.behind.proxy.site}/line/talk/hear", "POST", json=question, headers=headers).json()
        self.known = answer["known"]
        self.last = max([self.last, *(each["seq"] for each in answer["told"] if "seq" in each)])
        return list(answer["told"])


def looked_sent_and_left(behind: Behind) -> list[httpx.Response]:
    """A page, a form and the exit, asked for at the same time."""
    site = behind.proxy.site
    wishes = [("GET", f"{site}/fr/note"), ("POST", f"{site}/fr/note"), ("POST", f"{site}/leave")]
    with ThreadPoolExecutor(len(wishes)) as hands:
        return list(hands.map(lambda wish: ask(wish[1], wish[0], headers=FORM), wishes))


@contextmanager
def desk_line(behind: Behind) -> Iterator[DeskLine]:
    """The first person at the desk, signed in anew, ready for talks."""
    with (
        closing(
            DeskPerson(behind.house, "Robin", behind.admin.name, behind.admin.passphrase, ADDRESS).signs_in()
        ) as person,
        closing(person.opens_the_line()) as line,
    ):
        yield line


@contextmanager
def in_the_place_of(house: House) -> Iterator[Future[str]]:
    """A listener at a port the house has left: it says "hi" once, and keeps what it was told."""
    with socket.create_server(("127.0.0.1", house.port)) as listener, ThreadPoolExecutor(1) as hands:
        listener.settimeout(10)

        def heard() -> str:
            line, _ = listener.accept()
            with line:
                told = line.recv(65_536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
            return told.decode("latin-1")

        yield hands.submit(heard)
