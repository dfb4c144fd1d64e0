"""What a reporter does who came back: reads the thread, adds words and details, changes consents, erases it all."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, TooBusy
from portal.ids import random_id
from portal.services import Services
from portal.web.throttle import Throttle
from tips import consents, parts, store
from tips.access import Visit
from tips.consents import Consent, Entry, Identity, Standing
from tips.crowd.door import FilingDoor
from tips.crowd.lanes import Lane
from tips.crowd.tally import Tally
from tips.form import Said
from tips.retention import Retention
from tips.said import Told, told_of
from tips.staying import rows
from tips.staying.clock import goes_from
from tips.tip import (
    Child,
    Facts,
    Kind,
    Names,
    Path,
    Status,
    Words,
    after_addition,
    after_consent,
    names_now,
    open_part,
)

# What one tip takes from its reporter: nobody writes faster by hand, and nobody fills the disk through one number.
BURST: Final = 30
EACH_SECOND: Final = 0.2


@dataclass(frozen=True)
class Thread:
    """A tip as its reporter reads it. `closed` stands behind a tap, `open` in sight; `standing`: what she agrees to.

    `may_be_young`: she said that somebody under eighteen is part of it, or may be. `told`: details, by their question.
    `left`: how she may be reached, as it stands now. `goes_from`: the day from which it would go unless somebody
    writes, once that is to be said; `is_empty`: what stood there is gone, the number is not.
    """

    status: Status
    closed: tuple[Words, ...] = field(repr=False)
    open: tuple[Words, ...] = field(repr=False)
    standing: Standing = field(repr=False)
    may_be_young: bool
    told: Told = field(repr=False)
    left: Names = field(repr=False)
    goes_from: date | None = None
    is_empty: bool = False

    @property
    def has_reach(self) -> bool:
        """Whether she left any way to be reached."""
        return self.left.is_said


class FollowUp:
    """The acts of a visit. Nothing here counts visits or notes that there was one."""

    def __init__(self, services: Services, retention: Retention, door: FilingDoor) -> None:
        self._services = services
        self._retention = retention
        self._door = door
        self._tally = Tally(services)
        self._pace = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def read(self, visit: Visit) -> Thread:
        """The thread. Raises NotThere when the tip was erased meanwhile, DatabaseAway."""
        async with self._services.database.read() as connection:
            sealed = await store.read_hers(connection, visit.tip)
            kept = await store.read_parts(connection, visit.tip)
            clock = await rows.standing(connection, visit.tip)
        if sealed is None or clock is None:
            raise NotThere("no such tip")
        words = parts.open_words(visit.keys.words, visit.tip, kept)
        begins = open_part(words)
        standing = consents.live(parts.open_consents(visit.keys.words, visit.tip, kept))
        child = parts.open_card(visit.keys.words, visit.tip, sealed.card).child
        may_be_young = child in (Child.YES, Child.UNSURE)
        told = told_of(parts.open_facts(visit.keys.words, visit.tip, kept))
        left = names_now(parts.open_names(visit.keys.names, visit.tip, kept))
        return Thread(
            status=sealed.status,
            closed=tuple(words[:begins]),
            open=tuple(words[begins:]),
            standing=standing,
            may_be_young=may_be_young,
            told=told,
            left=left[-1] if left else Names(),
            goes_from=goes_from(clock.step, clock.look, clock.status),
            is_empty=all(part.kind == store.DESK for part in kept),
        )

    async def path(self, visit: Visit) -> Path:
        """How near she is to it, so that she is not asked what makes no sense. Raises NotThere, DatabaseAway."""
        async with self._services.database.read() as connection:
            sealed = await store.read_hers(connection, visit.tip)
        if sealed is None:
            raise NotThere("no such tip")
        return parts.open_card(visit.keys.words, visit.tip, sealed.card).path

    async def add(self, visit: Visit, text: str, part: bytes) -> None:
        """Add the reporter's words under the page's own `part` id; sent twice they are kept once.

        Raises NotThere when the tip was erased meanwhile, DatabaseAway, TooBusy where more comes than hands
        can write, or than this machine can keep.
        """
        self.keep_pace(visit)
        now = self._services.clock.now()
        sealed = parts.seal_words(visit.keys.words, visit.tip, part, Words(Kind.ADDED, text, now))
        async with self._door.entered(Lane.ADDED), self._services.database.write() as connection:
            await _keep(connection, visit, sealed, after_addition)
        await self._tally.came(is_tip=False)

    async def tell(self, visit: Visit, said: Said, part: bytes) -> None:
        """Add details under the page's own `part` id; sent twice they are kept once. Raises as `add` does."""
        self.keep_pace(visit)
        facts = Facts(self._services.clock.now(), dict(said))
        sealed = parts.seal_facts(visit.keys.words, visit.tip, part, facts)
        async with self._door.entered(Lane.ADDED), self._services.database.write() as connection:
            await _keep(connection, visit, sealed, after_addition)
        await self._tally.came(is_tip=False)

    async def agree(self, visit: Visit, consent: Consent, yes: bool, *, language: str, part: bytes) -> None:
        """One tap: this consent is given, or taken back. One entry more, nothing overwritten. Raises as `add` does.

        Taking back is never asked to wait.
        """
        if yes:
            self.keep_pace(visit)
        entry = Entry(self._services.clock.now(), consents.How.VISIT.value, language, {consent.value: yes})
        await self._say(visit, entry, part, lambda standing: standing.allows(consent) == yes)

    async def choose(self, visit: Visit, identity: Identity, *, language: str, part: bytes) -> None:
        """One tap: who may know who she is. Raises as `add` does; that nobody may is never asked to wait."""
        if identity is not Identity.ANONYMOUS:
            self.keep_pace(visit)
        entry = Entry(self._services.clock.now(), consents.How.VISIT.value, language, identity=identity.value)
        await self._say(visit, entry, part, lambda standing: standing.identity is identity)

    async def keep(self, visit: Visit) -> None:
        """One tap: it stays, and its clock begins anew. Nothing else is written. Raises NotThere, DatabaseAway."""
        async with self._services.database.write() as connection:
            if not await rows.begins_anew(connection, visit.tip):
                raise NotThere("no such tip")

    async def reach(self, visit: Visit, names: Names) -> None:
        """From now on she is reached like this, or in no way. What stood there before is deleted, not kept beside it.

        An entry that is only added would keep the old number for staff, and a number may be the danger. The part stands
        under the day of the one before: a disk does not tell that she changed it. Raises as `add` does; taking all of
        it back is never asked to wait.
        """
        if names.is_said:
            self.keep_pace(visit)
        now = self._services.clock.now()
        sealed = parts.seal_names(visit.keys.names, visit.tip, random_id(), replace(names, changed=now), now)
        async with self._services.database.write() as connection:
            tip = await store.read_hers(connection, visit.tip)
            if tip is None:
                raise NotThere("no such tip")
            stay = (await self._retention.holds.read(connection)).stay
            await store.replace_names(connection, visit.tip, dataclasses.replace(sealed, day=tip.day), stay=stay)
            await store.set_status(connection, visit.tip, after_consent(tip.status))
        await self._retention.empty_the_log()

    async def _say(self, visit: Visit, entry: Entry, part: bytes, is_so: Callable[[Standing], bool]) -> None:
        sealed = parts.seal_consent(visit.keys.words, visit.tip, part, entry)
        async with self._services.database.write() as connection:
            kept = await store.read_parts(connection, visit.tip)
            if kept and is_so(consents.live(parts.open_consents(visit.keys.words, visit.tip, kept))):
                return
            await _keep(connection, visit, sealed, after_consent)

    def keep_pace(self, visit: Visit) -> None:
        """Raises TooBusy where more is asked for one tip than hands can do."""
        if not self._pace.allows(visit.group):
            raise TooBusy("more for one tip than hands can write")

    async def erase(self, visit: Visit) -> None:
        """Erase the tip, its words and its keys, and every pass that could still show them. Safe to do twice.

        Where a hold keeps it, she can reach it no more than any other erased one, and nothing here tells which it was.
        """
        await self._retention.erase(visit.tip)
        await self._services.passes.drop(visit.group)


async def _keep(
    connection: AsyncConnection, visit: Visit, sealed: store.SealedPart, after: Callable[[Status], Status]
) -> None:
    tip = await store.read_hers(connection, visit.tip)
    if tip is None:
        raise NotThere("no such tip")
    if await store.insert_part(connection, visit.tip, sealed):
        await store.set_status(connection, visit.tip, after(tip.status))
