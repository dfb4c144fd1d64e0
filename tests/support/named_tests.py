"""Reads a cell of a table in `docs/`: which tests it names, whether they are there, and what it says beside them."""

from __future__ import annotations

import re

from tests.support.source import REPOSITORY

# A test without a file is of the file named before it. A script's test goes by the sentence it is called.
_NAMED = re.compile(r"`(tests/[\w/]+\.py|tests/js/\w+\.test\.js)?::([^`]+)`")


def named_tests(cell: str) -> list[tuple[str, str]]:
    """Each test the cell names, as file and name; the file is empty where none stands before the name."""
    named, path = [], ""
    for found in _NAMED.finditer(cell):
        path = found[1] or path
        named.append((path, found[2]))
    return named


def is_there(path: str, name: str) -> bool:
    """Whether the file has a test of this name."""
    file = REPOSITORY / path
    if not file.is_file():
        return False
    text = file.read_text("utf-8")
    if file.suffix == ".js":
        return f'\ntest("{name}", ' in text
    return re.search(rf"^(async )?def {re.escape(name)}\(", text, re.MULTILINE) is not None


def said_beside(cell: str) -> str:
    """What the cell says beside the tests it names."""
    return re.sub(r"`[^`]*`|[,;.\s]+", " ", cell).strip()
