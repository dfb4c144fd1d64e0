"""Holds for a whole hour what somebody's words could move by the minute: room on a disk, how fast it is, a late key.

A write is slower while a photo is sealed, and a disk passes a twentieth at the moment some word is kept. Seen each 15
seconds, either would be the moment of a person's doing (decision 0057). What cannot wait is said at once all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from portal.operation.judging import SLOW_MS, Finding, Grade, Matter, Seen

HOUR_S: Final = 3_600
STUCK_MS: Final = 3_000.0  # a write that did not end


@dataclass(frozen=True, slots=True)
class Held:
    """What one hour says: the middle one of its writes in milliseconds, each disk's free part, and how keys stood."""

    write_ms: float
    free: Mapping[str, float]
    grades: Mapping[Matter, Grade]


class Hourly:
    """One in each process. Until its first hour is over it says what it saw first."""

    def __init__(self) -> None:
        self._hour: int | None = None
        self._writes: list[float] = []
        self.held: Held | None = None

    def note(self, seen: Seen, findings: Iterable[Finding]) -> None:
        """One look at the house. The first of an hour is held until the next."""
        hour = int(seen.now.timestamp()) // HOUR_S
        write = STUCK_MS if seen.write_ms is None else seen.write_ms
        if hour != self._hour:
            middle = median(self._writes or [write])
            grades = {found.matter: found.grade for found in findings}
            grades["writing"] = Grade.SOON if middle > SLOW_MS else Grade.WELL
            self.held = Held(middle, {disk.place: disk.free for disk in seen.disks}, grades)
            self._hour, self._writes = hour, []
        self._writes.append(write)

    def grade(self, found: Finding) -> Grade:
        """How this matter stands, for whoever sees every change of it."""
        if self.held is None or found.matter not in ("disk", "writing", "keys"):
            return found.grade
        was = self.held.grades.get(found.matter, found.grade)
        if found.matter == "keys":
            return was  # it is in order again at the moment somebody who may change it signs in
        return found.grade if found.grade >= Grade.BAD else min(was, Grade.SOON)
