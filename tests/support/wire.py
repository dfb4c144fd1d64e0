"""Counts what a visit asks for and how many bytes came over the wire, as the browser itself measured them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page


@dataclass
class Asked:
    """One request: where to, how, and the bytes of its answer with its headers, still compressed."""

    url: str
    method: str
    kind: str
    headers: dict[str, str]
    bytes: int = 0
    head_bytes: int = 0
    from_cache: bool = False


@dataclass
class Wire:
    """Everything a page asked for since `listen`."""

    asked: dict[str, Asked] = field(default_factory=dict)

    def listen(self, page: Page) -> Wire:
        """Begins to count; call it before the first navigation."""
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.requestServedFromCache", self._cached)
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketCreated", self._socket)
        return self

    def _asked(self, event: dict[str, Any]) -> None:
        request = event["request"]
        # A redirect keeps its number: the earlier hop is kept under a name of its own.
        if event["requestId"] in self.asked:
            self.asked[f"{event['requestId']}/{len(self.asked)}"] = self.asked[event["requestId"]]
        self.asked[event["requestId"]] = Asked(
            request["url"], request["method"], event.get("type", ""), dict(request["headers"])
        )

    def _cached(self, event: dict[str, Any]) -> None:
        self.asked[event["requestId"]].from_cache = True

    def _answered(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.asked:
            self.asked[event["requestId"]].head_bytes = int(event["response"]["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.asked:
            self.asked[event["requestId"]].bytes = int(event["encodedDataLength"])

    def _socket(self, event: dict[str, Any]) -> None:
        self.asked[event["requestId"]] = Asked(event["url"], "GET", "WebSocket", {})

    def pages(self) -> list[Asked]:
        """The requests that fetch something: a `data:` address asks nobody, a socket is counted apart."""
        return [one for one in self.asked.values() if one.kind != "WebSocket" and not one.url.startswith("data:")]

    def sockets(self) -> list[Asked]:
        return [one for one in self.asked.values() if one.kind == "WebSocket"]

    @property
    def bytes(self) -> int:
        """All bytes of all answers, their headers included as HTTP/1.1 writes them: each time in full."""
        return sum(one.bytes for one in self.pages())

    @property
    def body_bytes(self) -> int:
        """The bytes of all answers without their headers, still compressed."""
        return sum(one.bytes - one.head_bytes for one in self.pages())

    def origins(self) -> set[str]:
        """Every origin that was asked, sockets included."""
        return {"/".join(one.url.split("/")[:3]) for one in [*self.pages(), *self.sockets()]}
