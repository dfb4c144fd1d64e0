"""An attacker who has everything that is published of a year and a solver: how far can he narrow what is hidden?

He knows the rows a table may have, every count that is shown, of each quarter and of the year, what the hidden ones add
up to, and that no count is below nothing. He does not share a line with what decided about the hiding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from portal.figures.release import Release

Cell = tuple[str, int]  # a row, and which quarter


@dataclass(frozen=True)
class Known:
    """What he knows of one table."""

    cells: tuple[Cell, ...]  # what is hidden
    rows: csr_matrix  # sums he knows, one a line, over the hidden cells
    sums: tuple[int, ...]


def known(table: str, names: Sequence[str], quarters: Sequence[Release], year: Release | None, of: str) -> Known:
    """What four quarters and their year say of the hidden cells of a table. `names`: the rows it may have."""
    shown = [quarter.tables[table].rows for quarter in quarters]
    cells = tuple((name, at) for at in range(len(quarters)) for name in names if name not in shown[at])
    lines: list[list[Cell]] = []
    sums: list[int] = []
    for at, quarter in enumerate(quarters):
        lines.append([cell for cell in cells if cell[1] == at])
        sums.append(quarter.totals[of] - sum(shown[at].values()))
    if year is not None and table in year.tables:
        for name, whole in year.tables[table].rows.items():
            if any(name not in each for each in shown):
                lines.append([cell for cell in cells if cell[0] == name])
                sums.append(whole - sum(each.get(name, 0) for each in shown))
        not_shown = [name for name in names if name not in year.tables[table].rows]
        lines.append([cell for cell in cells if cell[0] in not_shown])
        sums.append(year.tables[table].rest - sum(each.get(name, 0) for each in shown for name in not_shown))
    at_cell = {cell: at for at, cell in enumerate(cells)}
    matrix = np.zeros((len(lines), len(cells)))
    for line, of_line in enumerate(lines):
        for cell in of_line:
            matrix[line, at_cell[cell]] = 1
    return Known(cells, csr_matrix(matrix), tuple(sums))


def narrowed(what: Known, cell: Cell) -> tuple[float, float]:
    """The least and the most this cell can be, for him."""
    objective = np.zeros(len(what.cells))
    objective[what.cells.index(cell)] = 1
    least = linprog(objective, A_eq=what.rows, b_eq=what.sums, bounds=(0, None), method="highs")
    most = linprog(-objective, A_eq=what.rows, b_eq=what.sums, bounds=(0, None), method="highs")
    assert least.status == most.status == 0
    return round(least.fun, 6), round(-most.fun, 6)
