"""What the book of contacts hands out: a record, a page of records, what a supervisor wrote to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from portal.records.contact import ContactRecord
from portal.records.supervising import SupervisorEntry

Waits = Literal["", "now", "shift", "asked", "done"]


@dataclass(frozen=True, slots=True)
class Written:
    """What a supervisor wrote, of which day; nothing for whoever's keys do not open it."""

    day: str
    entry: SupervisorEntry | None


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it is read; no `record` for whoever's keys do not open it."""

    id: bytes
    day: str
    waits: Waits
    record: ContactRecord | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of records; `ends`: the last of them, where more follow."""

    rows: Sequence[Row]
    ends: Row | None
