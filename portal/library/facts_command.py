"""Prints, at the terminal, every phone number and law the site names, with its source and the day it was checked."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from portal.library.facts import Fact, facts
from portal.settings import Settings

WHOLE: Final = 0
NOT_WHOLE: Final = 1
"""One has no source, or was checked before the day that was asked for."""


def tell(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py facts [--since DAY]`. Reads what ships, and no house.

    0: each has a source and a day; with `--since`, each was checked on that day or later. 1: not so, and which.
    """
    parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="say which are older than this")
    told = vars(parser.parse_args(arguments))
    since: date | None = told.pop("since")
    read(told)
    listed = facts()
    for fact in listed:
        print(said(fact))
    late = [fact for fact in listed if not fact.source or fact.checked is None or (since and fact.checked < since)]
    print(
        f"{sum(fact.kind == 'number' for fact in listed)} numbers, {sum(fact.kind == 'law' for fact in listed)} laws."
    )
    for fact in late:
        print(f"To be checked: {said(fact)}")
    return NOT_WHOLE if late else WHOLE


def said(fact: Fact) -> str:
    """One line: what it is, for where, who published it, and the day that was last read."""
    day = fact.checked.isoformat() if fact.checked else "never"
    return "\t".join((fact.kind, fact.where or "all", fact.what, fact.name, fact.source or "no source", day))
