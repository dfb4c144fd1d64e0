"""Makes the next version of a compartment's key: the statement, and a grant for everybody who stays."""

import logging
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert

from portal.errors import PorchlightError
from portal.rotation.due import due
from portal.staff.keys.ledger import BookPage
from portal.staff.tables import grants
from portal.staff.trail import audit
from portal.staff.unlock import Unlocked
from portal.vault.compartments import grant, new_compartment
from portal.vault.sayings import say_grant, say_rotate
from portal.vault.statements import RECOVERY, KeyRight, Ledger

if TYPE_CHECKING:
    from portal.services import Services

_log = logging.getLogger("porchlight.staff")
_NEEDED: Final = frozenset({KeyRight.ROTATE, KeyRight.GRANT})


class Turning:
    """The act. It needs her own signature, so it is done where her passphrase was just right, and nowhere else."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def turn_if_it_can(self, unlocked: Unlocked) -> tuple[str, ...]:
        """Change every key that is due and that she may change; nobody is kept from signing in by what goes wrong."""
        try:
            return await self.turn(unlocked)
        except PorchlightError as error:
            _log.error("keys_not_turned error=%s", type(error).__name__)
            return ()

    async def turn(self, unlocked: Unlocked) -> tuple[str, ...]:
        """Change every key that is due, if she holds it and may sign that; the names of those that were changed.

        One transaction holds the statements, the sealed keys and the audit line: killed before its commit nothing was
        said, and it stays due. From the commit on everything new is sealed to the new key. Sessions that stand are
        handed it afterwards, now or by the keeper. Raises BookBroken, DatabaseAway.
        """
        staff = self._services.staff
        if not self._hers(await staff.ledger.current(), unlocked.person.id):
            return ()
        away = {person.id for person in await staff.accounts.everyone() if not person.is_active}
        made: dict[str, bytes] = {}
        async with staff.ledger.writing() as page:
            # Asked again on the page itself: of two who sign in at once, one finds it done.
            for name in self._hers(page.ledger, unlocked.person.id):
                made[name] = await self._make(page, unlocked, name, away)
            if made:
                await audit.line(
                    page.connection,
                    at=self._services.clock.now(),
                    act="keys.turned",
                    staff_id=unlocked.person.id,
                    subject=" ".join(made).encode(),
                )
        for name, private in made.items():
            await staff.late.hand_out(page.ledger, name, private)
        return tuple(made)

    def _hers(self, ledger: Ledger, staff_id: bytes) -> tuple[str, ...]:
        if not all(ledger.may(staff_id, right) for right in _NEEDED):
            return ()
        held = {(granted.compartment, granted.version) for granted in ledger.grants(staff_id)}
        names = [each.compartment for each in due(ledger, self._today)]
        return tuple(name for name in names if (name, ledger.history.newest(name)) in held)

    async def _make(self, page: BookPage, unlocked: Unlocked, name: str, away: set[bytes]) -> bytes:
        pair, before = new_compartment(), page.ledger.compartment(name).version
        # Whoever was sent away by somebody who could not sign that is still in the book; she gets nothing more.
        stay = page.ledger.holders(name, before) - away
        version = before + 1
        await page.write(say_rotate(page.latest, unlocked.signer, self._today, name, version, pair.public))
        rows = []
        for holder in sorted({*stay, RECOVERY}):
            person = page.ledger.staff(holder)
            if person is None:
                continue
            line = say_grant(
                page.latest, unlocked.signer, self._today, holder, name, version, person.open_public, pair.public
            )
            number = await page.write(line)
            seal = grant(
                pair.private, person.open_public, compartment=name, version=version, holder=holder, statement=number
            )
            rows.append({"statement": number, "holder": holder, "seal": seal})
        await page.connection.execute(insert(grants), rows)
        return pair.private

    @property
    def _today(self) -> date:
        return self._services.clock.now().date()
