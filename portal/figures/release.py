"""Makes of exact counts what is shown of a quarter and of a year, and nothing else ever is.

A quarter is made once. A year is made of its four quarters, and says no more of a row than its shown quarters do, but
where reckoning with all that is shown narrows nothing that is hidden (`portal.figures.narrowing`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from portal.figures.chat_release import chats_shown, months_shown
from portal.figures.narrowing import years_shown
from portal.figures.shape import OTHER, TABLES, TOTALS, TableShape
from portal.figures.small import hidden_rows
from portal.figures.tally import Tally


class ShownTable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rows that are shown, in their order. `rest`: how many stand in all the others together, 0 where none do.

    Of a table with several rows for one contact there is no rest: nobody can add them up.
    """

    rows: dict[str, int] = {}
    rest: int = 0


class Release(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is shown of one span. A total that is not in `totals` is below the floor, and its tables are not there.

    `late`: how many of a total are of an earlier quarter, and came when that was closed; not there where they are few.
    """

    version: int = 1
    floor: int
    totals: dict[str, int] = {}
    tables: dict[str, ShownTable] = {}
    months: dict[str, dict[str, int]] = {}
    late: dict[str, int] = {}
    chat: dict[str, dict[str, int]] = {}


def quarter_release(tally: Tally, floor: int) -> Release:
    """What is shown of a quarter."""
    totals: dict[str, int] = {of: tally.totals[of] for of in TOTALS if tally.totals.get(of, 0) >= floor}
    tables = {shape.name: _of_quarter(shape, tally, floor) for shape in TABLES if shape.of in totals}
    languages = tables["language"].rows if "language" in tables else {}
    return Release(
        floor=floor,
        totals=totals,
        tables=tables,
        months=months_shown(tally, floor),
        late={of: late for of, late in tally.late.items() if of in totals and _both(late, totals[of], floor)},
        chat=chats_shown(tally, floor, languages),
    )


def _of_quarter(shape: TableShape, tally: Tally, floor: int) -> ShownTable:
    counts, total = tally.tables[shape.name], tally.totals[shape.of]
    if shape.is_many:
        # Who did not name a need is a count as well: it is known by taking one from the other.
        rows = {name: count for name, count in counts.items() if name != OTHER and _both(count, total, floor)}
        return ShownTable(rows=rows)
    hidden = hidden_rows(counts, floor, OTHER)
    return ShownTable(
        rows={name: count for name, count in counts.items() if name not in hidden},
        rest=sum(counts[name] for name in hidden),
    )


def year_release(tallies: Sequence[Tally], quarters: Sequence[Release]) -> Release:
    """What is shown of a year beside its four quarters, which are shown already.

    The floor is the highest of theirs. Raises ValueError where it is not four of each.
    """
    if len(tallies) != 4 or len(quarters) != 4:
        raise ValueError("a year has four quarters")
    floor = max(quarter.floor for quarter in quarters)
    told = [of for of in TOTALS if all(of in quarter.totals for quarter in quarters)]
    totals: dict[str, int] = {of: sum(quarter.totals[of] for quarter in quarters) for of in told}
    counted = [shape for shape in TABLES if all(shape.name in each.tables for each in tallies)]
    tables = {shape.name: _of_year(shape, tallies, quarters, floor) for shape in counted if shape.of in totals}
    return Release(floor=floor, totals=totals, tables=tables)


def _of_year(shape: TableShape, tallies: Sequence[Tally], quarters: Sequence[Release], floor: int) -> ShownTable:
    shown = [quarter.tables[shape.name].rows for quarter in quarters]
    counts = [_whole(tally.tables[shape.name], tallies, shape.name) for tally in tallies]
    if shape.is_many:
        return ShownTable(rows={name: sum(each[name] for each in shown) for name in shown[0] if _in_all(name, shown)})
    years = {name: sum(each[name] for each in counts) for name in counts[0]}
    hidden = {
        name: {at: each[name] for at, each in enumerate(counts) if name not in shown[at]}
        for name in counts[0]
        if not _in_all(name, shown)
    }
    besides = years_shown(hidden, years, floor)
    rows = {name: years[name] for name in counts[0] if name not in hidden or name in besides}
    return ShownTable(rows=rows, rest=sum(years.values()) - sum(rows.values()))


def _whole(counts: Mapping[str, int], tallies: Sequence[Tally], table: str) -> dict[str, int]:
    """The counts with every row that any quarter of the year has."""
    names = dict.fromkeys(name for tally in tallies for name in tally.tables[table])
    return {name: counts.get(name, 0) for name in names if name != OTHER} | {OTHER: counts.get(OTHER, 0)}


def _in_all(name: str, shown: Sequence[Mapping[str, int]]) -> bool:
    return all(name in each for each in shown)


def _both(count: int, total: int, floor: int) -> bool:
    return count >= floor and total - count >= floor
