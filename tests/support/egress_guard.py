"""Fails every test in which this process spoke to another machine; servers are held by whoever starts them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from tests.support.egress.sitecustomize import watch

_left: list[str] = []

watch(_left.append)


@contextmanager
def looking_out() -> Iterator[list[str]]:
    """For tests of the guard itself: what this process wanted to send elsewhere meanwhile, and is not failed for."""
    before = len(_left)
    seen: list[str] = []
    try:
        yield seen
    finally:
        seen += _left[before:]
        del _left[before:]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """A test that spoke to another machine has failed, even if it caught what it was told."""
    try:
        return (yield)
    finally:
        left = list(_left)
        _left.clear()
        if left:
            pytest.fail(f"this process left the machine: {left}")
