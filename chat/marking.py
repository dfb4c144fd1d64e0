"""What an advocate marks on the desk's own card of a conversation, and what she writes down about a danger."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from chat.conversation import DeskTalk
from chat.danger import PLANS
from chat.desk_card import DeskCard, read_desk_card, write_desk_card
from chat.message import Body, Entry, seal_staff_note
from chat.protocol.advocate import EndDanger
from chat.protocol.kinds import NAME_LIMIT, Danger, Ticked
from chat.refusals import NotThisDesk
from chat.store.desk_cards import DeskCardStore
from chat.store.heavy import HeavyStore
from chat.store.talk import TalkStore
from portal.alerts.desk import Alerts
from portal.errors import Away
from portal.records.entries import Account, Entries
from portal.store.valkey import Valkey
from portal.vault.sealing import sub
from portal.web.sanitise import strip_markup, tidy_text

ROUNDS = 5
LOOKS_FOR_S: Final = 1.0
ACCOUNT_LIMIT = 1_000  # letters of an account; what was said is not written down again there


class Marking:
    """The acts on the desk's card. Every act raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey, talks: TalkStore, alerts: Alerts) -> None:
        self._cards, self.heavy = DeskCardStore(client), HeavyStore(client)
        self._talks = talks
        self._alerts = alerts

    async def card(self, talk: DeskTalk) -> DeskCard:
        """What stands on it now."""
        return read_desk_card(await self._cards.read(talk.id), talk.keys.staff, talk.id)

    async def change(self, talk: DeskTalk, change: Callable[[DeskCard], DeskCard]) -> DeskCard:
        """Change it under the fence of her take. Raises NotThisDesk for an old one."""
        for _ in range(ROUNDS):
            before = await self._cards.read(talk.id)
            card = change(read_desk_card(before, talk.keys.staff, talk.id))
            sealed = write_desk_card(card, talk.keys.staff, talk.id)
            word = await self._cards.keep(talk.id, before, sealed, fence=talk.fence)
            if word == "kept":
                return card
            if word == "gone":
                raise NotThisDesk
        raise Away

    async def danger(self, talk: DeskTalk, kind: Danger, who: str, key: bytes, after: int, now_ms: int) -> int:
        """She is in danger: call whoever is on call, then note it and mark the card. Answers the note's number.

        The call goes first and waits for nothing: with the store away it goes out as soon as that is back. Whoever has
        said yes to it is not called away by a kind or a name that is put right.
        """
        if not await self._has_yes(talk):
            await self._alerts.raise_("danger", talk.id)
        who = _line(who)
        seq = await self._note(talk, Body(who, talk.alias, about=kind), key, after)

        def marked(card: DeskCard) -> DeskCard:
            # The clock goes on where only the kind or the name is put right.
            since = card.danger_ms if card.is_in_danger else now_ms
            steps = card.steps if card.is_in_danger else ()
            return replace(card, danger=kind, danger_ms=since, who=who, outcome="", steps=steps)

        await self.change(talk, marked)
        await self.heavy.mark(talk.id)
        return seq

    async def help(self, talk: DeskTalk) -> None:
        """Whoever holds it wants a supervisor, now. The call waits for nothing, as that for a danger."""
        await self._alerts.raise_("help", talk.id)

    async def _has_yes(self, talk: DeskTalk) -> bool:
        """Whether it is marked already, and somebody has said yes to that. No store, no yes: then she calls."""
        with suppress(Away, TimeoutError):
            async with asyncio.timeout(LOOKS_FOR_S):
                return (await self.card(talk)).is_in_danger and await self._alerts.has_yes("danger", talk.id)
        return False

    async def end_danger(self, talk: DeskTalk, said: EndDanger, entries: Entries, key: bytes, after: int) -> int:
        """Write down what was done: on the card, in a note, and sealed to the records. Answers the note's number.

        Raises NotThisDesk where no danger was marked. Everything is under one key, so asking again is safe.
        """
        card = await self.card(talk)
        if not card.danger:
            raise NotThisDesk
        words = tidy_text(strip_markup(said.text))[:ACCOUNT_LIMIT]
        seq = await self._note(talk, Body(words, talk.alias, about=card.danger, outcome=said.outcome), key, after)
        account = Account(
            about=card.danger,
            outcome=said.outcome,
            words=words,
            by=talk.alias,
            who=card.who,
            done=tuple(step for step in PLANS[card.danger].steps if step in said.done),
            at_ms=card.danger_ms,
        )
        # Named under the staff key: from the row nobody finds the conversation, while there still is one.
        await entries.write("danger", account, talk.staff_id, row=sub(talk.keys.staff, "entry", key)[:16])
        await self.change(talk, lambda now: replace(now, outcome=said.outcome, steps=()))
        await self._alerts.settle("danger", talk.id, by=talk.staff_id)
        return seq

    async def other(self, talk: DeskTalk, *, may_be: bool, now_ms: int) -> None:
        """Somebody else may be writing, or she is herself again. Whoever holds her next reads it on the card."""

        def marked(card: DeskCard) -> DeskCard:
            since = card.other_ms or now_ms
            return replace(card, other_ms=since if may_be else 0, lost=card.lost and may_be)

        await self.change(talk, marked)

    async def step(self, talk: DeskTalk, step: str, *, is_set: bool) -> None:
        """A step of the danger that lasts was done, or not after all. Raises NotThisDesk where it has no such step."""

        def stepped(card: DeskCard) -> DeskCard:
            if not card.danger or card.outcome or step not in PLANS[card.danger].steps:
                raise NotThisDesk
            return card.stepped(step, is_set=is_set)

        await self.change(talk, stepped)

    async def tick(self, talk: DeskTalk, of: Ticked, *, is_set: bool) -> None:
        """A stage was gone through, or she is a child; or not so after all. Said twice it is the same."""
        await self.change(talk, lambda card: card.ticked(of, is_set=is_set))

    async def _note(self, talk: DeskTalk, body: Body, key: bytes, after: int) -> int:
        entry = Entry("advocate", talk.staff_id, key, "danger", after, b"")
        sealed = seal_staff_note(talk.id, talk.keys.staff, entry, body)
        return (await self._talks.append_note(talk.id, sealed, fence=talk.fence)).seq


def _line(typed: str) -> str:
    return " ".join(tidy_text(strip_markup(typed)).split())[:NAME_LIMIT]
