"""Decides which counts of a table are not shown, so that nobody finds a small one by reckoning with the others.

A table is a partition: each contact stands in one row, and how many contacts there are is known. A row below the floor
is hidden, one with nobody in it as well: that nobody wrote is not ours to tell either. What is hidden is then known as
a sum. So at least two rows are hidden, and at least twice the floor in them: each of them may then be nobody or more
than the floor, whatever the others are. Where anything is hidden, the row of what is not known is hidden with it, small
or not: else whoever knows this rule could tell that all that is hidden is small, and from their sum how small. The rule
takes no chance and no clock: the same counts give the same table.
"""

from collections.abc import Collection, Mapping
from typing import Final

FLOOR: Final = 5
LEAST_FLOOR: Final = 3


def hidden_rows(counts: Mapping[str, int], floor: int, besides: str) -> frozenset[str]:
    """The names of the rows that are not shown. `besides`: the one that is hidden with any other.

    Beyond the small ones the row with the fewest goes, of equal ones the one that stands first. Raises ValueError for a
    floor that protects nobody.
    """
    if floor < LEAST_FLOOR:
        raise ValueError("the floor is too low")
    hidden = {name for name, count in counts.items() if count < floor}
    if not hidden:
        return frozenset()
    hidden.add(besides)
    for name in sorted(counts, key=lambda name: counts[name]):
        if is_enough(counts, hidden, floor):
            break
        hidden.add(name)
    return frozenset(hidden)


def is_enough(counts: Mapping[str, int], hidden: Collection[str], floor: int) -> bool:
    """Whether so many are hidden that the sum of them tells nothing of one."""
    return len(hidden) >= 2 and sum(counts[name] for name in hidden) >= 2 * floor


def band(count: int, step: int = FLOOR) -> tuple[int, int]:
    """The band a count is told as, its first and last number: 0 to 4, 5 to 9 and so on for a step of 5."""
    return count - count % step, count - count % step + step - 1
