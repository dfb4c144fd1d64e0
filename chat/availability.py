"""Says whether somebody can be reached by chat now, in which languages, and how long it honestly takes."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from chat.queue import honest_minutes
from chat.store.desk import Counts, DeskStore
from chat.surge import is_surge, takes_before
from i18n.languages import LANGUAGES
from portal.doors import Doors
from portal.errors import PorchlightError
from portal.hours import Days, by_days
from portal.services import Services
from portal.staff.accounts import Person
from portal.staff.training import CHAT, INDIGENOUS
from portal.store.valkey import ValkeyAway

READERS_KEPT_SECONDS: Final = 5.0

State = Literal["open", "busy", "nobody", "closed"]


@dataclass(frozen=True)
class Availability:
    """What a page in one language may say of the chat.

    `open`: somebody has a free place; `busy`: all places are taken; `nobody`: it is the hour for it, and nobody takes
    chats; `closed`: the house lets no chat begin now. `minutes` is the honest wait of one who starts now, None when it
    cannot be said. `opens` is when a closed chat opens, by the clock of the house, and `opens_in` after how many
    midnights. `week` are the hours of this language, empty where none are set; `zone` names the clock they are meant
    by. `others` is empty while somebody who is here reads this language; else the tags of what those who are here read.
    `interpreter`: nobody who is here reads it, and the house has somebody to call who speaks it.
    `is_off`: no chat begins in this language at all, whatever the hour, and `others` are those in which one can.
    `kin`: the house has somebody who knows Indigenous communities, so she may ask for it.
    `is_surge`: far more wait than can be served soon, so a note and the phone are worth more than a place in line.
    """

    state: State
    minutes: int | None = None
    opens: datetime | None = None
    opens_in: int = 0
    week: tuple[Days, ...] = ()
    zone: str = "UTC"
    others: tuple[str, ...] = ()
    is_surge: bool = False
    interpreter: bool = False
    is_off: bool = False
    kin: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """What somebody of the desk is called, and the tags of what she reads; who has named none reads her desk's own.

    `kin`: somebody signed her off for it that she knows Indigenous communities, and she takes chats.
    """

    alias: str
    languages: tuple[str, ...]
    kin: bool = False


class Readers:
    """Knows which languages each person of the desk reads, read again when they change and every few seconds."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: Mapping[bytes, Reader] = {}
        self._read_at: float | None = None
        self._news = 0

    async def read_by(self, staff: tuple[bytes, ...]) -> frozenset[str]:
        """What these people read between them; empty when that cannot be said of anybody."""
        known = await self.all()
        return frozenset(tag for each in staff if each in known for tag in known[each].languages)

    async def any_kin(self) -> bool:
        """Whether anybody here knows Indigenous communities, present or not: then a visitor may ask for it."""
        return any(each.kin for each in (await self.all()).values())

    async def all(self) -> Mapping[bytes, Reader]:
        """What everybody reads, the absent included; what was known before while that cannot be asked."""
        now, news = time.monotonic(), self._services.staff.news.number
        if self._read_at is None or now - self._read_at > READERS_KEPT_SECONDS or news != self._news:
            self._read_at, self._news = now, news
            try:
                people = await self._services.staff.accounts.everyone()
                self._known = {each.id: _reader(each) for each in people}
            except PorchlightError:
                pass  # What was known stands: who is ready is known by another store.
        return self._known


def _reader(person: Person) -> Reader:
    knows = person.is_active and {CHAT, INDIGENOUS} <= person.training
    return Reader(person.alias, person.languages or (person.tongue,), knows)


def availability(services: Services) -> Callable[[str], Awaitable[Availability]]:
    """A function any page may ask; it never fails: with a store away it says nobody is there, so no page promises."""
    desk, readers = DeskStore.of(services.durable, lambda: services.now), Readers(services)

    async def ask(language: str) -> Availability:
        return replace(await judged(language), kin=await readers.any_kin())

    async def judged(language: str) -> Availability:
        if not (await services.opening.facts()).is_open:
            return Availability("closed")
        doors = await services.doors.doors()
        if language in doors.off:
            return Availability("closed", others=tuple(tag for tag in LANGUAGES if tag not in doors.off), is_off=True)
        closed = _closed(doors, language, services.clock.now())
        if closed is not None:
            return closed
        try:
            counts = await desk.counts(int(services.clock.now().timestamp() * 1000))
        except ValkeyAway:
            return _by_hours("nobody", doors, language)
        state, minutes = _staffed(counts, services.now.chat_capacity)
        surge = is_surge(counts.waiting, counts.ready)
        if state == "nobody":
            return replace(_by_hours(state, doors, language), is_surge=surge)
        read = await readers.read_by(counts.staff)
        others = () if language in read else tuple(tag for tag in LANGUAGES if tag in read)
        called = bool(others) and await services.interpreters.speaks(language)
        known = _by_hours(state, doors, language, minutes=minutes, others=others)
        return replace(known, is_surge=surge, interpreter=called)

    return ask


def _closed(doors: Doors, language: str, at: datetime) -> Availability | None:
    """What to say while the house lets no chat begin, or None while it does."""
    judged = doors.judge(language, at)
    if judged.is_open:
        return None
    if judged.opens is None:
        return _by_hours("closed", doors, language)
    days = (judged.opens.date() - at.astimezone(doors.clock).date()).days
    return _by_hours("closed", doors, language, opens=judged.opens, opens_in=days)


def _staffed(counts: Counts, capacity: int) -> tuple[State, int | None]:
    place = takes_before(counts.waiting + 1, counts.waiting, counts.ready)
    minutes = honest_minutes(place, counts.ready, capacity, counts.held)
    if minutes is None:
        return "nobody", None
    return "open" if counts.ready * capacity - counts.held - counts.waiting > 0 else "busy", minutes


def _by_hours(
    state: State,
    doors: Doors,
    language: str,
    *,
    minutes: int | None = None,
    opens: datetime | None = None,
    opens_in: int = 0,
    others: tuple[str, ...] = (),
) -> Availability:
    week = tuple(by_days(doors.hours_of(language)))
    return Availability(state, minutes, opens, opens_in, week, doors.zone, others)
