"""The gate: whoever lets something leave that identifies a person asks here first, and has it written down."""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.consent.book import Consents
from portal.consent.rule import Agreement, Excepted, Leaving, MayNotLeave, Passage, decide
from portal.consent.terms import Recipient, Subject
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.staff.trail.journal import Journal
from portal.store.database import Database

LEFT: Final = "gate.left"
REFUSED: Final = "gate.refused"


class Exceptions(Protocol):
    """Who keeps the recorded uses of the three exceptions."""

    async def made(self, connection: AsyncConnection, about: Iterable[Subject], asked: Recipient) -> Sequence[Excepted]:
        """Those about these things, as the rule reads them when `asked` is to have something."""


class Gate:
    """The one gate. What it lets through stands in the audit before it has left."""

    def __init__(
        self, database: Database, clock: Clock, journal: Journal, consents: Consents, exceptions: Exceptions
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._consents = consents
        self._exceptions = exceptions

    async def may_leave(self, signed: Signed, leaving: Leaving, *, also: Iterable[Agreement] = ()) -> Passage:
        """Leave for all that is asked, or none: asked of what is written down at this very moment.

        `also`: what she agreed to elsewhere, in a tip's own form. Whoever builds what leaves takes the Passage and
        puts nothing into it that `Passage.lets` does not name. Raises MayNotLeave (409, with what is not covered),
        DatabaseAway: then nothing may leave either.
        """
        try:
            async with self._database.write() as connection:
                passage = await self.judge(connection, leaving, also=also)
                await audit.line(
                    connection,
                    at=self._clock.now(),
                    act=f"{LEFT}.{passage.ground}",
                    staff_id=signed.staff_id,
                    subject=leaving.about[0].id,
                )
        except MayNotLeave:
            about = leaving.about[0].id if leaving.about else b""
            await self._journal.refused(REFUSED, signed.staff_id, about)
            raise
        return passage

    async def judge(self, connection: AsyncConnection, leaving: Leaving, *, also: Iterable[Agreement] = ()) -> Passage:
        """The same answer and no line in the audit: for a page that says beforehand what would leave, and for whoever
        writes a line of its own in the same transaction. Raises MayNotLeave, DatabaseAway.
        """
        agreed = await self._consents.agreements(connection, leaving.about, leaving.to)
        made = await self._exceptions.made(connection, leaving.about, leaving.to)
        return decide(leaving, [*agreed, *also], made, self._clock.now().date())
