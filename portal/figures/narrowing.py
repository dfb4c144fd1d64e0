"""Reckons how far a hidden count can be narrowed by who knows everything that is shown of a year.

A year of a table is rows by quarters. Of each quarter the sum of what is hidden is known, of a row whose year is shown
too. What is left are the tables of numbers, none below nothing, with those sums. Whoever starts from the true one can
change a count only along a closed way of cells, up in one, down in the next. So the most a count can grow by is a
greatest flow, and the most it can fall by is another: whole numbers, exact, and the same each time.
"""

from collections import deque
from collections.abc import Collection, Mapping
from typing import Final

REST: Final = ""  # all rows whose year is not shown, as one: nobody knows how they share
Cells = Mapping[str, Mapping[int, int]]  # the hidden counts of a year: row, quarter, how many


def is_safe(cells: Cells, shown: Collection[str], floor: int) -> bool:
    """Whether every hidden count may still be nobody, and as many as the floor or more, with these years shown.

    A count that reaches the floor may be narrowed from below: that it is no small one was not kept from anybody. It is
    not narrowed to fewer than so many different numbers either.
    """
    joined = _joined(cells, shown)
    for name, quarters in joined.items():
        for quarter, count in quarters.items():
            grows, falls = _slack(joined, name, quarter, count)
            alone = name != REST or sum(quarter in cells[row] for row in cells if row not in shown) == 1
            lowest = count - falls if alone else 0
            is_small = count < floor or name == REST
            if count + grows - lowest < floor or (is_small and (lowest > 0 or count + grows < floor)):
                return False
    return True


def years_shown(cells: Cells, years: Mapping[str, int], floor: int) -> tuple[str, ...]:
    """The rows with a hidden quarter whose year may be shown beside it: the greatest first, as long as nothing that is
    hidden can be narrowed. `years`: the count of each row in the whole year.
    """
    shown: list[str] = []
    for name in sorted(cells, key=lambda row: (-years[row], row)):
        if years[name] >= floor and is_safe(cells, [*shown, name], floor):
            shown.append(name)
    return tuple(shown)


def _joined(cells: Cells, shown: Collection[str]) -> dict[str, dict[int, int]]:
    """The cells with every row whose year is not shown put into one."""
    joined: dict[str, dict[int, int]] = {name: dict(cells[name]) for name in shown}
    rest: dict[int, int] = {}
    for name in cells:
        if name not in shown:
            for quarter, count in cells[name].items():
                rest[quarter] = rest.get(quarter, 0) + count
    if rest:
        joined[REST] = rest
    return joined


def _slack(cells: Cells, name: str, quarter: int, count: int) -> tuple[int, int]:
    """By how much this one can grow, and fall. Going from a row to a quarter raises their cell, back lowers it."""
    most = sum(sum(row.values()) for row in cells.values())
    grows = _flow(cells, (name, quarter), from_row=False, most=most)
    falls = _flow(cells, (name, quarter), from_row=True, most=count)
    return grows, falls


def _flow(cells: Cells, besides: tuple[str, int], *, from_row: bool, most: int) -> int:
    """The greatest flow between this row and this quarter that does not use their own cell, at most `most`."""
    changed: dict[tuple[str, int], int] = {}
    found = 0
    while found < most:
        way = _way(cells, besides, changed, from_row=from_row)
        if not way:
            return found
        amount = most - found
        for row, quarter, up in way:
            if not up:
                amount = min(amount, cells[row][quarter] + changed.get((row, quarter), 0))
        for row, quarter, up in way:
            changed[row, quarter] = changed.get((row, quarter), 0) + (amount if up else -amount)
        found += amount
    return found


def _way(
    cells: Cells, besides: tuple[str, int], changed: Mapping[tuple[str, int], int], *, from_row: bool
) -> list[tuple[str, int, bool]]:
    """The shortest way with room left, as cells and whether each is raised; empty where there is none."""
    begin: str | int = besides[0] if from_row else besides[1]
    end: str | int = besides[1] if from_row else besides[0]
    came: dict[str | int, tuple[str | int, tuple[str, int, bool]]] = {}
    waiting = deque([begin])
    while waiting:
        at = waiting.popleft()
        for row, quarters in cells.items():
            for quarter, count in quarters.items():
                if (row, quarter) == besides or at not in (row, quarter):
                    continue
                up = at == row
                to: str | int = quarter if up else row
                if to == begin or to in came or (not up and count + changed.get((row, quarter), 0) <= 0):
                    continue
                came[to] = at, (row, quarter, up)
                waiting.append(to)
    way: list[tuple[str, int, bool]] = []
    step = end
    while step in came:
        step, cell = came[step]
        way.append(cell)
    return way
