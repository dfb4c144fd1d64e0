"""Tells how the keys of the house stand: who holds which, what is due, what an old key still opens, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.rotation.due import Due, due, ends_on
from portal.rotation.old_halves import OldHalves, versions
from portal.rotation.source import of_compartment
from portal.staff.accounts import Person
from portal.vault.statements import COMPARTMENTS, KeyRight, Ledger

if TYPE_CHECKING:
    from portal.services import Services


@dataclass(frozen=True, slots=True)
class State:
    """One compartment.

    `left` of `all` rows are still sealed to an older key; both 0 where no old half is left. `ends`: the first day on
    which the newest of the old halves may be erased. `changers`: who could change its key by signing in.
    """

    name: str
    version: int
    since: date | None
    holders: Sequence[str]
    changers: Sequence[str]
    due: Due | None
    old: Sequence[int]
    left: int
    all: int
    ends: date | None


@dataclass(frozen=True, slots=True)
class Past:
    """What was taken from one person: a compartment she could read until a day.

    `still`: its key was not changed since, so what comes now is sealed to one she held. `changed`: the day it was.
    `left`: whether rows that were there then are still sealed to hers. `again`: she was let in again since.
    """

    compartment: str
    since: date
    until: date
    still: bool
    changed: date | None
    left: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page: every compartment, and everybody something was taken from."""

    states: Sequence[State]
    past: Sequence[tuple[Person, Sequence[Past]]]


class Overviews:
    """Reads the signed book, and counts rows only while an old half is left. Raises DatabaseAway, BookBroken."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._halves = OldHalves(services)

    async def read(self) -> Overview:
        """Everything, as it is now."""
        staff = self._services.staff
        ledger = await staff.ledger.current()
        people = {person.id: person for person in await staff.accounts.everyone()}
        old = versions(await self._halves.there(ledger))
        overdue = {each.compartment: each for each in due(ledger, self._services.clock.now().date())}
        states = [
            await self._state(ledger, people, name, old.get(name, ()), overdue.get(name)) for name in COMPARTMENTS
        ]
        left = {state.name: state for state in states}
        gone = sorted((people[holder] for holder in ledger.history.past_holders() & set(people)), key=_alias)
        past = [(person, _past(ledger, person.id, left)) for person in gone]
        return Overview(states, past)

    async def is_anything_due(self) -> bool:
        """Whether a key has to be changed."""
        ledger = await self._services.staff.ledger.current()
        return bool(due(ledger, self._services.clock.now().date()))

    async def _state(
        self, ledger: Ledger, people: Mapping[bytes, Person], name: str, old: Sequence[int], overdue: Due | None
    ) -> State:
        newest = ledger.history.newest(name)
        here = sorted((people[holder] for holder in ledger.holders(name, newest) & set(people)), key=_alias)
        left = everything = 0
        if old:
            async with self._services.database.read() as connection:
                for source in of_compartment(self._services.sources, name):
                    left += await source.older(connection, newest)
                    everything += await source.count(connection)
        return State(
            name=name,
            version=newest,
            since=ledger.history.since(name, newest),
            holders=[person.alias for person in here if person.is_active],
            changers=[person.alias for person in here if person.is_active and _may_change(ledger, person.id)],
            due=overdue,
            old=old,
            left=left,
            all=everything,
            ends=ends_on(ledger, name, old[-1]) if old else None,
        )


def _past(ledger: Ledger, holder: bytes, states: Mapping[str, State]) -> list[Past]:
    found = []
    for name in COMPARTMENTS:
        mine = [holding for holding in ledger.history.holdings(holder) if holding.compartment == name]
        ended = [holding for holding in mine if holding.until is not None]
        if not ended:
            continue
        last, newest = max(holding.version for holding in ended), ledger.history.newest(name)
        found.append(
            Past(
                compartment=name,
                since=min(holding.since for holding in ended),
                until=max(holding.until for holding in ended if holding.until is not None),
                still=last == newest,
                changed=ledger.history.since(name, last + 1),
                left=last in states[name].old and states[name].left > 0,
                again=any(holding.until is None for holding in mine),
            )
        )
    return found


def _alias(person: Person) -> str:
    return person.alias.lower()


def _may_change(ledger: Ledger, staff_id: bytes) -> bool:
    return ledger.may(staff_id, KeyRight.ROTATE) and ledger.may(staff_id, KeyRight.GRANT)
