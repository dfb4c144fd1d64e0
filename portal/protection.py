"""Knows up to which age the law of a region protects a child, and who must report: only what was read in a source.

Each rule has its source, and the file the day on which all were read. A region that is not in it has no rule here: who
answers then asks a supervisor. It is not the age at which the law on trafficking counts somebody as a minor.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).parent / "data" / "protection.json"

# Everybody must report; up to one age must, up to the other may; must for some harm, and all else by one's work.
Kind = Literal["all", "may", "some"]


class Rule(msgspec.Struct, frozen=True):
    """The rule of one region, as its source says it. Ages are those a child has not reached yet."""

    region: str
    under: int
    reports_under: int
    some: bool  # only some harm must be reported by everybody
    source: str

    @property
    def kind(self) -> Kind:
        """Which sentence says it."""
        if self.some:
            return "some"
        return "all" if self.reports_under == self.under else "may"


class Protection(msgspec.Struct, frozen=True):
    """The whole file. `checked` is the day on which every source was last read."""

    checked: date
    rules: tuple[Rule, ...]

    def rule(self, region_id: str) -> Rule | None:
        """The rule of a region, None where none was checked."""
        return next((rule for rule in self.rules if rule.region == region_id), None)


@cache
def protection() -> Protection:
    """The rules as shipped; read once."""
    return msgspec.json.decode(FILE.read_bytes(), type=Protection)
