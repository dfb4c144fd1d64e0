"""The published design cites tests; each of them exists."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def test_every_test_the_design_names_exists() -> None:
    text = (REPOSITORY / "docs" / "keys.md").read_text("utf-8")
    rows = text[text.index("## What a seized thing gives up") :]
    path, cited = "", []
    for found in re.finditer(r"`(tests/[\w/]+\.py)?::(test_\w+)`", rows):
        path = found[1] or path
        cited.append((path, found[2]))
    assert len(cited) > 15
    for where, name in cited:
        assert re.search(rf"^(async )?def {name}\(", (REPOSITORY / where).read_text("utf-8"), re.MULTILINE), name


def test_every_row_that_says_does_not_names_a_test_or_says_why_not() -> None:
    text = (REPOSITORY / "docs" / "keys.md").read_text("utf-8")
    rows = text[text.index("## What a seized thing gives up") :].split("\n|")[3:]
    for row in rows:
        held = row.split("|")[3]
        assert "::test_" in held or "nothing can hold this" in held
