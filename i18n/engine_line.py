"""Asks an engine one question on a line of its own that ends in time, however slowly the other side speaks."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

CONNECT_WITHIN_S: Final = 2.0
MOST_BYTES: Final = 64 * 1024


class Kind(StrEnum):
    """Why an engine gave no words. This, and no more, may stand in a log."""

    UNREACHABLE = "unreachable"  # nothing was sent yet
    TIMED_OUT = "timed_out"
    BROKEN = "broken"  # the line, or what came over it, was none of HTTP
    REDIRECTED = "redirected"  # somebody wanted the words sent elsewhere
    TOO_LONG = "too_long"
    NOT_UNDERSTOOD = "not_understood"  # an answer, but not one of an engine
    REFUSED = "refused"  # this question was; the engine is there
    TURNED_AWAY = "turned_away"  # the key is wrong, or too much was asked
    ENGINE_ERROR = "engine_error"


class EngineFailed(Exception):
    """An engine gave no words. It knows its kind and nothing of what was asked or answered.

    Raise it where no other error is being handled: the one before would hang on it, and may quote the words.
    """

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind.value)
        self.kind = kind


@dataclass(frozen=True)
class Answer:
    """What came back, whatever it means."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Until:
    """A moment of the monotonic clock after which nobody waits any more."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Until:
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """The seconds until then. Raises TimeoutError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def ask(
    address: str,
    *,
    until: Until,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    ca: Path | None = None,
    most: int = MOST_BYTES,
) -> Answer:
    """GET `address`, or POST `body` to it. Raises EngineFailed, also for every answer that leads elsewhere.

    No proxy or password file of the environment is looked at, no redirect is followed, no line is used
    twice, and `most` bytes are read. `ca` is a file of certificates that alone are believed. Only a host name that does
    not resolve can hold its thread longer than `until`.
    """
    try:
        return _asked(address, until, body, headers or {}, ca, most)
    except EngineFailed as known:
        kind = known.kind
    except TimeoutError:
        kind = Kind.TIMED_OUT
    except (OSError, http.client.HTTPException, ValueError):
        kind = Kind.BROKEN
    raise EngineFailed(kind)


def _asked(
    address: str, until: Until, body: bytes | None, headers: Mapping[str, str], ca: Path | None, most: int
) -> Answer:
    parts = urlsplit(address)
    host, path = parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    context = _trust(ca) if parts.scheme == "https" else None
    port = parts.port or (443 if context else 80)
    connection = http.client.HTTPConnection(parts.netloc)
    connection.auto_open = 0  # a line that was closed is not opened anew behind our back
    with _opened(host, port, until) as plain, _private(plain, host, context, until) as line:
        connection.sock = _TimelySocket(line, until)  # all of a socket that it uses
        connection.request("POST" if body is not None else "GET", path, body=body, headers=dict(headers))
        with connection.getresponse() as response:
            if 300 <= response.status < 400:
                raise EngineFailed(Kind.REDIRECTED)
            if response.getheader("Content-Encoding", "identity") != "identity":
                raise EngineFailed(Kind.NOT_UNDERSTOOD)
            return Answer(response.status, _read(response, most))


@lru_cache(maxsize=4)
def _trust(ca: Path | None) -> ssl.SSLContext:
    """Reading all certificates of a machine takes longer than a message."""
    return ssl.create_default_context(cafile=ca)


def _opened(host: str, port: int, until: Until) -> socket.socket:
    try:
        return socket.create_connection((host, port), timeout=min(CONNECT_WITHIN_S, until.left()))
    except OSError:
        pass
    raise EngineFailed(Kind.UNREACHABLE)


def _private(plain: socket.socket, host: str, context: ssl.SSLContext | None, until: Until) -> socket.socket:
    if context is None:
        return plain
    plain.settimeout(until.left())  # of the whole handshake
    return context.wrap_socket(plain, server_hostname=host)


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    body = bytearray()
    while part := response.read1(8192):
        body += part
        if len(body) > most:
            raise EngineFailed(Kind.TOO_LONG)
    return bytes(body)


class _TimelySocket:
    """A socket whose every wait ends with the question: one that gets a byte now and then ends just the same."""

    def __init__(self, line: socket.socket, until: Until) -> None:
        self._line = line
        self._until = until

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(self._until.left())
        self._line.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimelyReader(self._line, self._until))

    def close(self) -> None:
        """Not yet: an answer may still be read from it. Whoever opened the line closes it."""


class _TimelyReader(io.RawIOBase):
    def __init__(self, line: socket.socket, until: Until) -> None:
        self._line = line
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int:  # type: ignore[override]  # what a buffered reader hands it
        self._line.settimeout(self._until.left())
        return self._line.recv_into(room)
