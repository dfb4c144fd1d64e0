"""Joins small ES modules into one classic script per page, so that a slow line asks once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";?\s*$', re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?:async\s+)?(?:class|function\*?|const)\s+([A-Za-z_$][\w$]*)", re.MULTILINE)
_EXPORT_WORD = re.compile(r"^export\s+(?=(?:async\s+)?(?:class|function|const)\b)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)
_COMMENT_BLOCK = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.MULTILINE | re.DOTALL)
_COMMENT_LINE = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_EMPTY_START = re.compile(r"^\s+", re.MULTILINE)
_GOES_ON = re.compile(r"([{(\[,;])\n")
_COMMENT_AFTER = re.compile(r"[{(\[,;)}]\s*//.*$", re.MULTILINE)


class ScriptNotBundled(ValueError):
    """A script that uses more of the module syntax than the bundler knows, or imports in a circle."""


def entry_scripts(folder: Path) -> list[str]:
    """The scripts below `folder`/js that no other script imports, as names like `js/chat/talk.js`."""
    names = {path.relative_to(folder).as_posix() for path in folder.glob("js/**/*.js")}
    imported = {target for name in names for target in _imports(folder, name)}
    return sorted(names - imported)


def bundle_script(folder: Path, entry: str) -> str:
    """`entry` and all it imports as one strict classic script.

    The rules, held by `ScriptNotBundled`: only named imports with a relative path in double quotes on one line or
    several (`import { a, b as c } from "./d.js";`), only exports of a class, a function or a const, no circles, no
    comment after code on its line, and no template literal over several lines (lines lose their leading space and are
    joined).
    """
    order: list[str] = []
    _visit(folder, entry, order, [])
    if len(order) == 1 and not _LEFT_OVER.search(text := _read(folder, entry)):
        # Two scripts of one page may name things alike: what a block holds is its own.
        return _squeeze(f"{{\n{text}\n}}\n")
    numbers = {name: f"m{number}" for number, name in enumerate(order)}
    modules = [_module(folder, name, numbers) for name in order]
    return _squeeze('(() => {\n"use strict";\n' + "\n".join(modules) + "\n})();\n")


def _visit(folder: Path, name: str, order: list[str], path: list[str]) -> None:
    if name in path:
        raise ScriptNotBundled(f"{name} imports itself by way of {path[-1]}")
    if name in order:
        return
    for target in _imports(folder, name):
        _visit(folder, target, order, [*path, name])
    order.append(name)


def _module(folder: Path, name: str, numbers: dict[str, str]) -> str:
    text = _read(folder, name)
    exported = _EXPORT.findall(text)
    text = _IMPORT.sub(
        lambda match: f"const {{{_renamed(match[1])}}} = {numbers[_target(name, match[2])]};",
        text,
    )
    text = _EXPORT_WORD.sub("", text)
    if left := _LEFT_OVER.search(text):
        raise ScriptNotBundled(f"{name}: {text[left.start() : left.start() + 60].strip()!r} is not understood")
    return f"const {numbers[name]} = (() => {{\n{text}\nreturn {{{', '.join(exported)}}};\n}})();"


def _renamed(names: str) -> str:
    """`a, b as c` as the destructuring `a, b: c`."""
    return ", ".join(re.sub(r"\s+as\s+", ": ", name.strip()) for name in names.split(",") if name.strip())


def _imports(folder: Path, name: str) -> Iterable[str]:
    return [_target(name, match[2]) for match in _IMPORT.finditer(_read(folder, name))]


def _target(importer: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), relative))


def _read(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ScriptNotBundled(f"{name} does not exist") from None


def _squeeze(text: str) -> str:
    """Without comments, leading space, and ends of lines that nothing can hang on."""
    bare = _EMPTY_START.sub("", _COMMENT_LINE.sub("", _COMMENT_BLOCK.sub("", text)))
    if left := _COMMENT_AFTER.search(bare):
        raise ScriptNotBundled(f"a comment stands behind code: {left[0][:60]!r}")
    return _GOES_ON.sub(r"\1", bare)
