"""Says what is handed to the program that prints: words in their order, and nothing about where they come from."""

from typing import Final

import msgspec

DONE: Final = 0
FAILED: Final = 3
MOST_WORDS: Final = 4 * 1024 * 1024
MOST_PRINTED: Final = 16 * 1024 * 1024


class Row(msgspec.Struct, frozen=True):
    """One field on paper: what it is called, and its answers."""

    label: str
    answers: tuple[str, ...]


class Part(msgspec.Struct, frozen=True):
    """Some fields under a heading."""

    head: str
    rows: tuple[Row, ...]


class Paper(msgspec.Struct, frozen=True):
    """A report in words. `undrawn` is the line that is added where a sign could not be drawn."""

    language: str
    title: str
    undrawn: str
    notes: tuple[str, ...]
    parts: tuple[Part, ...]

    def __repr__(self) -> str:
        return "Paper(...)"
