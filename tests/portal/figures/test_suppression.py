"""Nobody narrows a hidden count, with all that is published and a solver: random years, and what the rules promise."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given, settings, strategies

from portal.figures.narrowing import is_safe
from portal.figures.release import Release, quarter_release, year_release
from portal.figures.shape import OTHER
from portal.figures.small import hidden_rows, is_enough
from portal.figures.tally import Tally, counted
from tests.portal.figures.attacker import known, narrowed

NOBODY = counted([], [])
SHORT, LONG = 10, 250  # years of four tables each
SOME = [0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 60]


def year(random: Random, table: str, rows: int) -> list[Tally]:
    """Four quarters in which one table has so many rows that anybody is in, and the others none."""
    names = random.sample([name for name in NOBODY.tables[table] if name != OTHER], rows)
    often = {name: random.choice([2, 5, 12, len(SOME)]) for name in (*names, OTHER)}
    made = []
    for _ in range(4):
        counts = dict.fromkeys(NOBODY.tables[table], 0)
        counts |= {name: random.choice(SOME[: often[name]]) for name in often}
        total = sum(counts.values())
        of = "cases" if table == "kind" else "contacts"
        made.append(Tally(totals={"contacts": 0, "cases": 0, of: total}, tables={**NOBODY.tables, table: counts}))
    return made


def released(tallies: Sequence[Tally], floor: int) -> tuple[list[Release], Release]:
    quarters = [quarter_release(each, floor) for each in tallies]
    return quarters, year_release(tallies, quarters)


def attacked(tallies: Sequence[Tally], table: str, of: str, floor: int) -> tuple[int, int]:
    """How many hidden cells he tried, and how many years were told of a row that has one. Fails where he narrows."""
    quarters, whole = released(tallies, floor)
    if not all(of in each.totals for each in quarters):
        assert of not in whole.totals
        return 0, 0
    names = list(tallies[0].tables[table])
    what = known(table, names, quarters, whole, of)
    told = [name for name in whole.tables[table].rows if any(cell[0] == name for cell in what.cells)]
    # Of rows nothing is told of but their sum one is like another: each that is told, and two of the others.
    others = [name for name in names if name not in whole.tables[table].rows][:2] + [OTHER]
    for cell in what.cells:
        if cell[0] in told or cell[0] in others:
            true = tallies[cell[1]].tables[table][cell[0]]
            least, most = narrowed(what, cell)
            assert least <= true <= most, "the attacker is wrong, not the table"
            assert most - least >= floor, (cell, true, least, most)
            if true < floor:
                assert least == 0, (cell, true, least, most)
                assert most >= floor, (cell, true, least, most)
    return len(what.cells), len(told)


def attack(years: int) -> Mapping[str, int]:
    random, found = Random(20261123), {"tables": 0, "cells": 0, "told": 0}
    for _ in range(years):
        for table, of, rows in (("kind", "cases", 4), ("region", "contacts", 8), ("language", "contacts", 6)):
            cells, told = attacked(year(random, table, rows), table, of, random.choice([3, 5, 10]))
            found["tables"] += 5
            found["cells"] += cells
            found["told"] += told
    return found


def test_a_solver_narrows_no_hidden_count_below_the_floor() -> None:
    found = attack(SHORT // 4)
    assert found["cells"] > 100


@pytest.mark.long
def test_a_solver_narrows_no_hidden_count_of_a_thousand_tables() -> None:
    found = attack(int(os.environ.get("FIGURES_YEARS", "67")))
    print(found)
    assert found["tables"] >= 1000
    assert found["told"] > 0, "no year was told beside a hidden quarter: this attack tried nothing"
