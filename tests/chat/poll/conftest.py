"""Gives the tests of the questions two servers of one house, and a page that has no socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from portal.ids import to_text
from tests.chat.sockets.conftest import Process, new_key, processes
from tests.support.web import HERE

__all__ = ["Asking", "asking", "processes"]

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Asking:
    """One page that asks; what it was told stands in `told`, in order."""

    web: httpx.AsyncClient
    token: str
    last: int = 0
    known: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)

    @property
    def resume(self) -> dict[str, Any]:
        return {"type": "Resume", "token": self.token, "last": self.last}

    async def post(self, what: str, body: object, **headers: str) -> httpx.Response:
        """One post as it is, answered as it comes."""
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json", "Origin": str(self.web.base_url).rstrip("/"), **SAME_ORIGIN}
        return await self.web.post(f"/line/talk/{what}", content=content, headers={**sent, **headers})

    async def hears(self, wait: int = 0) -> list[dict[str, Any]]:
        """One question; what is told moves this page on."""
        answer = (await self.post("hear", {"resume": self.resume, "wait": wait, "known": self.known})).json()
        assert "told" in answer, answer
        self.known = answer["known"]
        self.told += answer["told"]
        self.last = max([self.last, *(each["seq"] for each in answer["told"] if "seq" in each)])
        return list(answer["told"])

    async def says(self, *frames: dict[str, Any]) -> dict[str, Any]:
        """What she says at once; answers the whole answer."""
        told: dict[str, Any] = (await self.post("say", {"resume": self.resume, "said": list(frames)})).json()
        return told

    async def writes(self, text: str, key: str | None = None) -> int:
        """Words for the advocate; answers their number."""
        told = (await self.says({"type": "Say", "key": key or new_key(), "text": text}))["told"]
        return int(told[0]["seq"])

    def numbered(self) -> list[int]:
        return [each["seq"] for each in self.told if "seq" in each]


@asynccontextmanager
async def asking(process: Process, token: bytes) -> AsyncIterator[Asking]:
    """A page without a socket at one process."""
    async with AsyncExitStack() as stack:
        web = httpx.AsyncClient(base_url=process.services.settings.public_origin, timeout=70, **HERE)
        yield Asking(await stack.enter_async_context(web), to_text(token))
