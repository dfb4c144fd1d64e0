"""A client of the chat's lines written from the protocol page alone: it says frames and waits for facts."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from socket import SHUT_RDWR, create_connection
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.support import tls_line
from tests.support.again import tries
from tests.support.patience import PATIENCE_S

SUBPROTOCOL = "line.1"


def new_key() -> str:
    """A client key: 16 random bytes as base64url without padding."""
    return urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


class SpokenLine:
    """One open websocket; everything heard is kept in order."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []
        self._looked_at = 0

    @classmethod
    def open(
        cls, url: str, *, origin: str | None, cookie: str = "", agent: str | None = None, address: str | None = None
    ) -> SpokenLine:
        """Shakes hands; raises what `websockets` raises when the server refuses.

        `address` is the loopback address to speak from, so that a test can know it and look for it afterwards.
        """
        place = urlsplit(url)
        socket = create_connection(
            ("127.0.0.1", place.port or 80), timeout=PATIENCE_S, source_address=(address, 0) if address else None
        )
        return cls(
            connect(
                url,
                sock=socket,
                origin=Origin(origin) if origin else None,
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                additional_headers={"Cookie": cookie} if cookie else None,
                user_agent_header=agent,
                compression=None,
                open_timeout=PATIENCE_S,
                close_timeout=2,
                ping_interval=None,
                proxy=None,
                ssl=tls_line.context() if place.scheme == "wss" else None,
                legacy=True,  # one connection, opened now and closed by us
            )
        )

    def say(self, kind: str, **words: Any) -> None:
        """One frame, its name in `type`."""
        self.socket.send(json.dumps({"type": kind, **words}))

    def asks(self, kind: str, answered: str, *, by: str = "key", **words: Any) -> dict[str, Any]:
        """Asked under a key of its own; the fact that answers it, told apart by the field `by`.

        Once more under the same key where a store was away, as every page does at one tap.
        """
        words |= {"key": new_key()}
        for _ in tries():
            self.say(kind, **words)
            told = self.hear(answered, "Refused", **{by: words[by]})
            if told["type"] == answered or told["reason"] != "away":
                break
        assert told["type"] == answered, told
        return told

    def raw(self, frame: str | bytes) -> None:
        """Any bytes at all."""
        self.socket.send(frame)

    def hear(self, *kinds: str, within: float = PATIENCE_S, **matching: Any) -> dict[str, Any]:
        """The next fact of these names whose fields match; facts in between are kept in `heard` and passed over."""
        ends = time.monotonic() + within
        while True:
            while self._looked_at < len(self.heard):
                fact = self.heard[self._looked_at]
                self._looked_at += 1
                if fact["type"] in kinds and all(fact.get(name) == value for name, value in matching.items()):
                    return fact
            try:
                self.heard.append(json.loads(self.socket.recv(timeout=max(0.0, ends - time.monotonic()))))
            except TimeoutError:
                seen = [fact["type"] for fact in self.heard]
                raise AssertionError(f"waited {within} s for {kinds} {matching}; heard {seen}") from None

    def from_the_start(self) -> Self:
        """What was heard and passed over before can be the next fact again."""
        self._looked_at = 0
        return self

    def closing(self, *, within: float = PATIENCE_S) -> int:
        """The code the server closes with; what it says before is kept in `heard`."""
        ends = time.monotonic() + within
        while True:
            try:
                self.heard.append(json.loads(self.socket.recv(timeout=max(0.0, ends - time.monotonic()))))
            except TimeoutError:
                raise AssertionError(f"the line still stands after {within} s") from None
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd is not None else 1006

    def breaks(self) -> None:
        """The network is gone in the middle of it: nobody says that it ends."""
        with contextlib.suppress(OSError):
            self.socket.socket.shutdown(SHUT_RDWR)

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
