"""The published design cites tests; each of them exists."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def rows() -> list[list[str]]:
    """The table of what a seized thing gives up: taken, gives, does not give, held there by."""
    text = (REPOSITORY / "docs" / "seized.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_test_the_design_names_exists() -> None:
    path, cited = "", []
    for found in re.finditer(r"`(tests/[\w/]+\.py)?::(test_\w+)`", "\n".join(held for *_, held in rows())):
        path = found[1] or path
        cited.append((path, found[2]))
    assert len(cited) > 15
    for where, name in cited:
        assert re.search(rf"^(async )?def {name}\(", (REPOSITORY / where).read_text("utf-8"), re.MULTILINE), name


def test_every_row_that_says_does_not_names_a_test_or_says_why_not() -> None:
    for taken, gives, does_not, held in rows():
        assert gives, taken
        assert does_not, taken
        assert "::test_" in held or "nothing can hold this" in held, taken
    assert len(rows()) > 10
