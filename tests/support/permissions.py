"""Reads docs/permissions.md: which role has which right, and what each address and each frame of the desk asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.staff.rights import Right, Role
from tests.support.source import REPOSITORY

PAGE = REPOSITORY / "docs" / "permissions.md"

NOBODY = "nobody: no session is asked for"
LOCK = "a session, locked or not"
SESSION = "a session"
BY_ROLE = ", by role"


@dataclass(frozen=True)
class Table:
    """The page. `rights`: for each right and role None where it has none, else whose key it needs, or nothing."""

    rights: dict[tuple[Right, Role], str | None]
    addresses: dict[tuple[str, str], str]
    frames: dict[str, frozenset[Right]]
    lines: dict[str, str]

    def has(self, right: Right, role: Role, *, with_keys: bool) -> bool:
        """Whether somebody of this role has the right: with every key, or with none."""
        needs = self.rights[right, role]
        return needs is not None and (with_keys or not needs)

    def allows(self, asks: str, role: Role, *, with_keys: bool) -> bool:
        """Whether somebody signed in and vouched for meets what an address asks for."""
        if asks in (NOBODY, LOCK, SESSION):
            return True
        if asks.endswith(BY_ROLE):
            return self.has(Right(asks.removesuffix(BY_ROLE)), role, with_keys=True)
        return any(self.has(Right(each), role, with_keys=with_keys) for each in asks.split(" or "))


def table() -> Table:
    """The page as it stands."""
    sections = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    rights, addresses, frames = (next(each for each in sections if each.startswith(name)) for name in _SECTIONS)
    return Table(
        {
            (Right(name), role): {"": None, "yes": ""}.get(cell, cell.removeprefix("with *").removesuffix("*"))
            for name, *cells in _rows(rights)
            for role, cell in zip(Role, cells, strict=True)
        },
        {(method, path.strip("`")): asks for path, how, asks in _rows(addresses) for method in how.split()},
        {
            name: frozenset(Right(each) for each in asks.split(" or "))
            for name, asks in _rows(frames)
            if not name.startswith("`")
        },
        {path.strip("`"): asks for path, asks in _rows(frames) if path.startswith("`")},
    )


def is_inside(asks: str) -> bool:
    """Whether what is asked for is asked behind the guard, by the page itself."""
    return asks not in (NOBODY, LOCK, SESSION) and (asks.endswith(BY_ROLE) or " or " in asks)


_SECTIONS = ("Rights and roles", "Addresses", "Lines of the desk")


def _rows(section: str) -> list[list[str]]:
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    # The first row of each table names its columns, the second is ruled.
    ruled = {at for at, row in enumerate(cells) if set(row) == {"---"}}
    return [row for at, row in enumerate(cells) if at not in ruled and at + 1 not in ruled]
