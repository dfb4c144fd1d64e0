"""Looks at the house as whoever runs it would: what stores, disk, clock and certificate say of themselves."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import select, text

from i18n.translator import State
from portal.errors import PorchlightError
from portal.lifeline import swap_is_on
from portal.operation.hourly import Hourly
from portal.operation.judging import Answer, Finding, Grade, Keeping, Matter, Seen, judge
from portal.operation.machine import Machine, keeping_of
from portal.operation.moments import ClockWatch
from portal.operation.tally import Count
from portal.rotation.overdue import Overdue
from portal.staff.tables import audit
from portal.staff.trail.audit_chain import BROKEN
from portal.store.columns import begins
from portal.store.valkey import Valkey

if TYPE_CHECKING:
    from portal.services import Services

WITHIN_S: Final = 4.5  # a store that reads its file says so only after a few tries
FRESH_S: Final = 10.0
KEEPS_OUT: Final[frozenset[Matter]] = frozenset({"database", "durable", "ember", "persistence", "disk", "writing"})
BACKED_UP: Final = "house.backed_up"
LOADING: Final = "BusyLoadingError"
POOLS: Final[tuple[Count, ...]] = (
    "pool_staff",
    "pool_known",
    "pool_coming_back",
    "pool_filing",
    "pool_database",
    "turned_away",
)
_log = logging.getLogger("porchlight.operation")

Told = TypeVar("Told")


class Lookout:
    """One in each process. `seen` and `findings` are those of its last look."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._machine = Machine(services.settings)
        self._overdue = Overdue(services)
        self.clock = ClockWatch(services.clock, jumped=self._clock_jumped)
        self.hourly = Hourly()
        self._looking: asyncio.Task[list[Finding]] | None = None
        self._trying: asyncio.Task[None] | None = None
        self._looked_at = 0.0
        self.seen: Seen | None = None
        self.findings: list[Finding] = []

    def _clock_jumped(self, by: float) -> None:
        self._services.tally.clock_jumped()
        _log.warning("clock_jumped seconds=%d", by)

    async def look(self) -> list[Finding]:
        """Read everything, each within `WITHIN_S`, and judge it. Raises nothing: what cannot be read is not known."""
        services = self._services
        tally = services.tally
        database, takes, durable, ember, apart_s, keeping = await asyncio.gather(
            _answer(self._ask_database),
            self._takes_rows(),
            _answer(services.durable.ping),
            _answer(services.ember_client.ping),
            _known(self._apart_s),
            _known(self._keeping),
        )
        disks, write_ms, certificates, _ = await asyncio.gather(
            self._machine.disks(),
            self._machine.write_ms(),
            _known(self._machine.certificates),
            # Asked by the house itself, once in a while: so how the engine is says nothing of whose words went to it.
            services.translator.pairs(),
        )
        engine = services.translator.state()
        self.seen = Seen(
            now=services.clock.now(),
            disks=disks,
            write_ms=write_ms,
            jump_s=self.clock.lately,
            apart_s=apart_s,
            certificates=certificates,
            backup=await _known(partial(self._newest, BACKED_UP)) if database == "answers" else None,
            begun=await _known(self._begun) if database == "answers" else None,
            is_open=await self._is_open(),
            database=database,
            takes_rows=takes,
            durable=durable,
            ember=ember,
            keeping=keeping,
            engine=State(engine.state).value,
            engine_since=engine.since,
            full={each: tally.last(each, "hour") for each in POOLS},
            own_chat=await self._own_chat(),
            keys_late=await _known(self._keys_late) if database == "answers" else None,
            workers=(tally.living(), services.settings.workers) if tally.is_supervised else None,
            broken=await _known(self._broken) if database == "answers" else None,
            reaches=await _known(self._reaches),
            swap=swap_is_on(),
        )
        self.findings = judge(self.seen)
        self.hourly.note(self.seen, self.findings)
        return self.findings

    def keeping_out(self) -> list[Finding]:
        """What was found wrong last of all that keeps people out of the desk.

        Where that is not of just now the house looks anew beside it, once at a time: whoever asks waits for nothing.
        """
        if self._looking is None or (self._looking.done() and monotonic() - self._looked_at >= FRESH_S):
            self._looked_at = monotonic()
            self._looking = asyncio.create_task(self.look())
        return [found for found in self.findings if found.matter in KEEPS_OUT and found.grade >= Grade.BAD]

    async def _ask_database(self) -> None:
        async with self._services.database.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def _takes_rows(self) -> bool:
        """Whether the database takes something new: it may answer while its disk is full, or somebody holds it.

        Never broken off: a writer that is cancelled in the middle would be one more thing that stands in the way.
        """
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._services.database.try_writing())
        done, _ = await asyncio.wait({self._trying}, timeout=WITHIN_S)
        return bool(done) and not self._trying.cancelled() and self._trying.exception() is None

    async def _newest(self, act: str) -> date | str:
        """The day of the newest line of this act; `never` where there is none."""
        asked = select(audit.c.day).where(audit.c.act == act).order_by(audit.c.n.desc()).limit(1)
        async with self._services.database.read() as connection:
            row = (await connection.execute(asked)).one_or_none()
        return "never" if row is None else date.fromisoformat(row.day)

    async def _begun(self) -> date | None:
        """The day of the audit's first line: so old is the house."""
        async with self._services.database.read() as connection:
            row = (await connection.execute(select(audit.c.day).order_by(audit.c.n).limit(1))).one_or_none()
        return None if row is None else date.fromisoformat(row.day)

    async def _broken(self) -> date | str:
        asked = select(audit.c.day).where(begins(audit.c.act, f"{BROKEN}:")).order_by(audit.c.n.desc()).limit(1)
        async with self._services.database.read() as connection:
            row = (await connection.execute(asked)).one_or_none()
        return "whole" if row is None else date.fromisoformat(row.day)

    async def _apart_s(self) -> float:
        """How far the durable store's clock is from this machine's: many servers share it, so it stands for theirs."""
        seconds, micros = await self._services.durable.time()
        return float(seconds + micros / 1e6) - self._services.clock.now().timestamp()

    async def _keeping(self) -> dict[str, Keeping]:
        stores: dict[str, Valkey] = {"durable": self._services.durable, "ember": self._services.ember_client}
        found: dict[str, Keeping] = {}
        for name, client in stores.items():
            told: dict[str, Any] = {**await client.info("persistence"), **await client.info("memory")}
            found[name] = keeping_of(name, told)
        return found

    async def _own_chat(self) -> Any:
        if not self._services.now.own_chat_minutes:
            return "off"
        return "lost" if self._services.is_unheard() else "heard"

    async def _keys_late(self) -> date | str:
        late = await self._overdue.now()
        return min(each.since for each in late) if late else "none"

    async def _reaches(self) -> bool:
        roster = await self._services.alerts.who()
        return any(self._services.alerts.reaches(roster, way.person) for way in roster.ways)

    async def _is_open(self) -> bool:
        with contextlib.suppress(PorchlightError):
            return (await self._services.opening.facts()).is_open
        return True  # what cannot be asked is judged as strictly as an open house


async def _answer(ask: Callable[[], Awaitable[Any]]) -> Answer:
    try:
        async with asyncio.timeout(WITHIN_S):
            await ask()
    except TimeoutError:
        return "silent"
    except PorchlightError as error:
        return "loading" if LOADING in str(error) else "silent"
    return "answers"


async def _known(ask: Callable[[], Awaitable[Told]]) -> Any:
    """The answer, or None. Any: some answer with a word in place of a day.

    Asked only once it begins: a look that is given up before leaves no question behind that nobody asked.
    """
    try:
        async with asyncio.timeout(WITHIN_S):
            return await ask()
    except (PorchlightError, TimeoutError, OSError) as error:
        _log.info("not_looked_at error=%s", type(error).__name__)
        return None
