"""Makes of what became of chats what may be shown of a quarter: sums, steps and bands, never what was small."""

from collections.abc import Mapping
from typing import Final

from portal.figures.slips import ENDINGS, HOURS, step_at
from portal.figures.small import FLOOR, band
from portal.figures.tally import Tally

# From how many chats on an hour of the week is told as quiet, busier, busiest; below it is not told at all.
LEVELS: Final = (1, 2, 4)
ENOUGH: Final = 4  # times the floor: of fewer answered chats a median would be somebody's own wait


def months_shown(tally: Tally, floor: int) -> dict[str, dict[str, int]]:
    """What became of chats by month: each of the three where all of its months may be shown, else none of them."""
    shown: dict[str, dict[str, int]] = {}
    for ending in ENDINGS:
        counts = {month: counted.get(ending, 0) for month, counted in tally.months.items()}
        if len(counts) == 3 and min(counts.values()) >= floor:
            for month, count in counts.items():
                shown.setdefault(month, {})[ending] = count
    return shown


def chats_shown(tally: Tally, floor: int, languages: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """`sums` of the quarter; `waits`: the steps of the median and of nine of ten; `asked`: the band of each language
    that is shown as a language of contacts too, by its first number; `load` and `missed`: levels of hours of the week.

    A language that is hidden there stays hidden here: what was asked in it would narrow it.
    """
    sums: dict[str, int] = {ending: sum(each.get(ending, 0) for each in tally.months.values()) for ending in ENDINGS}
    shown = {"sums": {ending: count for ending, count in sums.items() if count >= floor}}
    waits = tally.chat.get("waits", {})
    if sum(waits.values()) >= ENOUGH * floor:
        shown["waits"] = {"median": step_at(waits, 0.5), "ninety": step_at(waits, 0.9)}
    asked = tally.chat.get("asked", {})
    step = max(floor, FLOOR)
    shown["asked"] = {
        language: band(count, step)[0]
        for language, count in sorted(asked.items())
        if language in languages and count >= step
    }
    for name, of in (("load", "came"), ("missed", "missed")):
        levels = _levels(tally.chat.get(of, {}), floor)
        if levels:
            shown[name] = levels
    return {name: counts for name, counts in shown.items() if counts}


def _levels(hours: Mapping[str, int], floor: int) -> dict[str, int]:
    """The level of each hour that may be told; of none, where the others could be found to be empty from it."""
    levels: dict[str, int] = {}
    least = 0
    for hour in range(HOURS):
        count = hours.get(str(hour), 0)
        level = sum(count >= times * floor for times in LEVELS)
        if level:
            levels[str(hour)] = level
            least += LEVELS[level - 1] * floor
    return levels if sum(hours.values()) - least >= 2 * floor else {}
