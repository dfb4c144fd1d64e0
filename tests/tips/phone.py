"""A reporter's browser without script and without a socket: posts, insists on 303, opens what it leads to."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.tips.conftest import TipHouse

FORM = {"words": "A van, each day.", "about": "3", "place": "Mill Road", "reach": "by this site"}


class Phone:
    """A browser that follows one 303 at a time."""

    def __init__(self, house: TipHouse, web: httpx.AsyncClient) -> None:
        self.house = house
        self.web = web
        self.answer = httpx.Response(0)

    @property
    def number(self) -> str:
        return "".join(re.findall(r"<bdi>(\d{5})</bdi>", self.answer.text))

    def hidden(self, name: str) -> str:
        """A hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.answer.text.partition("<main")[2])
        assert found is not None
        return found[1]

    async def opens(self, path: str) -> httpx.Response:
        self.answer = await self.web.get(path)
        return self.answer

    async def posts(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Post, insist on 303, and open what it leads to."""
        answer = await self.web.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})
        assert (answer.status_code, answer.content) == (303, b"")
        return await self.opens(answer.headers["location"])

    async def files(self, *, keep: str = "1", token: str = "", wait: bool = True, **fields: str) -> httpx.Response:
        """Send the form, old enough."""
        start = token or self.house.services.start_tokens.make()
        if wait:
            self.house.clock.advance(timedelta(seconds=5))
        return await self.posts("/en/note", {**FORM, **fields, "k": start, "keep": keep})

    async def comes_back(self, number: str) -> httpx.Response:
        return await self.posts("/en/note/back", {"number": number})
