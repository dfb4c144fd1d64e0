"""Speaks to the house that runs here as a visitor's page does, so that known words travel the whole way in."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any, Final

from portal.settings import Settings

WAIT_S: Final = 10.0
# Listening everywhere includes here.
_HERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - an address to speak to, none to listen on


class LineSilent(Exception):
    """Nobody answers at the site's own address, or not as the house does."""


class OwnLine:
    """The site's own address on this machine, without the proxy in front of it."""

    def __init__(self, settings: Settings) -> None:
        self._host = _HERE.get(settings.host, settings.host)
        self._port = settings.port
        self._origin = settings.public_origin

    @property
    def where(self) -> str:
        """The address, for a person to read."""
        return self.place(self._host, self._port)

    def answers(self) -> bool:
        """Whether a house of ours answers there at all."""
        try:
            status, _ = self.ask("GET", "/health/live", None)
        except LineSilent:
            return False
        return status == 200

    def says(self, token: str, frame: Mapping[str, object]) -> list[dict[str, Any]]:
        """Say one thing as the page that holds this token; what the house tells. Raises `LineSilent`."""
        resume = {"type": "Resume", "token": token, "last": 0}
        status, body = self.ask("POST", "/line/talk/say", {"resume": resume, "said": [frame]})
        if status != 200:
            raise LineSilent(f"the site answered {status}")
        answer = json.loads(body)
        told: list[dict[str, Any]] = answer.get("told", [])
        return told

    @staticmethod
    def place(host: str, port: int) -> str:
        """An address of this machine, as it stands in a URL."""
        near = _HERE.get(host, host)
        return f"[{near}]:{port}" if ":" in near else f"{near}:{port}"

    def ask(self, method: str, path: str, body: object | None) -> tuple[int, bytes]:
        """Status and body of the answer to one question; `body` goes out as JSON. Raises `LineSilent`."""
        headers = {"Origin": self._origin, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        line = http.client.HTTPConnection(self._host, self._port, timeout=WAIT_S)
        try:
            line.request(method, path, None if body is None else json.dumps(body), headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise LineSilent(type(error).__name__) from None
        finally:
            line.close()
