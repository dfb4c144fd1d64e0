"""Holds every file to one purpose: a docstring of one sentence, and a length a person can read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.support.source import REPOSITORY, Module, modules, tracked

LONGEST = 300
WRITTEN_BY_HAND = {".py", ".js", ".css", ".html", ".sh"}
LISTED_NOT_READ = {"tests/package-lock.json"}


def by_hand() -> list[Path]:
    return [
        path.relative_to(REPOSITORY)
        for path in tracked()
        if path.suffix in WRITTEN_BY_HAND and str(path.relative_to(REPOSITORY)) not in LISTED_NOT_READ
    ]


@pytest.mark.parametrize("path", by_hand(), ids=str)
def test_a_file_is_no_longer_than_a_person_reads(path: Path) -> None:
    assert len((REPOSITORY / path).read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("module", [module for module in modules() if module.text.strip()], ids=str)
def test_a_module_says_what_it_is_in_one_sentence(module: Module) -> None:
    said = ast.get_docstring(module.tree)
    assert said, f"{module} says nothing about itself"

    first = said.split("\n\n")[0].replace("\n", " ").strip()
    # A full stop inside a name (`server.py`, `e.g.`) is followed by no space and capital.
    sentences = re.findall(r"[.!?](?=\s+[A-Z]|\s*$)", first)

    assert first.endswith("."), first
    assert len(sentences) == 1, first


@pytest.mark.parametrize("module", modules(), ids=str)
def test_nothing_is_named_in_the_words_of_a_call_centre(module: Module) -> None:
    forbidden = re.compile(r"(?<![a-z])(user|users|client|victim|ticket|lead|leads|manager|helper|utils?)(?![a-z])")
    # `client` is redis-py's own word for a connection and `user` the one of its access lists.
    allowed = {"client", "user"} if module.name.startswith(("portal.store", "chat.store", "server")) else set()
    names = {
        part
        for node in ast.walk(module.tree)
        for name in [getattr(node, "name", None)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and isinstance(name, str)
        for part in forbidden.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    }
    assert names - allowed == set()


def test_no_mark_says_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    found = [
        f"{path}:{number}"
        for path in by_hand()
        if path.name != Path(__file__).name
        for number, line in enumerate((REPOSITORY / path).read_text("utf-8").splitlines(), 1)
        if later.search(line)
    ]
    assert found == []
