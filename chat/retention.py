"""Sweeps: finishes what a kill left half done, gives back what a vanished advocate held, erases what is over."""

import asyncio
import logging
from typing import Final

from chat.boundaries import Holding
from chat.handing import Handing
from chat.message import NO_KEY, NOBODY, Entry
from chat.presence import GONE_AFTER_MS, LEASE_MS, UNLIVED_AFTER_MS
from chat.queue import Tier, rank
from chat.refusals import Refusal
from chat.relay import Relay
from chat.sweeps.ahead import AheadSweep
from chat.sweeps.handing import HandingSweep
from chat.sweeps.kept import KeptSweep
from chat.sweeps.quiet import QuietSweep
from chat.sweeps.watching import WatchSweep
from portal.store.valkey import ValkeyAway

EVERY_S: Final = 2.0
NEW_FILE_EVERY_MS: Final = 30_000  # at most; writing a small file anew takes milliseconds
HALF_DONE_AFTER_MS: Final = 10_000  # a take needs milliseconds; its advocate asks again within seconds

_log = logging.getLogger("porchlight.chat.retention")


class Sweeper:
    """Each step may be done by any process, by several at once, and again after a kill: all are idempotent."""

    def __init__(self, relay: Relay, every_s: float = EVERY_S) -> None:
        self._relay = relay
        self._every_s = every_s
        self._handing = HandingSweep(Handing(relay))
        self._talks = relay.talks
        self._desk = relay.desk
        self._unfinished = relay.unfinished
        self._watches = WatchSweep(relay)
        self._ahead = AheadSweep(relay)
        self._quiet = QuietSweep(relay, self._ahead)
        self._kept = KeptSweep([relay.keeping.entries, relay.ending.unrecorded.contacts])
        self._holding = Holding(relay)
        self._new_file_at_ms = 0

    async def run(self) -> None:
        """Sweep for as long as the process lives; with a store away, wait for it."""
        while True:
            try:
                await self.sweep_by_a_clock_that_stands()
            except ValkeyAway:
                _log.warning("sweep_waits_for_the_store")
            await asyncio.sleep(self._every_s)

    async def sweep_by_a_clock_that_stands(self) -> None:
        """The same, but not right after the clock jumped ahead: by then all who live will have said that they do."""
        clock = self._relay.services.lookout.clock
        self._ahead.notice(clock)
        if not clock.is_settling:
            await self.sweep(is_day_right=not clock.has_leapt)

    async def sweep(self, *, is_day_right: bool = True) -> None:
        """Do once everything that is due now; what is kept by days, where the day is right."""
        now_ms = self._relay.now_ms()
        # Before anything is judged by a score: of one that lies ahead nothing would ever be due.
        await self._ahead.sweep(now_ms)
        for conversation, how, fence in await self._unfinished.endings():
            await self._finish_ending(conversation, how, fence)
        for conversation in await self._unfinished.lapsed(now_ms, now_ms - HALF_DONE_AFTER_MS):
            await self._give_back(conversation, now_ms)
        # After the lapses: of two that meet, the lapse wins.
        await self._handing.sweep()
        await self._watches.sweep(now_ms)
        await self._unfinished.dismiss_absent(now_ms)
        for conversation in await self._unfinished.over(now_ms):
            await self._relay.ending.erase(conversation)
        await self._quiet.sweep(now_ms)
        await self._holding.sweep(now_ms)
        await self._relay.leavings.sweep(now_ms)
        await self._clear_unseen(now_ms)
        if is_day_right:
            await self._kept.sweep(now_ms)
        await self._write_file_anew(now_ms)

    async def _write_file_anew(self, now_ms: int) -> None:
        """What was erased still stands in the store's append-only file, until that is written anew."""
        ending = self._relay.ending
        is_too_soon = 0 <= now_ms - self._new_file_at_ms < NEW_FILE_EVERY_MS  # below: the clock was set back
        if not ending.owes_a_new_file or is_too_soon:
            return
        ending.owes_a_new_file = False
        try:
            ending.owes_a_new_file = not await self._talks.write_file_anew()
        except ValkeyAway:
            ending.owes_a_new_file = True
            raise
        if not ending.owes_a_new_file:
            self._new_file_at_ms = now_ms

    async def _finish_ending(self, conversation: bytes, how: str, fence: int | None) -> None:
        try:
            await self._relay.ending.finish(conversation, how, fence)
        except Refusal:
            return  # an old owner's wish, or nothing there any more: both are cleared by the act itself

    async def _give_back(self, conversation: bytes, now_ms: int) -> None:
        """An advocate vanished, or a take never finished: to the front of the queue, and she is told."""
        owner, facts = await self._desk.owner(conversation), await self._talks.facts(conversation)
        if facts is None:
            await self._unfinished.forget(conversation)
            return
        if owner is not None and facts.standing == "talking" and facts.fence == owner.fence:
            await self._desk.taken(conversation)  # whole after all; only its mark was left behind
        fence = await self._unfinished.begin_lapse(conversation, now_ms, now_ms - HALF_DONE_AFTER_MS)
        if not fence:
            return
        if await self._holding.goes_on(conversation, facts, fence):
            return
        returned = Entry("system", NOBODY, NO_KEY, "returned", 0, b"")
        word = await self._talks.give_back(conversation, returned, fence=fence)
        place = rank(Tier.RETURNED, facts.arrived_ms) if word == "done" else None
        await self._unfinished.finish_lapse(conversation, rank=place, fence=fence, told_until_ms=now_ms + LEASE_MS)

    async def _clear_unseen(self, now_ms: int) -> None:
        """Nobody is offered who would not answer; a wait that nobody lives in ends."""
        unseen = await self._unfinished.unseen(now_ms - GONE_AFTER_MS)
        if not unseen:
            return
        await self._unfinished.unoffer(unseen)
        for conversation in await self._unfinished.unseen(now_ms - UNLIVED_AFTER_MS):
            facts = await self._talks.facts(conversation)
            if facts is None:
                await self._relay.ending.erase(conversation)
            elif facts.standing == "waiting":
                await self._finish_ending(conversation, "end", None)
