"""Puts figures together for a span of days somebody names: sums of what was published, and nothing finer.

Every number here is one that a quarter, a month or a year already shows, or a sum of such. So whatever spans somebody
asks for one after the other, there is nothing to find in their differences.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.figures.book import Shown
from portal.figures.periods import quarters_of, read_quarter, whole_months
from portal.figures.shape import TABLES, TOTALS
from portal.figures.slips import ENDINGS
from portal.figures.small import FLOOR

SECTIONS: Final = ("sums", "waits", "asked", *(table.name for table in TABLES))


@dataclass(frozen=True, slots=True)
class Sum:
    """One number: what it counts, how many, over which spans, and those left out because they are not shown."""

    name: str
    count: int
    counted: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table over several spans; None where a count is not shown. `rest`: what is not shown, together, by span."""

    name: str
    spans: tuple[str, ...]
    rows: dict[str, tuple[int | None, ...]]
    rest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a span of days has. `spans`: the closed quarters and years that lie whole in it, the oldest first, `closed`
    the day each was closed on. `late`: how many contacts of a quarter are of an earlier one, and came when that was
    closed.

    `asked` has the first number of each band, `bands` how wide they are in each of its spans.
    """

    spans: tuple[str, ...]
    closed: tuple[tuple[str, str], ...]
    months: tuple[str, ...]
    late: tuple[tuple[str, int], ...]
    sums: tuple[Sum, ...]
    waits: tuple[tuple[str, dict[str, int]], ...]
    asked: Grid
    bands: tuple[int, ...]
    tables: tuple[Grid, ...]


def report(shown: Sequence[Shown], begins: date, ends: date, sections: Sequence[str]) -> Report:
    """The figures between two days, both of them counted."""
    inside = sorted((each for each in shown if _lies_in(each.span, begins, ends)), key=_in_order)
    quarters = [each for each in inside if not each.is_year]
    known = sorted({month for each in shown if not each.is_year for month in read_quarter(each.span).months})
    whole = {month for each in quarters for month in read_quarter(each.span).months}
    besides = [month for month in whole_months(begins, ends, known) if month not in whole]
    return Report(
        spans=tuple(each.span for each in inside),
        closed=tuple((each.span, each.day) for each in quarters),
        months=tuple(besides),
        late=tuple((each.span, each.release.late["contacts"]) for each in quarters if "contacts" in each.release.late),
        sums=tuple(_sums(shown, quarters, besides)) if "sums" in sections else (),
        waits=tuple((each.span, each.release.chat.get("waits", {})) for each in quarters)
        if "waits" in sections
        else (),
        asked=_grid("asked", quarters if "asked" in sections else [], lambda each: each.release.chat.get("asked", {})),
        bands=tuple(max(each.release.floor, FLOOR) for each in quarters),
        tables=tuple(_table(shape.name, inside) for shape in TABLES if shape.name in sections),
    )


def _sums(shown: Sequence[Shown], quarters: Sequence[Shown], besides: Sequence[str]) -> list[Sum]:
    by_month = {month: counts for each in shown for month, counts in each.release.months.items()}
    made = []
    for ending in ENDINGS:
        found = [(each.span, each.release.chat.get("sums", {}).get(ending)) for each in quarters]
        found += [(month, by_month.get(month, {}).get(ending)) for month in besides]
        made.append(_sum(ending, found))
    # Contacts and cases are kept by the quarter alone.
    made += [_sum(of, [(each.span, each.release.totals.get(of)) for each in quarters]) for of in TOTALS]
    # Refused for want of a place: one row of what became of referrals.
    made.append(_sum("full", [(each.span, _row(each, "outcome", "full")) for each in quarters]))
    return made


def _row(shown: Shown, table: str, row: str) -> int | None:
    return shown.release.tables[table].rows.get(row) if table in shown.release.tables else None


def _sum(name: str, found: Sequence[tuple[str, int | None]]) -> Sum:
    told = [(span, count) for span, count in found if count is not None]
    left_out = tuple(span for span, count in found if count is None)
    return Sum(name, sum(count for _, count in told), tuple(span for span, _ in told), left_out)


def _table(name: str, inside: Sequence[Shown]) -> Grid:
    having = [each for each in inside if name in each.release.tables]
    grid = _grid(name, having, lambda each: each.release.tables[name].rows)
    return Grid(name, grid.spans, grid.rows, tuple(each.release.tables[name].rest for each in having))


def _grid(name: str, having: Sequence[Shown], rows_of: Callable[[Shown], dict[str, int]]) -> Grid:
    names = dict.fromkeys(row for each in having for row in rows_of(each))
    rows = {row: tuple(rows_of(each).get(row) for each in having) for row in names}
    return Grid(name, tuple(each.span for each in having), rows, ())


def _lies_in(span: str, begins: date, ends: date) -> bool:
    quarters = quarters_of(int(span)) if len(span) == 4 else (read_quarter(span),)
    return begins <= quarters[0].begins and quarters[-1].ends <= ends


def _in_order(shown: Shown) -> tuple[str, bool, str]:
    return shown.span[:4], shown.is_year, shown.span
