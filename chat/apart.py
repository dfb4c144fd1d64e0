"""Makes a chat beside the chat: the same acts, pages and scripts, and nothing of it reaches a queue or a record.

What is apart is apart by its keys: every name it has in the durable store begins with a word of its own, so there is
no queue, place, shift, lease or clock of the people's chat that it could touch, and no sweep of theirs that finds it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from chat.duty import Duty
from chat.errands import Errands
from chat.protocol.kinds import Shift, Why
from chat.relay import Relay
from chat.sockets.shares import Shares
from chat.trained import Trained
from portal.alerts.desk import Alerts
from portal.alerts.ladder import Call, Kind
from portal.alerts.roster import Roster
from portal.figures.book import Figures
from portal.figures.slips import SealedSlip
from portal.handover import Between, nobody_takes_notes
from portal.ids import random_id
from portal.leaving import Leaving
from portal.operation.tally import Tally
from portal.records.contacts import Contacts, Sealed as SealedContact
from portal.records.entries import Account, Answer, Entries, Sealed
from portal.services import Services
from portal.staff.rights import RIGHTS, Right
from portal.staff.sessions.session import Signed
from portal.staff.trail.journal import Journal
from portal.staff.training import CHAT
from portal.store.apart import apart
from portal.vault.sealing import sub

SWEEPS_EVERY_S: Final = 5.0


class Apart:
    """One such chat: its services, its acts, and room of its own for its lines."""

    def __init__(self, services: Services, name: str) -> None:
        """`name`: a dull word, which also stands in its addresses."""
        self.name = name
        self.services = services_apart(services, name)
        self.relay = Relay(self.services)
        self.relay.journal = _NoJournal()
        self.errands = Errands()
        self.visitors, self.desks = Shares(), Shares()

    @property
    def background(self) -> list[Callable[[], Awaitable[None]]]:
        """What runs beside its lines for as long as the process lives, but for a sweep."""
        return [self.errands.run, self.relay.kindling.watch.run]


def services_apart(services: Services, name: str) -> Services:
    """Everything a room is handed, but that keys have names of their own and nobody else is told, called or written of.

    Numbers to come back with and words from the phone are apart as well: they are looked up under a key of their own.
    """
    return replace(
        services,
        durable=apart(services.durable, name.encode() + b":"),
        comeback_key=sub(services.comeback_key, "apart", name),
        alerts=_NoAlerts(services.alerts),
        entries=_NoEntries(services.entries),
        contacts=_NoContacts(services.contacts),
        figures=_NoFigures(services.figures),
        leave_note=nobody_takes_notes,
        between=Between(),
        leaving=Leaving(),
        tally=Tally(services.clock.now),
    )


class ApartDuty(Duty):
    """A shift there is a shift there: it closes no chat of the people's, and no word of it stands in the audit.

    Whoever is not signed off yet takes conversations in it: that is what it is for.
    """

    def __init__(self, relay: Relay, services: Services) -> None:
        super().__init__(relay, services)
        self.trained = _EverybodyMay(services.staff.accounts)

    async def is_here(self, signed: Signed) -> bool:
        """She is here."""
        return await super().is_here(as_trained(signed))

    async def say_ready(self, signed: Signed, is_ready: bool) -> None:
        """Whether she takes conversations there."""
        await super().say_ready(as_trained(signed), is_ready)

    async def turn(self, signed: Signed, state: Shift, *, knows: bool, closes: int = 0) -> None:
        """Where she is in it. To close the chat as the last one is only said, never done."""
        await super().turn(as_trained(signed), state, knows=knows or bool(closes))

    async def passed_over(self, signed: Signed, why: Why) -> None:
        """Nobody was."""


def as_trained(signed: Signed) -> Signed:
    """Her, as she will be."""
    return replace(signed, training=frozenset({CHAT}))


class _EverybodyMay(Trained):
    async def as_she_is(self, signed: Signed) -> Signed:
        """Her, under the name she has now."""
        return as_trained(await super().as_she_is(signed))

    async def takes_chats(self, staff_id: bytes) -> bool:
        """By her role alone."""
        person = await self._accounts.person(staff_id)
        return person is not None and Right.TAKE_CHATS in RIGHTS[person.role]


class _NoJournal(Journal):
    def __init__(self) -> None:
        """Keeps nothing, so it needs nothing."""

    async def write(self, act: str, staff_id: bytes, subject: bytes = b"") -> None:
        """Nothing: it was nobody's conversation."""

    async def once_a_day(self, act: str, staff_id: bytes) -> None:
        """Nothing either."""


class _NoEntries(Entries):
    """Seals as the book does, and puts nothing into it."""

    def __init__(self, book: Entries) -> None:
        self.__dict__.update(book.__dict__)

    async def write(self, kind: str, account: Account, by: bytes, *, answer: Answer = "", row: bytes = b"") -> bytes:
        """The name it would have."""
        return row or random_id()

    async def put(self, entry: Sealed, by: bytes = bytes(16), *, answer: Answer = "") -> None:
        """Nothing."""


class _NoContacts(Contacts):
    """The same of the book of records: a canary each hour, and every practice chat, would stand in it as a contact."""

    def __init__(self, book: Contacts) -> None:
        self.__dict__.update(book.__dict__)

    async def put(self, record: SealedContact, *, anew: bool = False) -> None:
        """Nothing."""


class _NoFigures(Figures):
    """The same of the figures: what was practised was asked for by nobody."""

    def __init__(self, book: Figures) -> None:
        self.__dict__.update(book.__dict__)

    async def put_slips(self, slips: Sequence[SealedSlip]) -> None:
        """Nothing."""


class _NoAlerts(Alerts):
    """Knows who is on call, and calls nobody."""

    def __init__(self, real: Alerts) -> None:
        self._real = real
        self.roster, self.ways = real.roster, real.ways

    async def raise_(self, kind: Kind, about: bytes, *, within_s: float = 0.0) -> None:
        """Nobody is called."""

    async def settle_matter(self, name: bytes, by: bytes = b"") -> None:
        """There is nothing to settle."""

    async def says_yes(self, name: bytes, by: bytes) -> None:
        """There is nothing to say yes to."""

    async def calls(self) -> list[tuple[bytes, Call]]:
        """None."""
        return []

    async def told_now(self) -> list[tuple[bytes, Call]]:
        """None."""
        return []

    async def calls_of(self, matters: Sequence[bytes]) -> dict[bytes, Call]:
        """None."""
        return {}

    async def open_calls(self, kind: Kind) -> dict[bytes, Call]:
        """None."""
        return {}

    async def open_since(self, kind: Kind, about: bytes) -> int | None:
        """Never."""
        return None

    async def has_yes(self, kind: Kind, about: bytes) -> bool:
        """Nobody was asked."""
        return False

    async def look(self) -> None:
        """Nothing is due."""

    async def who(self) -> Roster:
        """Who is on call, as everybody's desk shows it."""
        return await self._real.who()

    def reaches(self, roster: Roster, person: bytes) -> bool:
        """As everybody's desk shows it."""
        return self._real.reaches(roster, person)
