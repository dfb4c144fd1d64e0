"""Remembers, from lines a ledger has verified, who could open which version of a compartment, and on which days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from portal.vault.statement import Kind, Statement


@dataclass(frozen=True, slots=True)
class Holding:
    """One person (or the recovery pair) and one version of a compartment: since when, and until when if it was taken.

    After `until` the book gave her nothing more of it. What she read or copied before, she has.
    """

    holder: bytes
    compartment: str
    version: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who held the newest version of a compartment and was taken out of it on this day."""

    holder: bytes
    day: date


class History:
    """What was so before: the ledger itself knows only what is so now."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], date] = {}
        self._newest: dict[str, int] = {}
        self._open: dict[tuple[bytes, str, int], Holding] = {}
        self._closed: tuple[Holding, ...] = ()
        self._places: dict[int, tuple[str, int]] = {}
        self._departed: dict[str, tuple[Departure, ...]] = {}

    def copy(self) -> History:
        """The same, to be followed further apart from this one."""
        further = History()
        further._made, further._newest = dict(self._made), dict(self._newest)
        further._open, further._closed = dict(self._open), self._closed
        further._places, further._departed = dict(self._places), dict(self._departed)
        return further

    def follow(self, statement: Statement) -> None:
        """Take in one line, which was verified before."""
        match statement.kind:
            case Kind.COMPARTMENT | Kind.ROTATE:
                self._made[statement.compartment, statement.version] = statement.day
                self._newest[statement.compartment] = statement.version
                self._departed.pop(statement.compartment, None)
            case Kind.GRANT:
                place = statement.subject, statement.compartment, statement.version
                self._places[statement.number] = place[1:]
                if place not in self._open:
                    self._open[place] = Holding(*place, statement.day)
            case Kind.REVOKE:
                self._leave(statement.subject, statement.compartment, statement.day)
            case Kind.STAFF:
                # Other keys of the same person: whoever has the old ones is let in no more.
                self._leave(statement.subject, "", statement.day)

    def newest(self, compartment: str) -> int:
        """The number of the newest version; 0 where no line names the compartment."""
        return self._newest.get(compartment, 0)

    def since(self, compartment: str, version: int) -> date | None:
        """The day on which this version was made; None where no line names it."""
        return self._made.get((compartment, version))

    def place_of(self, grant: int) -> tuple[str, int] | None:
        """Into which compartment and version the grant of this line let somebody, whether or not it still stands."""
        return self._places.get(grant)

    def departures(self, compartment: str) -> tuple[Departure, ...]:
        """Who was taken out since the newest version was made: to her the compartment is still sealed."""
        return self._departed.get(compartment, ())

    def holdings(self, holder: bytes) -> tuple[Holding, ...]:
        """All that one person ever held, by compartment and version."""
        all_of_them = [*self._closed, *self._open.values()]
        mine = [holding for holding in all_of_them if holding.holder == holder]
        return tuple(sorted(mine, key=lambda holding: (holding.compartment, holding.version, holding.since)))

    def past_holders(self) -> frozenset[bytes]:
        """Everybody something was ever taken from."""
        return frozenset(holding.holder for holding in self._closed)

    def _leave(self, holder: bytes, compartment: str, day: date) -> None:
        left = [place for place in self._open if place[0] == holder and compartment in ("", place[1])]
        for place in left:
            holding = replace(self._open.pop(place), until=day)
            self._closed = (*self._closed, holding)
            if self._newest[holding.compartment] == holding.version:
                gone = self._departed.get(holding.compartment, ())
                self._departed[holding.compartment] = (*gone, Departure(holder, day))
