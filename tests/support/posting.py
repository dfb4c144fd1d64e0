"""Posts to the house inside this process, piece by piece as a line brings it, and keeps what was answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from portal.app import FrontDoor
from portal.section import Section
from portal.services import Services
from server import rooms
from tests.support.site_map import Address, flat

FORM = "application/x-www-form-urlencoded"
OUR_OWN = {"sec-fetch-site": "same-origin", "origin": "null"}


@dataclass
class Answer:
    """What was answered; status 0 when nothing was."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Posted:
    """One body as it comes in: its kind and its pieces. `ends` is false where the line falls silent after the last."""

    kind: str = FORM
    pieces: tuple[bytes, ...] = (b"",)
    ends: bool = True


def running(services: Services) -> list[Section]:
    """The sections as the front door makes them."""
    return rooms(services)


def public_addresses(sections: Iterable[Section]) -> list[Address]:
    """Every public address of these sections."""
    return [address for section in sections for route in section.public for address in flat("public", "", route)]


def house(services: Services, sections: Sequence[Section]) -> ASGIApp:
    """The whole house, front door first."""
    return FrontDoor(services, sections)


def with_every_page(sections: Iterable[Section], page: ASGIApp) -> list[Section]:
    """The same addresses, each answered by `page`: for what may go wrong inside any of them."""

    def replaced(section: Section) -> Section:
        return Section(
            [
                Route(route.path, page, methods=sorted(route.methods or ()))
                for route in section.public
                if isinstance(route, Route)
            ]
        )

    return [replaced(section) for section in sections]


def scope_of(services: Services, method: str, path: str, headers: dict[str, str]) -> Scope:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "scheme": "http",
        "server": (services.settings.host, services.settings.port),
        "client": ("203.0.113.77", 51234),
        "state": {},
    }


async def ask(
    app: ASGIApp,
    services: Services,
    path: str,
    *,
    method: str = "POST",
    posted: Posted | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """One request; returns when the house is done with it."""
    posted = posted or Posted()
    given = {**(OUR_OWN if headers is None else headers), **({"content-type": posted.kind} if posted.kind else {})}
    pieces = list(posted.pieces)
    answer = Answer()

    async def receive() -> Message:
        if not pieces:
            await asyncio.Event().wait()
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces) or not posted.ends}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message["headers"]
            }
        else:
            answer.body += message.get("body", b"")

    await app(scope_of(services, method, path, given), receive, send)
    return answer
