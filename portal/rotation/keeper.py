"""Seals again what an old key opens, behind the desk's pages, while somebody who holds both keys is signed in."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Final

from portal.rotation.old_halves import OldHalves, versions
from portal.rotation.source import Source, of_compartment
from portal.staff.keys.lending import Lending
from portal.staff.sessions.session import Signed
from portal.vault.rewraps import Turn
from portal.vault.statements import Ledger

if TYPE_CHECKING:
    from portal.services import Services

_log = logging.getLogger("porchlight.staff")

BEGINS_AFTER_SECONDS: Final = 60.0
"""A house one step older may answer for a moment beside this one: its sessions are handed no key."""

PAUSE_SECONDS: Final = 60.0
WORKS_FOR_SECONDS: Final = 300.0
ROWS_AT_ONCE: Final = 25
"""Some milliseconds of the one pen of the house; then as long a rest as that took, and at least a moment."""

LEAST_REST_SECONDS: Final = 0.005


class Keeper:
    """One piece of work at a time in a process. Keys are held while it lasts, and no longer than her session stands.

    Nothing is kept of how far it came: a row says by itself which key it is sealed to. So a process that is killed, or
    she who leaves in the middle, costs the batch in hand and nothing else; whoever holds both keys goes on, here or in
    another process, and two at once do each row once.
    """

    def __init__(self, services: "Services") -> None:
        self._services = services
        self.halves = OldHalves(services)
        self._lending = Lending()

    def offer(self, signed: Signed) -> None:
        """Somebody is here; what is to be sealed again may be done with her keys. Returns at once."""
        if signed.held():
            self._lending.offer(signed)

    async def run(self) -> None:
        """Work whenever it is offered. Runs as long as the process."""
        await asyncio.sleep(BEGINS_AFTER_SECONDS)
        await self._lending.serve("sealing_again", self.work, PAUSE_SECONDS)

    async def work(self, signed: Signed) -> int:
        """Hand sessions what they lack, seal again what her keys open, erase what is past its day; how many rows stay.

        Those that stay are sealed to a key she does not hold, or are none of ours: each was written to the log. Raises
        DatabaseAway, ValkeyAway, BookBroken.
        """
        ledger = await self._services.staff.ledger.current()
        old = versions(await self.halves.there(ledger))
        if not old:
            return 0
        ends, stay = time.monotonic() + WORKS_FOR_SECONDS, 0
        for compartment in old:
            turn = await self._turn(ledger, signed, compartment)
            if turn is None:
                continue
            await self._services.staff.late.hand_out(ledger, compartment, turn.privates[turn.version])
            for source in of_compartment(self._services.sources, compartment):
                stay += await self._pass(signed, source, turn, ends)
            if compartment in self._services.sealed_in_stores:
                stay += await self._services.sealed_in_stores[compartment](turn)
        await self.halves.erase()
        return stay

    async def _turn(self, ledger: Ledger, signed: Signed, compartment: str) -> Turn | None:
        privates, newest = signed.compartment_keys(compartment), ledger.compartment(compartment)
        if newest.version not in privates:
            return None
        accounts = self._services.staff.accounts
        await accounts.ready()
        pepper = accounts.pepper(accounts.newest_pepper())
        return Turn(privates, newest.version, newest.public, accounts.live_peppers(), pepper)

    async def _pass(self, signed: Signed, source: Source, turn: Turn, ends: float) -> int:
        after, stay = b"", 0
        while time.monotonic() < ends and await self._services.staff.sessions.stands(signed.session):
            began = time.monotonic()
            async with self._services.database.read() as connection:
                keys = await source.next(connection, turn.version, after, ROWS_AT_ONCE)
            if not keys:
                break
            async with self._services.database.write() as connection:
                stay += await source.seal_again(connection, keys, turn)
            after = keys[-1]
            await asyncio.sleep(max(LEAST_REST_SECONDS, time.monotonic() - began))
        return stay
