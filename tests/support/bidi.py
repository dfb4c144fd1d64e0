"""Speaks WebDriver BiDi with a browser: asks, waits for the answer, and keeps what the browser tells in between."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.patience import PATIENCE_S


class Refused(Exception):
    """The browser answered that it could not do it; `code` is BiDi's own word for why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True)
class Element:
    """One element of a page, by the name the browser gave it."""

    name: str


def as_argument(given: object) -> dict[str, Any]:
    """A value or an element in BiDi's words."""
    if isinstance(given, Element):
        return {"sharedId": given.name}
    if isinstance(given, bool):
        return {"type": "boolean", "value": given}
    return {"type": "string" if isinstance(given, str) else "number", "value": given}


class Bidi:
    """One session; `told` holds every event in the order the browser told them."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []
        self._asked = 0

    @classmethod
    def open(cls, url: str) -> Bidi:
        """Connects; the browser knows nothing of it until it `begins`."""
        return cls(
            connect(
                url,
                compression=None,
                open_timeout=PATIENCE_S,
                close_timeout=2,
                ping_interval=None,
                max_size=None,  # a picture is larger than a frame usually is
                max_queue=None,
                proxy=None,
                legacy=True,  # one connection, opened now and closed by us
            )
        )

    def begins(self) -> None:
        """Begins the session, which takes the certificate a test site signed itself."""
        self.asks("session.new", within=60, capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})

    def asks(self, method: str, *, within: float = PATIENCE_S, **params: Any) -> dict[str, Any]:
        """Sends one command and returns its result; raises `Refused`, or TimeoutError when nothing comes."""
        self._asked += 1
        number = self._asked
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        ends = time.monotonic() + within
        while True:
            try:
                heard = self._hears(ends - time.monotonic())
            except TimeoutError:
                raise TimeoutError(f"the browser did not answer {method} within {within} s") from None
            if heard.get("id") != number:
                continue  # the late answer to a command that was given up
            if heard["type"] == "error":
                raise Refused(heard["error"], heard["message"])
            result: dict[str, Any] = heard["result"]
            return result

    def runs(self, target: dict[str, str], function: str, *given: object, within: float = PATIENCE_S) -> Any:
        """Calls a function where `target` says, and returns what it returns, by way of JSON."""
        told = self.asks(
            "script.callFunction",
            within=within,
            functionDeclaration=f"(...given) => JSON.stringify(({function})(...given)) ?? 'null'",
            awaitPromise=False,
            target=target,
            arguments=[as_argument(each) for each in given],
        )
        if told["type"] == "exception":
            raise Refused("exception", told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def windows(self) -> list[str]:
        """The browser's own windows, around all pages."""
        told = self.asks("browsingContext.getTree", **{"moz:scope": "chrome", "maxDepth": 0})  # type: ignore[arg-type]
        return [str(each["context"]) for each in told["contexts"]]

    def hears_of(self, event: str, fits: Callable[[dict[str, Any]], bool], *, since: int, within: float) -> None:
        """Waits until the browser tells of such an event, from place `since` of `told` on."""
        ends = time.monotonic() + within
        while not any(one["method"] == event and fits(one["params"]) for one in self.told[since:]):
            self._hears(ends - time.monotonic())

    def listens(self) -> list[dict[str, Any]]:
        """Everything told up to now."""
        try:
            while True:
                self._hears(0)
        except TimeoutError:
            return self.told

    def _hears(self, within: float) -> dict[str, Any]:
        """The next thing the browser says; an event is also kept."""
        heard: dict[str, Any] = json.loads(self.socket.recv(timeout=max(0.0, within)))
        if heard.get("type") == "event":
            self.told.append(heard)
        return heard

    def close(self) -> None:
        """Ends the connection; the browser goes on."""
        self.socket.close()
