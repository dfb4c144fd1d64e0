"""Says whose key has to be changed and when an old half may go, from nothing but the signed book and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from portal.vault.statements import COMPARTMENTS, RECOVERY, Ledger

WEEKLY: Final = frozenset({"chat"})
"""Compartments whose key falls due by itself: what they seal lives for hours, so nothing has to be sealed again."""

WEEK: Final = timedelta(days=7)

# 48 hours after the end of the day the newer key was made on, whatever its hour: the book knows days only. No talk
# lives longer, nor does an entry that was sealed and waits to be put into the book. Whatever a process that had not
# heard of the new key sealed to the old one has long been found by then.
OLD_HALF_LASTS: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Due:
    """A compartment whose key has to be changed: since when, and why.

    `left`: somebody who held it was taken out, or made other keys of her own. `sheets`: nobody was, and the recovery
    pair is another since; whoever kept the old sheets could read on. `week`: its week is over.
    """

    compartment: str
    since: date
    why: Literal["left", "sheets", "week"]


def due(ledger: Ledger, today: date) -> tuple[Due, ...]:
    """What is due, in the order of the compartments. Read from signed lines: no row makes it so, or takes it away."""
    found = [_due(ledger, name, today) for name in COMPARTMENTS]
    return tuple(each for each in found if each is not None)


def ends_on(ledger: Ledger, compartment: str, version: int) -> date | None:
    """The first day on which the private half of an older version may be erased; None for the newest."""
    followed = ledger.history.since(compartment, version + 1)
    return None if followed is None else followed + OLD_HALF_LASTS


def _due(ledger: Ledger, name: str, today: date) -> Due | None:
    newest = ledger.history.newest(name)
    made = ledger.history.since(name, newest)
    if made is None:
        return None
    departures = ledger.history.departures(name)
    if departures:
        is_paper = all(departure.holder == RECOVERY for departure in departures)
        return Due(name, min(departure.day for departure in departures), "sheets" if is_paper else "left")
    if name in WEEKLY and today >= made + WEEK:
        return Due(name, made + WEEK, "week")
    return None
