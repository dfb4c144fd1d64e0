"""Reads the blocks of commands out of a guide, as somebody does who types them one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.support.server_process import REPOSITORY

DEPLOY = REPOSITORY / "docs" / "deploy"
GUIDES = ("systemd.md", "container.md", "onion.md")
_NAMED = re.compile(
    r"(?<![\w/.-])((?:docs|portal|chat|tips|i18n|templates|static)(?:/[\w.*-]+)*|[\w.-]+\.(?:py|toml|lock))(?=\s|$)"
)


@dataclass(frozen=True)
class Block:
    """One block: the heading it stands under, the line of the guide it begins at, and its commands."""

    heading: str
    line: int
    commands: tuple[str, ...]

    def named(self) -> list[str]:
        """The files of ours that its commands take something from."""
        return [name for command in self.commands for name in _NAMED.findall(command)]


def blocks(guide: Path) -> list[Block]:
    """Every indented block of commands in a guide, in order."""
    found: list[Block] = []
    heading, began, commands = "", 0, list[str]()
    lines = guide.read_text("utf-8").splitlines()
    for number, line in enumerate([*lines, ""], start=1):
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if line.startswith("    ") and (commands or not lines[number - 2].strip()):
            began = began or number
            commands.append(line[4:])
        elif commands:
            found.append(Block(heading, began, tuple(commands)))
            began, commands = 0, []
    return found
