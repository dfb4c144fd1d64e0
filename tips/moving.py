"""Lets the rows of the tips move with the house: a table is known once its room was read."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any

import portal.assembly  # noqa: F401 - names the tables
import tips.routes  # noqa: F401 - names ours
from portal.moving.command import run as move_rows
from portal.settings import Settings


def run(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py move`."""
    return move_rows(parser, read, arguments)
