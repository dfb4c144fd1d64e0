"""Lists every address of both faces as the rooms declare them, so that a rule can hold for all and not for a sample."""

from __future__ import annotations

import importlib
import re
import secrets
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from portal.clock import SystemClock
from portal.section import Section
from portal.settings import Secret, Settings
from tests.support.rooms import wire

ROOMS = ("portal.routes", "portal.staff.routes", "chat.routes", "tips.routes")

Face = Literal["public", "desk"]


@dataclass(frozen=True)
class Address:
    """One declared address: its pattern and what may be done there."""

    face: Face
    pattern: str
    methods: frozenset[str]
    is_line: bool = False

    def path(self, language: str = "en") -> str:
        """The pattern with its places filled: the language, and tokens that open nothing."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda place: filled(place[1], language), self.pattern)

    def __str__(self) -> str:
        return f"{self.face} {self.pattern}"


def filled(name: str, language: str) -> str:
    if name in {"lang", "language"}:
        return language
    size = 16 if name in {"id", "tip", "conversation", "staff"} else 32
    return urlsafe_b64encode(secrets.token_bytes(size)).decode().rstrip("=")


@cache
def addresses() -> tuple[Address, ...]:
    """Every address of every room. Nothing is opened: a section only names its handlers."""
    with tempfile.TemporaryDirectory() as folder:
        services = wire(
            Settings(
                data_dir=Path(folder) / "data",
                keys_dir=Path(folder) / "keys",
                redis_url=Secret("unix:///nonexistent/durable"),
                ember_url=Secret("unix:///nonexistent/ember"),
            ),
            SystemClock(),
        )
    found: list[Address] = []
    for name in ROOMS:
        section: Section = importlib.import_module(name).section(services)
        found += [address for route in section.public for address in flat("public", "", route)]
        found += [address for route in section.desk for address in flat("desk", "", route)]
    return tuple(found)


def flat(face: Face, before: str, route: BaseRoute) -> list[Address]:
    """A route, or the routes under a mount."""
    if isinstance(route, Mount):
        return [address for inner in route.routes or () for address in flat(face, before + route.path, inner)]
    if isinstance(route, WebSocketRoute):
        return [Address(face, before + route.path, frozenset(), is_line=True)]
    assert isinstance(route, Route), route
    return [Address(face, before + route.path, frozenset(route.methods or {"GET"}))]


def posts(face: Face) -> list[Address]:
    """Everywhere a form or a script may post."""
    return [address for address in addresses() if address.face == face and "POST" in address.methods]


def pages(face: Face) -> list[Address]:
    """Everything that can be opened."""
    return [address for address in addresses() if address.face == face and "GET" in address.methods]


def lines(face: Face) -> list[Address]:
    """The websockets."""
    return [address for address in addresses() if address.face == face and address.is_line]
