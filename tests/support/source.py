"""Reads the project's own source: which modules there are, what each imports, which files are tracked."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("i18n", "portal", "chat", "tips")


@dataclass(frozen=True)
class Module:
    """One Python file of the house by its dotted name."""

    name: str
    path: Path

    @property
    def tree(self) -> ast.Module:
        return parse(self.path)

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    def __str__(self) -> str:
        return self.name


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the house, the front door included; tests and benchmarks are not of the house."""
    found = [REPOSITORY / "server.py"]
    for room in ROOMS:
        found += sorted((REPOSITORY / room).rglob("*.py"))
    return tuple(Module(dotted(path), path) for path in found if path.exists())


def dotted(path: Path) -> str:
    """`portal/web/page.py` is `portal.web.page`; a package goes by its folder's name."""
    parts = list(path.relative_to(REPOSITORY).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


@cache
def imports(module: Module) -> frozenset[str]:
    """Every module `module` imports anywhere in its file; `from a import b` counts as `a.b` when that is a module."""
    return named(module, list(ast.walk(module.tree)))


@cache
def runs_through(module: Module) -> frozenset[str]:
    """Every module that must be loaded for this one: what is only imported to name a type is left out."""
    for_types: set[ast.AST] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for_types |= {inner for statement in node.body for inner in ast.walk(statement)}
    return named(module, [node for node in ast.walk(module.tree) if node not in for_types])


def named(module: Module, nodes: list[ast.AST]) -> frozenset[str]:
    """The modules that the import statements among the nodes name."""
    known = {each.name for each in modules()}
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = resolved(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in known else base)
    return frozenset(found)


def resolved(module: Module, node: ast.ImportFrom) -> str:
    """The absolute name behind a relative import."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    if module.path.name != "__init__.py":
        parts = parts[:-1]
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def reaches(imported: str, *packages: str) -> bool:
    """True when the imported name is one of the packages or lies inside one."""
    return any(imported == package or imported.startswith(package + ".") for package in packages)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file the repository holds."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True, timeout=30)
    names = [REPOSITORY / name for name in listed.stdout.decode("utf-8").split("\0") if name]
    return tuple(path for path in names if path.is_file())


def tracked_text(*suffixes: str) -> list[tuple[Path, str]]:
    """Every tracked file that reads as text, with its words; only the given endings when some are given."""
    found = []
    for path in tracked():
        if suffixes and path.suffix not in suffixes:
            continue
        try:
            found.append((path.relative_to(REPOSITORY), path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found
