"""Gives tests a running house with its doors open: one for the whole run, or one of a test's own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.desk_people import PHONE_LINE, DeskPerson, open_doors, set_up
from tests.support.house import House, running_house
from tests.support.line_people import LineVisitor
from tests.support.neutral import NeutralSite, neutral_site


@dataclass
class OpenHouse:
    """A house that is set up and open, its first person, and the neutral site its exit leads to."""

    house: House
    admin: DeskPerson
    neutral: NeutralSite

    def visitor_on_the_line(self, language: str = "en", address: str | None = None) -> LineVisitor:
        """A visitor who has just started."""
        return LineVisitor.starts(self.house, language=language, address=address)


@contextmanager
def open_house_at(root: Path, *, address: str | None = None, **settings: object) -> Iterator[OpenHouse]:
    """A house of the caller's own: shared Valkeys, set up, doors open, exit to a neutral site of its own."""
    with ExitStack() as stack:
        neutral = stack.enter_context(neutral_site())
        told = {"exit_urls": neutral.url, "phone_line": PHONE_LINE, **settings}
        house = stack.enter_context(running_house(root, shared=True, migrated=True, **told))
        admin = set_up(house, address=address)
        stack.callback(admin.close)
        open_doors(admin)
        # Each server process remembers for up to a second that the doors were closed.
        time.sleep(1.2)
        yield OpenHouse(house, admin, neutral)


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """One open house for the whole run. A test that hurts a house, or counts on what it holds, opens its own."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


@pytest.fixture
def fresh_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of the test's own that nobody has set up yet."""
    with running_house(tmp_path_factory.mktemp("h")) as started:
        yield started
