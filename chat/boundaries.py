"""Ends a conversation that crosses a line: warned first, held off for hours by the server, and reviewed.

What is held off is one conversation with everything that leads to it: its token, its number, its passes. Nothing is
known of whoever sits behind them, so nobody else is touched, and whoever opens the site anew is a stranger again.
"""

from typing import Final

from chat.conversation import DeskTalk, Facts
from chat.message import NO_KEY, NOBODY, SAID, Entry
from chat.protocol.advocate import HoldOff
from chat.queue import Tier, rank
from chat.refusals import NotThisDesk, WarnFirst
from chat.relay import Relay
from portal.ids import from_text
from portal.records.entries import Account, Entries
from portal.vault.sealing import sub
from portal.web.sanitise import strip_markup, tidy_text

WARNING: Final = "firm"  # the card that says what will happen
HOUR_MS: Final = 60 * 60 * 1000
ACCOUNT_LIMIT: Final = 1_000


class Holding:
    """What becomes of conversations that are held off. Every act raises `ValkeyAway`; each may be done again."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._store = relay.unfinished.held_off

    async def goes_on(self, conversation: bytes, facts: Facts, fence: int) -> bool:
        """Finish a holding off that was begun under this fence; False where none was."""
        until_ms = await self._store.until(conversation)
        if until_ms is None:
            return False
        entry = Entry("system", NOBODY, NO_KEY, "held_off", 0, b"")
        word = await self._store.keep(conversation, entry, fence=fence, until_ms=until_ms)
        # In no queue while it is held off; told to nobody who has it now.
        place = rank(Tier.ORDINARY, facts.arrived_ms) if word == "done" else None
        await self._relay.unfinished.finish_lapse(conversation, rank=place, fence=fence, told_until_ms=0)
        return True

    async def let_in(self, conversation: bytes) -> None:
        """It is over: she may write again and stands in line as soon as her page is heard."""
        await self._store.lift(conversation, Entry("system", NOBODY, NO_KEY, "let_in", 0, b""))

    async def sweep(self, now_ms: int) -> None:
        """Let in everybody whose time is over."""
        for conversation in await self._store.over(now_ms):
            await self.let_in(conversation)


class Boundaries:
    """The act of an advocate. Raises `ValkeyAway`, and `DatabaseAway` before anything was done."""

    def __init__(self, relay: Relay, entries: Entries) -> None:
        self._relay = relay
        self._entries = entries
        self._holding = Holding(relay)

    async def hold_off(self, talk: DeskTalk, said: HoldOff) -> int:
        """Hold it off. The row for the supervisor comes first: nothing is held off that nobody reviews.

        Raises WarnFirst where she was not warned, or has said nothing since; NotThisDesk for an old fence.
        """
        facts = await self._relay.talks.facts(talk.id)
        if facts is None or facts.standing != "talking" or facts.fence != talk.fence:
            raise NotThisDesk
        if not await self._went_on(talk):
            raise WarnFirst
        now_ms = self._relay.now_ms()
        until_ms = now_ms + said.hours * HOUR_MS
        words = tidy_text(strip_markup(said.text))[:ACCOUNT_LIMIT]
        account = Account(about=said.why, words=words, by=talk.alias, at_ms=now_ms, until_ms=until_ms, ref=talk.id)
        row = sub(talk.keys.staff, "entry", from_text(said.key, 16))[:16]
        await self._entries.write("held_off", account, talk.staff_id, answer="waits", row=row)
        fence = await self._relay.unfinished.held_off.begin(talk.id, talk.staff_id, talk.fence, until_ms)
        if not fence:
            raise NotThisDesk
        await self._holding.goes_on(talk.id, facts, fence)
        return 0

    async def _went_on(self, talk: DeskTalk) -> bool:
        """Whether the warning stands in the conversation, and something of hers after it."""
        last = warned = 0
        while True:
            words = await self._relay.since(talk, last)
            for each in words.messages:
                if each.kind == "card" and each.text == WARNING:
                    warned = warned or each.seq
                elif warned and each.author == "visitor" and each.kind in SAID:
                    return True
            if words.last == last:
                return False
            last = words.last
