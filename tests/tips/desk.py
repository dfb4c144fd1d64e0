"""A browser at the desk, signed in and without a socket: opens pages and posts as one of ours would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from portal.app import build_desk
from portal.ids import to_text
from portal.staff.sessions.session import COOKIE
from tips.routes import section

if TYPE_CHECKING:
    from tests.tips.conftest import TipHouse


@dataclass
class Desk:
    """A browser at the desk, signed in."""

    house: TipHouse
    web: httpx.AsyncClient
    csrf: str

    async def opens(self, path: str) -> httpx.Response:
        return await self.web.get(path)

    async def posts(self, path: str, *, csrf: str | None = None, **fields: str) -> httpx.Response:
        """A post of our own page; another token where one is given."""
        token = self.csrf if csrf is None else csrf
        origin = self.house.services.settings.desk_origin
        return await self.web.post(path, data={"csrf": token, **fields}, headers={"origin": origin})

    async def has_only(self, *compartments: str) -> None:
        """The same person in a session that holds only these keys."""
        robin, staff = self.house.robin, self.house.services.staff
        keys = {name: robin.compartment_keys(name) for name in compartments}
        token = await staff.sessions.begin(robin.staff_id, 1, keys)
        self.web.headers["cookie"], self.csrf = f"{COOKIE}={token}", (await staff.who(token)).csrf


@asynccontextmanager
async def at_the_desk(house: TipHouse) -> AsyncIterator[Desk]:
    """The desk of this house in this process, with its first person signed in."""
    app = build_desk(house.services, [section(house.services)])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=house.services.settings.desk_origin,
        headers={"cookie": f"{COOKIE}={house.robins_cookie}"},
    ) as web:
        yield Desk(house, web, house.robin.csrf)


def where(tip_id: bytes) -> str:
    return f"/desk/tips/{to_text(tip_id)}"
