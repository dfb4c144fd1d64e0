"""Nobody narrows a hidden count, with all that is published and a solver: random years, and what the rules promise."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from random import Random

import pytest
from hypothesis import given, settings, strategies

from portal.figures.narrowing import is_safe
from portal.figures.release import Release, quarter_release, year_release
from portal.figures.shape import OTHER
from portal.figures.small import hidden_rows, is_enough
from portal.figures.tally import Tally, counted
from tests.portal.figures.attacker import known, narrowed

ROWS = ("one", "two", "three", OTHER)
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
    others = [*[name for name in names if name not in whole.tables[table].rows][:2], OTHER]
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


def partitions(total: int, rows: int) -> Iterator[tuple[int, ...]]:
    if rows == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in partitions(total - first, rows - 1))


def test_who_knows_the_rule_itself_finds_every_small_number_possible_too() -> None:
    """No solver: every table there can be, and what each of them shows. What is alike can be told apart by nobody."""
    floor, alike = 3, defaultdict[tuple[int, tuple[tuple[str, int], ...]], list[tuple[int, ...]]](list)
    for total in range(floor, 15):
        for counts in partitions(total, len(ROWS)):
            hidden = hidden_rows(dict(zip(ROWS, counts, strict=True)), floor, OTHER)
            shown = tuple((name, count) for name, count in zip(ROWS, counts, strict=True) if name not in hidden)
            alike[total, shown].append(counts)
    for (_, shown), tables in alike.items():
        for at, name in enumerate(ROWS):
            values = {table[at] for table in tables}
            if name == OTHER:
                # That something is not known of somebody points at nobody.
                assert name in dict(shown) or len(values) >= floor, (shown, values)
            elif name not in dict(shown) and min(values) < floor:
                assert values >= set(range(floor)), (shown, name, values)


@given(
    strategies.dictionaries(strategies.sampled_from(ROWS[:3]), strategies.integers(0, 40)), strategies.integers(3, 9)
)
@settings(max_examples=50)
def test_what_is_hidden_is_two_rows_or_more_and_twice_the_floor(counts: dict[str, int], floor: int) -> None:
    whole = dict.fromkeys(ROWS, 0) | counts
    hidden = hidden_rows(whole, floor, OTHER)
    assert hidden == hidden_rows(whole, floor, OTHER)
    assert all(whole[name] >= floor for name in whole if name not in hidden)
    assert not hidden or OTHER in hidden
    assert not hidden or hidden == set(whole) or is_enough(whole, hidden, floor)


def test_a_floor_that_protects_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="too low"):
        hidden_rows(dict.fromkeys(ROWS, 9), 2, OTHER)


def test_a_year_that_would_tell_its_one_hidden_quarter_is_not_told() -> None:
    cells = {"a": {0: 2}, "b": {0: 20}}
    assert is_safe(cells, [], 5)
    assert not is_safe(cells, ["a"], 5)


@pytest.mark.long
def test_a_solver_narrows_no_hidden_count_of_a_thousand_tables() -> None:
    found = attack(int(os.environ.get("FIGURES_YEARS", "67")))
    print(found)
    assert found["tables"] >= 1000
    assert found["told"] > 0, "no year was told beside a hidden quarter: this attack tried nothing"
