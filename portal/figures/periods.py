"""Knows the spans of time that figures are kept by: months, quarters, years, and when a quarter may be closed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

# A record is written over until its words are gone, at most two days, and waits for a database that is away. After two
# weeks nothing of a quarter moves any more.
SETTLES: Final = timedelta(days=14)
_WRITTEN: Final = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a year, 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def begins(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        """Its last day."""
        return self.next.begins - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter that follows."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def months(self) -> tuple[str, ...]:
        """Its three months, as `2026-04`."""
        return tuple(f"{self.year}-{3 * self.number - 2 + at:02}" for at in range(3))

    def is_settled(self, today: date) -> bool:
        """Whether nothing of it moves any more."""
        return today > self.ends + SETTLES


def quarter_of(day: date) -> Quarter:
    """The quarter a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(written: str) -> Quarter:
    """The quarter that `2026-Q4` names. Raises ValueError."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError("no quarter")
    return Quarter(int(found[1]), int(found[2]))


def quarters_of(year: int) -> tuple[Quarter, ...]:
    """The four quarters of a year."""
    return tuple(Quarter(year, number) for number in range(1, 5))


def settled(first: date, today: date) -> Iterator[Quarter]:
    """The quarters from the one `first` lies in that may be closed today, the oldest first."""
    each = quarter_of(first)
    while each.is_settled(today):
        yield each
        each = each.next


def month_ends(month: str) -> date:
    """The last day of a month written as `2026-04`."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def whole_months(begins: date, ends: date, known: Sequence[str]) -> tuple[str, ...]:
    """Those of the months that lie whole between two days, both of them counted."""
    return tuple(month for month in known if begins <= date.fromisoformat(f"{month}-01") and month_ends(month) <= ends)
