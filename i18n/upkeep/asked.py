"""Finds every phrase key that templates and code ask for.

A key is written out, or begun or finished by a value: `t("danger." ~ kind)`, `f"region.{id}"`, `about ~ ".heading"`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOMS: Final = ("chat", "portal", "tips", "i18n")

KEY: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_BEGINNING: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*[._]")
_ENDING: Final = re.compile(r"(\.[a-z0-9_]+)+")
_QUOTED: Final = re.compile(r"""(["'])([a-z0-9_.-]+)\1\s*(~?)""")
_JSON: Final = re.compile(r'"([a-z0-9_.-]+)"')
_FINISHED: Final = re.compile(r"""~\s*(["'])((?:[._][a-z0-9_]+)+)\1""")
_CALL: Final = re.compile(r"""(?<![\w.])(?:tn?|bothn?|originaln?)\(\s*(["'])([^"']+)\1\s*(~|,|\)|%)""")


@dataclass
class Asked:
    """Where each key is asked for; `called` are those that a template hands to a function for words itself.

    `words` are all short texts of the code, of which a key may be put together with one of `endings`.
    """

    whole: dict[str, list[str]] = field(default_factory=dict)
    beginnings: dict[str, list[str]] = field(default_factory=dict)
    endings: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    called: dict[str, str] = field(default_factory=dict)

    def asks(self, key: str) -> bool:
        """Whether anything may ask for this key."""
        if key in self.whole:
            return True
        if any(key.endswith(ending) and key.removesuffix(ending) in self.words for ending in self.endings):
            return True
        return any(key.startswith(start) and self._is_said(key.removeprefix(start)) for start in self.beginnings)

    def _is_said(self, rest: str) -> bool:
        """Whether the rest of a key is a word of the code, or several with points between, or a number."""
        if rest in self.words:
            return True
        part, _, more = rest.partition(".")
        return self._is_word(part) and (not more or self._is_said(more))

    def _is_word(self, part: str) -> bool:
        # One of several that are told apart by a number: `say1`, `say2`.
        if part.isdigit() or part.rstrip("0123456789") in self.words:
            return True
        if any(part.endswith(ending) and part.removesuffix(ending) in self.words for ending in self.endings):
            return True
        return any(part.startswith(start) and part.removeprefix(start) in self.words for start in self.beginnings)

    def missing(self, known: Iterable[str]) -> dict[str, str]:
        """Each key, or beginning of one, that a template asks for and nobody has words for, with where."""
        kept = set(known)
        return {
            key: where
            for key, where in self.called.items()
            if key not in kept and not (key.endswith("*") and any(one.startswith(key[:-1]) for one in kept))
        }


def asked(root: Path) -> Asked:
    """Everything below `root` that asks for words."""
    found = Asked()
    for path in sorted((root / "templates").rglob("*.html")):
        _in_template(path.read_text("utf-8"), path.relative_to(root).as_posix(), found)
    for path in sorted((root / "portal" / "data").glob("*.json")):
        for words in _JSON.findall(path.read_text("utf-8")):
            _take(words, path.relative_to(root).as_posix(), found, goes_on=False)
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            _in_code(path.read_text("utf-8"), path.relative_to(root).as_posix(), found)
    return found


def _in_template(text: str, name: str, found: Asked) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{name}:{number}"
        for _, words, goes_on in _QUOTED.findall(line):
            _take(words, where, found, goes_on=bool(goes_on))
        found.endings.update(ending for _, ending in _FINISHED.findall(line))
        for _, key, after in _CALL.findall(line):
            found.called[key if after != "~" else f"{key}*"] = where


def _in_code(text: str, name: str, found: Asked) -> None:
    tree = ast.parse(text)
    # The members of an enumeration: many a key ends with the name of one.
    found.words.update(
        target.id.lower()
        for named in ast.walk(tree)
        if isinstance(named, ast.ClassDef)
        for line in named.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    )
    for node, goes_on in _texts(tree):
        _take(str(node.value), f"{name}:{node.lineno}", found, goes_on=goes_on)


def _texts(tree: ast.AST) -> Iterator[tuple[ast.Constant, bool]]:
    """Every text of a module, and whether a value follows it."""
    followed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node.values:
            followed.add(node.values[0])
        elif isinstance(node, ast.BinOp):
            followed.add(node.left)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node in followed


def _take(text: str, where: str, found: Asked, *, goes_on: bool) -> None:
    if goes_on and _BEGINNING.fullmatch(text):
        found.beginnings.setdefault(text, []).append(where)
    elif KEY.fullmatch(text):
        found.whole.setdefault(text, []).append(where)
    elif _ENDING.fullmatch(text):
        found.endings.add(text)
        found.words.update(text.split("."))
    found.words.update((text, *text.split()))
