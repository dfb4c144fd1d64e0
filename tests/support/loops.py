"""The event loop of a coroutine test: production's, but one that says what was left open instead of standing still."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from typing import ClassVar

import pytest
import uvloop


class ToldLoop(uvloop.Loop):
    """Closes whatever a test left open and keeps what there was to say of it for the end of the test.

    uvloop warns of a handle before it closes it; where warnings are errors the handle stays open, and the loop waits
    for it for ever. A fixture that failed after it had opened a connection was a hang of minutes and no failure.
    """

    left_open: ClassVar[list[str]] = []

    def close(self) -> None:
        """As uvloop's. Raises nothing: whoever made this loop has to be able to forget it."""
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            super().close()
        self.left_open.extend(str(each.message) for each in seen)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, type[ToldLoop]]]:
    """Coroutine tests run on the loop the server uses."""
    return ("asyncio", {"loop_factory": ToldLoop})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """A test that left something open in its loop has failed."""
    try:
        return (yield)
    finally:
        left, ToldLoop.left_open[:] = list(ToldLoop.left_open), []
        if left:
            pytest.fail("left open when its loop was closed: " + "; ".join(left), pytrace=False)
