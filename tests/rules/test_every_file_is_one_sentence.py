"""Holds every file to one purpose: a docstring of one sentence, and a length a person can read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

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


def test_a_file_is_no_longer_than_a_person_reads() -> None:
    lengths = {str(path): len((REPOSITORY / path).read_text("utf-8").splitlines()) for path in by_hand()}

    assert lengths
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_a_module_says_what_it_is_in_one_sentence() -> None:
    firsts = {str(module): first_said(module) for module in modules() if module.text.strip()}

    assert firsts
    assert {name: first for name, first in firsts.items() if not is_one_sentence(first)} == {}


def first_said(module: Module) -> str:
    """The first paragraph of what a module says about itself."""
    said = ast.get_docstring(module.tree) or ""
    return said.split("\n\n")[0].replace("\n", " ").strip()


def is_one_sentence(said: str) -> bool:
    # A full stop inside a name (`server.py`, `e.g.`) is followed by no space and capital.
    return said.endswith(".") and len(re.findall(r"[.!?](?=\s+[A-Z]|\s*$)", said)) == 1


def test_nothing_is_named_in_the_words_of_a_call_centre() -> None:
    found = {str(module): names for module in modules() if (names := call_centre_names(module))}

    assert found == {}


def call_centre_names(module: Module) -> set[str]:
    """The words of a call centre among the names a module gives."""
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
    return names - allowed


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
