"""Calls people until somebody says yes: raises matters, climbs the ladder, and hears the yes."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from i18n.languages import ENGLISH, find_language
from portal.alerts.ladder import (
    CANNOT_WAIT,
    CLAIM_MS,
    QUIET_MS,
    Call,
    Kind,
    after_calling,
    after_yes,
    is_told,
    matter,
    may_hurry,
    settled,
    whom,
    woken,
)
from portal.alerts.reached import Reach, ReachStore
from portal.alerts.roster import Roster, RosterStore, Way
from portal.alerts.store import CallStore, Kept
from portal.alerts.ways import Ways
from portal.errors import PorchlightError
from portal.store.valkey import ValkeyAway

if TYPE_CHECKING:
    from portal.clock import Clock
    from portal.desk_settings import DeskSettings
    from portal.opening import Opening
    from portal.settings import Settings
    from portal.store.valkey import Valkey
    from portal.web.page import Pages

LOOK_EVERY_S: Final = 1.0
READ_EVERY_S: Final = 20.0
AWAY_FOR_S: Final = 60.0  # a store that is gone for longer is a matter of its own: who would hear of a visitor?
# What was just settled is not raised by somebody who had read the queue before; what a hand marks is never that.
STAYS_OVER_MS: Final = 10_000
RAISED_WITHIN_S: Final = 1.0
ROUNDS: Final = 5

_log = logging.getLogger("porchlight.alerts")


class Alerts:
    """The house's voice to those on call; one in each process."""

    def __init__(
        self,
        settings: "Settings",
        clock: "Clock",
        durable: "Valkey",
        roster: RosterStore,
        opening: "Opening",
        pages: "Pages",
        desk_settings: "DeskSettings",
    ) -> None:
        self.roster = roster
        self.ways = Ways(settings)
        self._store = CallStore(durable)
        self._reached = ReachStore(durable)
        self._opening = opening
        self._pages = pages
        self._clock = clock
        self._settings, self._desk_settings = settings, desk_settings
        self._house = settings.organisation or "Porchlight"
        self._known = Roster()
        self._read_at = float("-inf")
        self._swept_at = float("-inf")
        self._away_since: float | None = None
        self._away: tuple[Call, float] | None = None
        self._unraised: dict[bytes, tuple[Kind, int]] = {}  # matter -> kind and when it is due

    # The matters

    async def raise_(self, kind: Kind, about: bytes, *, within_s: float = 0.0) -> None:
        """Somebody is to be called for this, in `within_s` seconds unless it is settled before; once, however often
        it is raised, but sooner for whoever waits and cannot any more. With the store away it is raised as soon as it
        is back: nobody waits for that.
        """
        self._unraised[matter(kind, about)] = (kind, self._now_ms() + int(within_s * 1000))
        with contextlib.suppress(ValkeyAway, TimeoutError):
            async with asyncio.timeout(RAISED_WITHIN_S):
                await self._raise_all()

    async def settle(self, kind: Kind, about: bytes, by: bytes = b"") -> None:
        """It is over: in the hands of `by`, or by itself. Raises ValkeyAway."""
        await self.settle_matter(matter(kind, about), by)

    async def settle_matter(self, name: bytes, by: bytes = b"") -> None:
        """The same, by the matter's name. Raises ValkeyAway."""
        self._unraised.pop(name, None)
        for _ in range(ROUNDS):
            kept = await self._store.one(name)
            if kept is None or not kept.call.lasts:
                return
            if await self._store.change(name, kept, settled(kept.call, by, now_ms=self._now_ms()), None):
                return

    async def says_yes(self, name: bytes, by: bytes) -> None:
        """Somebody at the desk has it. Raises ValkeyAway."""
        for _ in range(ROUNDS):
            kept = await self._store.one(name)
            if kept is None or not kept.call.is_open:
                return
            call, due_ms = after_yes(kept.call, by, now_ms=self._now_ms())
            if await self._store.change(name, kept, call, due_ms):
                return

    async def calls(self) -> list[tuple[bytes, Call]]:
        """What was called within a shift and what is still open, newest first; what nobody was called for yet is no
        call. For a page that somebody opens: it reads them all. Raises ValkeyAway.
        """
        return [(kept.matter, kept.call) for kept in await self._store.all() if kept.call.is_called]

    async def told_now(self) -> list[tuple[bytes, Call]]:
        """What an open desk is told of, newest first: reads what stands now and nothing besides. Raises ValkeyAway."""
        now_ms = self._now_ms()
        standing = await self._store.standing(now_ms)
        return [(kept.matter, kept.call) for kept in standing if is_told(kept.call, now_ms)]

    async def calls_of(self, matters: Sequence[bytes]) -> dict[bytes, Call]:
        """The calls of these matters and of no others, by name; what was never called for is not in it.

        Raises ValkeyAway.
        """
        return {kept.matter: kept.call for kept in await self._store.named(matters) if kept.call.is_called}

    async def open_matters(self, kind: Kind) -> set[bytes]:
        """The names of the matters of one kind that are open. Raises ValkeyAway."""
        return set(await self.open_calls(kind))

    async def open_calls(self, kind: Kind) -> dict[bytes, Call]:
        """The matters of one kind that are open, by name. Raises ValkeyAway."""
        standing = await self._store.standing(self._now_ms())
        open_ = [kept for kept in standing if kept.call.kind == kind and kept.call.is_open]
        return {kept.matter: kept.call for kept in open_}

    async def open_since(self, kind: Kind, about: bytes) -> int | None:
        """Since when a matter is open, in milliseconds; None when it is not. Raises ValkeyAway."""
        kept = await self._store.one(matter(kind, about))
        return kept.call.since_ms if kept is not None and kept.call.is_open else None

    async def has_yes(self, kind: Kind, about: bytes) -> bool:
        """Whether somebody has said yes to a matter, or has it in her hands. Raises ValkeyAway."""
        kept = await self._store.one(matter(kind, about))
        return kept is not None and kept.call.over == "yes"

    async def try_way(self, person: bytes, row: bytes) -> bool:
        """Send the very words of an alert by one of her own ways; whether it went. Raises Away."""
        found = [way for way in (await self.roster.read()).ways_of(person) if way.id == row]
        return bool(found) and await self._by(found[0], await self._words(person))

    async def reached(self, roster: Roster) -> Mapping[bytes, Reach]:
        """When an alert last went out by each way of the roster. Raises ValkeyAway."""
        return await self._reached.of(way.id for way in roster.ways)

    # The calling

    async def run(self) -> None:
        """Live as long as the process."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Call once for everything that is due."""
        await self._read_roster()
        try:
            await self._raise_all()
            for kept in await self._store.claim(self._now_ms()):
                await self._call(kept)
            await self._sweep()
            self._away_since = self._away = None
        except ValkeyAway:
            await self._call_for_the_store()

    async def _call(self, kept: Kept) -> None:
        call = woken(kept.call)
        people = list(whom(call, self._rungs()))
        quiet_ms = 0 if call.kind in CANNOT_WAIT else QUIET_MS
        lately = await self._store.called_since(people, self._now_ms() - quiet_ms)
        is_reached = bool(lately)
        for person, went in await self._send([person for person in people if person not in lately]):
            if went:
                is_reached = True
                await self._store.was_called(person, self._now_ms())
        after, due_ms = after_calling(call, is_reached=is_reached, now_ms=self._now_ms(), rung_ms=self._rung_ms())
        if not people:
            _log.warning("alert_reaches_nobody")
            # An open desk hears of it all the same: its time has come.
            after, due_ms = replace(call, tries=1), self._now_ms() + CLAIM_MS
        # Somebody may have said yes while it was sent: then it stays as she left it.
        await self._store.change(kept.matter, kept, after, due_ms)

    async def _call_for_the_store(self) -> None:
        """Each process for itself, from what it last read: two that call are better than none."""
        now = monotonic()
        self._away_since = now if self._away_since is None else self._away_since
        if now - self._away_since < AWAY_FOR_S:
            return
        call, due = self._away or (Call("away", self._now_ms()), now)
        if now < due:
            return
        is_reached = any(went for _, went in await self._send(list(whom(call, self._rungs()))))
        call, pause_ms = after_calling(call, is_reached=is_reached, now_ms=0, rung_ms=self._rung_ms())
        self._away = (call, monotonic() + pause_ms / 1000)

    async def _send(self, people: list[bytes]) -> list[tuple[bytes, bool]]:
        """To all at once, by all their ways; who was reached by at least one."""

        async def reach(person: bytes) -> bool:
            words = await self._words(person)
            return any(await asyncio.gather(*(self._by(way, words) for way in self._known.ways_of(person))))

        return list(zip(people, await asyncio.gather(*(reach(person) for person in people)), strict=True))

    async def _by(self, way: Way, words: str) -> bool:
        """Send it by one way, and write down whether it went: nobody's alert waits for that."""
        went = await self.ways.send(way.way, way.target, words)
        with contextlib.suppress(ValkeyAway, TimeoutError):
            async with asyncio.timeout(RAISED_WITHIN_S):
                await self._reached.tried(way.id, self._now_ms(), went=went)
        return went

    async def _words(self, person: bytes) -> str:
        """What an alert says, whatever it is about: the house's name, and that the desk is to be opened."""
        with contextlib.suppress(PorchlightError):
            # A name that cannot be read just now is no reason to call nobody.
            self._house = (await self._opening.facts()).name or self._house
        tongue = find_language(self._known.tongues.get(person, "")) or ENGLISH
        return self._pages.catalogue.phrase(tongue, "desk.alert.words", house=self._house)

    async def _raise_all(self) -> None:
        for name, (kind, due_ms) in list(self._unraised.items()):
            await self._raise(name, kind, due_ms)
            self._unraised.pop(name, None)

    async def _raise(self, name: bytes, kind: Kind, due_ms: int) -> None:
        for _ in range(ROUNDS):
            kept = await self._store.one(name)
            now_ms = self._now_ms()
            if kept is not None and due_ms <= now_ms and may_hurry(kept.call):
                if await self._store.change(name, kept, replace(kept.call, is_hurried=True), due_ms):
                    return
                continue
            if kept is not None and (kept.call.is_open or kept.call.kind == "tip"):
                return
            if kept is not None and kind not in CANNOT_WAIT and now_ms - kept.call.over_ms < STAYS_OVER_MS:
                return
            if await self._store.change(name, kept, Call(kind, now_ms, is_hurried=due_ms <= now_ms), due_ms):
                return

    def reaches(self, roster: Roster, person: bytes) -> bool:
        """Whether an alert goes to her by any way this server has."""
        return any(way.way in self.ways.offered for way in roster.ways_of(person))

    async def who(self) -> Roster:
        """Who is on call and how each is reached, as it was read a moment ago."""
        await self._read_roster()
        return self._known

    async def _read_roster(self) -> None:
        if monotonic() - self._read_at < READ_EVERY_S:
            return
        self._read_at = monotonic()
        try:
            self._known = await self.roster.read()
        except PorchlightError:
            return  # what was last read stands; before the house is set up there is nobody to call

    async def _sweep(self) -> None:
        if monotonic() - self._swept_at >= AWAY_FOR_S:
            await self._store.forget_old(self._now_ms())
            if self._known.ways:
                await self._reached.blunt((way.id for way in self._known.ways), self._now_ms())
            self._swept_at = monotonic()

    def forget(self) -> None:
        """Read the roster afresh at the next look: it was just changed."""
        self._read_at = float("-inf")

    def _rungs(self) -> list[list[bytes]]:
        return self._known.rungs(self._clock.now().timestamp())

    def _rung_ms(self) -> int:
        return self._desk_settings.over(self._settings).ladder_seconds * 1000

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)
