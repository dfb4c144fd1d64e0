"""Walks every call that writes a line of the log: an act, names of a closed list, and no value that a person made."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.source import REPOSITORY

ROOMS = ("portal", "chat", "tips", "i18n")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
WRITES = re.compile(r"log(?:ger|ging)?\.(?:debug|info|warning|error|exception|critical)\(")
PAGE = REPOSITORY / "docs" / "seeing.md"
# One word, and names with a number or a word; a name may say what it is about as a word of ours.
ACT = re.compile(r"(?:[a-z][a-z0-9_]*|%s_[a-z_]+)(?: [a-z_]+=(?:%[sd]|[a-z_]+))*")
# What stands behind a name: never what somebody typed, nor an error's own text, which may quote it.
MAY_BE = re.compile(
    r"type\(\w+(\.exceptions\[0\])?\)\.__name__"  # the kind of an error
    r"|error if isinstance\(error, NotHeard\) else ''"  # one dull word of ours
    r"|getattr\(work, '__qualname__', type\(work\)\.__name__\)"  # a function of ours
    r"|','\.join\(map\(str, opened\.refused\)\)"  # numbers of lines that hold keys
    r"|message\['status'\]"
    r"|[a-z_]+(\.breaks\[0\])?(\._?[a-z_]+){0,2}"  # a value of ours by its name
)


@dataclass(frozen=True)
class Said:
    """One call: where, what it says, and what stands in it."""

    where: str
    words: ast.expr
    values: list[str]
    is_more: bool


def calls() -> Iterator[Said]:
    """Every call on something named like a log."""
    for room in ROOMS:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            if "getLogger" not in (text := path.read_text("utf-8")):
                continue
            for node in ast.walk(ast.parse(text)):
                if _writes(node):
                    assert isinstance(node, ast.Call)
                    where = f"{path.relative_to(REPOSITORY)}:{node.lineno}"
                    more = {word.arg for word in node.keywords} - {"exc_info"}
                    yield Said(where, node.args[0], [ast.unparse(each) for each in node.args[1:]], bool(more))


def _writes(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LEVELS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id.lower().strip("_") in ("log", "logger")
    )


SAID = list(calls())


def names(said: Said) -> list[str]:
    """The names a line gives its values."""
    assert isinstance(said.words, ast.Constant)
    return re.findall(r"(\w+)=", str(said.words.value))


def explained() -> dict[str, str]:
    """Names that docs/seeing.md lists, each with what it holds."""
    section = PAGE.read_text("utf-8").split("\n### Names in a line\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \|$", section, re.MULTILINE)
    return dict(rows)


def test_the_walk_finds_what_is_there() -> None:
    assert len(SAID) > 80
    files = [path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py")]
    write = {str(path.relative_to(REPOSITORY)) for path in files if WRITES.search(path.read_text("utf-8"))}
    assert {said.where.split(":")[0] for said in SAID} == write


@pytest.mark.parametrize("room", ROOMS)
def test_every_line_is_an_act_with_names(room: str) -> None:
    for said in SAID:
        if said.where.startswith(room):
            assert isinstance(said.words, ast.Constant), f"{said.where}: words are put together"
            assert ACT.fullmatch(str(said.words.value)), (said.where, said.words.value)
            assert str(said.words.value).count("%") == len(said.values), said.where
            assert not said.is_more, f"{said.where}: more than words and values"


def test_no_value_is_an_errors_text_or_what_a_person_made() -> None:
    for said in SAID:
        for value in said.values:
            assert MAY_BE.fullmatch(value), f"{said.where}: {value}"
            assert not re.search(
                r"\b(address|agent|text|words|receipt|token|client|request|path|ip|form|body)\b", value
            ), (
                said.where,
                value,
            )


def test_the_page_explains_every_name_and_no_other() -> None:
    assert {name for said in SAID for name in names(said)} == set(explained())
