"""Reads the time limits that laws set, each with where it stands and the day somebody looked."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from portal.privacy.kinds import KINDS, Kind

FILE: Final = Path(__file__).parent.parent / "data" / "privacy.json"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit. `days` 0: as soon as it can be done."""

    kind: Kind
    days: int
    law: str
    where: str
    source: str
    checked: date


@cache
def limits() -> tuple[Limit, ...]:
    """Every limit of the file. Raises KeyError and ValueError for a file that is not whole."""
    found = json.loads(FILE.read_text("utf-8"))["limits"]
    return tuple(_limit(each) for each in found)


def limits_of(kind: Kind) -> tuple[Limit, ...]:
    """Those of one kind of request."""
    return tuple(limit for limit in limits() if limit.kind == kind)


def _limit(said: dict[str, str]) -> Limit:
    kind = next(each for each in KINDS if each == said["kind"])
    checked = date.fromisoformat(said["checked"])
    return Limit(kind, int(said["days"]), said["law"], said["where"], said["source"], checked)
