"""Judges whether the house lets a chat begin now: by a supervisor's switch first, then by the hours of her language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from portal.hours import Span, is_within, next_within

# The hours of every language that has none of its own.
EVERY_LANGUAGE: Final = ""

Word = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Switch:
    """What a supervisor said: the chat is open, or closed, until a moment or until somebody says otherwise."""

    word: Word
    until: datetime | None
    by: bytes

    def holds(self, at: datetime) -> bool:
        """Whether it still counts at this moment."""
        return self.until is None or at < self.until


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a chat may begin now; when not, from when on it may, as far as anybody can say."""

    is_open: bool
    opens: datetime | None = None


@dataclass(frozen=True)
class Doors:
    """The hours by language, the zone they are meant in, and the switch. `is_known` is false before a first reading.

    `off` are the languages in which no chat begins; `calls_back` says that the house can call with an interpreter.
    """

    zone: str = "UTC"
    hours: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    switch: Switch | None = None
    is_known: bool = True
    off: frozenset[str] = frozenset()
    calls_back: bool = False

    def hours_of(self, language: str) -> tuple[Span, ...]:
        """The hours that count for this language; empty: none are set, so no hour is outside them."""
        return self.hours.get(language) or self.hours.get(EVERY_LANGUAGE, ())

    def switched(self, at: datetime) -> Switch | None:
        """The switch, while it counts."""
        return self.switch if self.switch is not None and self.switch.holds(at) else None

    def judge(self, language: str, at: datetime) -> Judged:
        """Whether the house lets a chat in this language begin at this moment."""
        if not self.is_known or language in self.off:
            return Judged(is_open=False)
        switch = self.switched(at)
        if switch is not None and switch.word == "open":
            return Judged(is_open=True)
        if switch is not None:
            return Judged(is_open=False, opens=None if switch.until is None else self._from(language, switch.until))
        spans = self.hours_of(language)
        if not spans or is_within(spans, at, self.clock):
            return Judged(is_open=True)
        return Judged(is_open=False, opens=self._from(language, at))

    @property
    def clock(self) -> tzinfo:
        """The clock on the wall of the house."""
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)

    def _from(self, language: str, at: datetime) -> datetime | None:
        spans = self.hours_of(language)
        return next_within(spans, at, self.clock) if spans else at.astimezone(self.clock)


def is_known_zone(zone: str) -> bool:
    """Whether this machine has the clock of a zone by this name."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The zones this machine knows by the name of a place, and UTC. Looks through a folder: for the page that asks."""
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return frozenset({"UTC", *(name for name in available_timezones() if name.split("/")[0] in areas)})
