"""Holds the tables of ASVS items to being whole: every item once, with tests that are there and say it themselves."""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.support.named_tests import is_there, named_tests
from tests.support.source import REPOSITORY

TABLE = REPOSITORY / "docs" / "asvs.md"
# The items the project is held to; the table may have more.
ITEMS = (
    *("3.2.2", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "3.4.7", "3.4.8"),
    *("3.5.1", "3.5.3", "3.6.1", "6.2.1", "6.2.7", "6.2.9", "6.3.1", "6.3.2", "6.3.3", "6.3.8", "6.5.1", "6.5.2"),
    *("7.2.3", "7.2.4", "7.3.1", "7.3.2", "7.4.1", "7.4.2", "7.4.4"),
    *("14.2.1", "14.2.3", "14.2.7", "14.2.8", "14.3.1", "14.3.2", "14.3.3"),
    *("4.1.1", "4.1.3", "4.1.4", "4.4.1", "4.4.2", "4.4.3", "4.4.4", "8.2.1", "8.2.2", "8.3.1", "8.3.2", "11.4.2"),
    *("11.5.1", "13.4.2", "13.4.6", "15.4.2", "16.2.5", "16.4.1", "16.5.1", "16.5.2", "16.5.3"),
)
CARRIED = {"3", "6", "7", "14"}  # the chapters whose tests carry the number of their item
RESULTS = ("holds", "decided otherwise")


def rows() -> list[tuple[str, str, str]]:
    """Item, tests, result."""
    found = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", TABLE.read_text("utf-8"), re.MULTILINE
    )
    return [(item, tests, result.strip()) for item, tests, result in found]


@cache
def numbers_in(path: str) -> dict[str, set[str]]:
    """Which items each test of a file says it holds."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse((REPOSITORY / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [each for each in node.decorator_list if isinstance(each, ast.Call)]
            found[node.name] = {
                argument.value
                for mark in marks
                if isinstance(mark.func, ast.Attribute) and mark.func.attr == "asvs"
                for argument in mark.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            }
    return found


def test_each_chapter_has_one_table_and_they_stand_in_their_order() -> None:
    chapters = re.findall(r"^## (\d+) · ", TABLE.read_text("utf-8"), re.MULTILINE)
    assert chapters == sorted(set(chapters), key=int)
    assert list(dict.fromkeys(item.partition(".")[0] for item, _, _ in rows())) == chapters


def test_every_item_stands_in_the_table_once_with_a_result() -> None:
    items = [item for item, _, _ in rows()]
    assert sorted(set(ITEMS) - set(items)) == []
    assert len(items) == len(set(items))
    assert [item for item, tests, result in rows() if not named_tests(tests) or not result.startswith(RESULTS)] == []


def test_every_test_of_the_tables_is_there_and_carries_the_number() -> None:
    named = [(item, path, name) for item, tests, _ in rows() for path, name in named_tests(tests)]
    assert [each for each in named if not is_there(*each[1:])] == []
    carried = [each for each in named if each[0].partition(".")[0] in CARRIED]
    assert [(item, path, name) for item, path, name in carried if item not in numbers_in(path)[name]] == []


def test_every_number_a_test_carries_stands_in_the_table_with_it() -> None:
    named = {(item, path, name) for item, tests, _ in rows() for path, name in named_tests(tests)}
    files = [
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / "tests").rglob("test_*.py")
        if "node_modules" not in path.parts and ".venv" not in path.parts and "mark.asvs(" in path.read_text("utf-8")
    ]
    said = {(item, path, name) for path in files for name, items in numbers_in(path).items() for item in items}
    assert sorted(said - named) == []
