"""Lets the event loop come in between the steps of long work in a thread."""

import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

BREATH_EVERY_SECONDS: Final = 0.002
BREATH_SECONDS: Final = 0.0002


def breathing(things: Iterable[T]) -> Iterator[T]:
    """The same things; between two of them the thread steps back now and then, so that the event loop comes in."""
    since = time.monotonic()
    for thing in things:
        yield thing
        if time.monotonic() - since > BREATH_EVERY_SECONDS:
            time.sleep(BREATH_SECONDS)
            since = time.monotonic()
