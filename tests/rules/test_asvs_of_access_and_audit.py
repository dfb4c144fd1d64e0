"""Holds the table of ASVS items on access, audit and errors to being whole: each item once, each named test there."""

from __future__ import annotations

import re

from tests.support.named_tests import is_there, named_tests
from tests.support.source import REPOSITORY, imports, modules

TABLE = REPOSITORY / "docs" / "asvs-8-16.md"
ITEMS = {
    *("4.1.1", "4.1.3", "4.1.4", "4.4.1", "4.4.2", "4.4.3", "4.4.4", "8.2.1", "8.2.2", "8.3.1", "8.3.2", "11.4.2"),
    *("11.5.1", "13.4.2", "13.4.6", "15.4.2", "16.2.5", "16.4.1", "16.5.1", "16.5.2", "16.5.3"),
}
RESULTS = ("holds", "decided otherwise")
# Draws what nobody has to guess: how long to wait, whom a lottery takes, what a demonstration says.
MAY_DRAW_OTHERWISE = ("portal.demo", "portal.demo_people")


def rows() -> list[tuple[str, str, str]]:
    """Item, tests, result."""
    found = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", TABLE.read_text("utf-8"), re.MULTILINE
    )
    return [(item, tests, result) for item, tests, result in found]


def test_every_item_stands_there_once_with_tests_and_a_result() -> None:
    items = [item for item, _, _ in rows()]

    assert sorted(ITEMS - set(items)) == []
    assert len(items) == len(set(items))
    assert [item for item, tests, result in rows() if not named_tests(tests) or not result.startswith(RESULTS)] == []


def test_every_test_it_names_is_there() -> None:
    named = [(item, path, name) for item, tests, _ in rows() for path, name in named_tests(tests)]

    assert [each for each in named if not is_there(*each[1:])] == []


def test_nothing_is_drawn_from_a_generator_that_can_be_guessed() -> None:
    drawing = [module.name for module in modules() if "random" in imports(module)]

    assert [name for name in drawing if name not in MAY_DRAW_OTHERWISE] == []
