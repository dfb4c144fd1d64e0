"""Carries words between a visitor and an advocate: saved first, told after."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_field

from chat.access import Access, EmberLost
from chat.behind import Behind, first_card
from chat.card import Answers, Way, read_answers, write_answers
from chat.clocks import wish_minutes
from chat.conversation import DeskTalk, VisitorTalk
from chat.ending import Ending
from chat.heaps import Heaps
from chat.interpreter import Interpreter
from chat.keeping import Keeping
from chat.kindling import LOOK_EVERY_S, LOOKS, Kindling
from chat.left import Leavings
from chat.marking import Marking
from chat.message import (
    NOBODY,
    Body,
    Entry,
    Message,
    as_told,
    hole_at,
    open_staff_note,
    open_words,
    read_text,
    seal_staff_note,
    seal_words,
)
from chat.protocol.kinds import LeaveHow, Question, Why
from chat.queue import Tier, rank, tier_for
from chat.refusals import ConversationOver, NotThisDesk
from chat.speakers import Speakers
from chat.store.clocks import ClockStore
from chat.store.comebacks import ComebackStore
from chat.store.covers import CoverStore
from chat.store.desk import DeskStore, Offered, Standing
from chat.store.left import LeftStore
from chat.store.lines import LineStore
from chat.store.offers import OfferStore
from chat.store.people import PeopleStore
from chat.store.phones import PhoneStore
from chat.store.shift import ShiftStore
from chat.store.talk import TalkStore
from chat.store.unfinished import UnfinishedStore
from chat.trained import must_be_trained
from chat.withdrawing import Withdrawing
from portal.errors import Away, NotThere
from portal.handover import NoteName
from portal.ids import random_id
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.conversations import find_visitor, open_card, seal_card, visitor_copy
from portal.vault.errors import SealBroken

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
ROUNDS = 5  # two answers at once follow each other; more than a few hands cannot tap at the same moment


@dataclass(frozen=True)
class Words:
    """A page of a conversation: messages in order, and the last number read (some may not open any more)."""

    messages: list[Message]
    last: int


class Relay:
    """The acts of the chat. Every act raises `ValkeyAway` when a store does not answer; asking again is then safe."""

    def __init__(self, services: Services) -> None:
        self.talks = TalkStore(services.durable)
        self.lines, self.clocks = LineStore(services.durable), ClockStore(services.durable)
        self.desk = DeskStore.of(services.durable, lambda: services.now)
        self.heaps, self.interpreter = Heaps(self.desk, services.embers), Interpreter(services, self.talks)
        self.shifts, self.offers = ShiftStore(services.durable), OfferStore(services.durable, lambda: services.now)
        self.unfinished = UnfinishedStore(services.durable, self.desk)
        codes = services.ember_client, services.comeback_key
        self.comebacks = ComebackStore(*codes, lambda: services.now.comeback_lasts)
        self.covers = CoverStore(services.durable, services.ember_client)
        people = PeopleStore(services.durable, services.ember_client)
        self.access = Access(self.talks, self.desk, people, services.embers)
        self.kindling = Kindling(self.talks, services.embers, services.staff.ledger)
        self.phones, self.keeping = PhoneStore(*codes), Keeping(services)
        self.ending = Ending(
            services, self.talks, self.desk, self.unfinished, self.comebacks, self.covers, self.phones, self.keeping
        )
        self.withdrawing = Withdrawing(services, self.talks, self.ending)
        left = LeftStore(services.durable), self.talks, self.unfinished, self.comebacks
        self.leavings = Leavings(*left, self.phones, services.passes, self.ending, Behind(services))
        self.marking = Marking(services.durable, self.talks, services.alerts)
        self.speakers, self.guesses = Speakers(services, self.talks), services.guesses
        self.journal, self._clock, self.alerts = services.staff.journal, services.clock, services.alerts
        self.services = services

    def now_ms(self) -> int:
        """The present moment in milliseconds since 1970."""
        return int(self._clock.now().timestamp() * 1000)

    # The visitor

    async def open(self, conversation: bytes, token: bytes, language: str, note: NoteName | None = None) -> None:
        """Write a new conversation: index, keys, ember, and the visitor's way in last. `note`: that it began from.

        Of two who open one (a double tap) the first writes, the second waits; one killed before is written anew.
        """
        find = find_visitor(token)
        for anew in (False, True):
            both, ember, copy = await self.kindling.begin(conversation)
            await self.desk.arrive(conversation, self.now_ms())
            card = first_card(both, conversation, language, note)
            if await self.talks.open(
                conversation, arrived_ms=self.now_ms(), staff_copy=copy, find=find, card=card, anew=anew
            ):
                await self.kindling.light(conversation, ember)
                await self.talks.let_in(conversation, find, visitor_copy(both.talk, token))
                return
            for _ in range(LOOKS):
                if await self.talks.visitor(find) is not None:
                    return
                await asyncio.sleep(LOOK_EVERY_S)

    async def visitor_says(self, talk: VisitorTalk, text: str, key: bytes, after: int) -> int:
        """Save what the visitor said; whoever listens is told by the same breath that saves it. Answers its number."""
        entry = Entry("visitor", NOBODY, key, "words", after, b"")
        sealed = seal_words(talk.id, talk.talk_key, entry, Body(read_text(text)))
        kept = await self.talks.append(talk.id, sealed, now_ms=self.now_ms())
        if kept.standing == "waiting" and await self.offer(talk) is Offered.IN_SURGE:
            await self.heaps.said(talk.id, text)
        return kept.seq

    async def visitor_answers(self, talk: VisitorTalk, question: Question, choice: str) -> str:
        """Keep one answer of the waiting room on the sealed card; answers the choice as it was kept."""
        answers = await self.change_card(talk, lambda card: card.with_answer(question, choice, at_ms=self.now_ms()))
        return answers.get(question)

    async def visitor_comes(self, talk: VisitorTalk, way: Way) -> Answers:
        """Her page listens, by this way; answers what stands on the card. It is no word of hers and offers nothing."""
        answers = await self.answers(talk)
        if answers.way == way:
            return answers
        return await self.change_card(talk, lambda card: replace_field(card, way=way), is_word=False)

    async def visitor_speaks(self, talk: VisitorTalk, language: str) -> None:
        """Her page speaks another language from here on; whoever holds her, and the queue, read so on the card."""
        await self.change_card(talk, lambda card: replace_field(card, language=language), is_word=False)

    async def change_card(
        self, talk: VisitorTalk, change: Callable[[Answers], Answers], *, is_word: bool = True
    ) -> Answers:
        """Change the sealed card; `is_word`: an answer of hers, after which she may be offered to an advocate."""
        for _ in range(ROUNDS):
            sealed = await self.talks.sealed(talk.id)
            if sealed is None:
                raise ConversationOver
            answers = change(read_answers(open_card(talk.talk_key, talk.id, sealed.card)))
            word = await self.talks.keep_card(
                talk.id,
                seal_card(talk.talk_key, talk.id, write_answers(answers)),
                round_=sealed.round,
                tier=tier_for(answers.get("safe")),
                wish=wish_minutes(answers.get("cutoff")),
                now_ms=self.now_ms(),
                is_word=is_word,
            )
            if word == "waiting":
                await self.offer(talk)
                # Her place may stay as it is; her row does not, and advocates choose by what it says.
                await self.desk.row_changed()
            if word in ("waiting", "talking"):
                return answers
            if word != "again":
                raise ConversationOver
        raise Away

    async def answers(self, talk: VisitorTalk | DeskTalk) -> Answers:
        """What stands on the card now."""
        sealed = await self.talks.sealed(talk.id)
        if sealed is None:
            raise ConversationOver
        talk_key = talk.talk_key if isinstance(talk, VisitorTalk) else talk.keys.talk
        return read_answers(open_card(talk_key, talk.id, sealed.card))

    async def offer(self, talk: VisitorTalk) -> Offered:
        """Put a conversation with words or answers into the queue, where its tier and its age place it."""
        facts = await self.talks.facts(talk.id)
        if facts is None or facts.standing != "waiting" or not facts.has_spoken:
            return Offered.NO
        return await self.desk.offer(talk.id, rank(Tier(facts.tier), facts.arrived_ms), self.now_ms())

    async def visitor_is_here(self, talk: VisitorTalk, *, was_heard: bool = True) -> Standing:
        """Her page was heard just now (or only asks where she stands). One that slept comes back to its place."""
        facts = await self.talks.facts(talk.id)
        if facts is None or facts.is_over or facts.left_ms:
            raise ConversationOver
        place = rank(Tier(facts.tier), facts.arrived_ms)
        standing = await self.desk.seen(talk.id, place, self.now_ms(), is_alive=was_heard)
        if standing.is_open and not standing.is_queued and standing.place and facts.has_spoken:
            await self.desk.offer(talk.id, place, self.now_ms())
        return standing

    async def leave(self, talk: VisitorTalk, how: LeaveHow) -> None:
        """She ends it or leaves quickly: her side is destroyed at once."""
        await self.leavings.leave(talk, how, self.now_ms())

    async def leave_by_token(self, token: bytes) -> None:
        """The quick exit without a line: only her token is known. One that opens nothing (any more) ends nothing."""
        with suppress(NotThere, NotThisDesk):
            await self.leave(await self.access.conversation_for_visitor(token), "exit")

    # The advocate

    async def take(self, signed: Signed, conversation: bytes, why: Why = "other") -> DeskTalk:
        """Take a waiting conversation: decided on the desk's keys, then written with the conversation.

        Raises the refusals of a take; EmberLost: asking again finishes it, or the sweeper gives it back.
        """
        must_be_trained(signed)
        at, places = self.now_ms(), self.services.now.chat_capacity
        kept = await self.speakers.kept(signed, at)
        taken = await self.desk.take(conversation, signed.staff_id, kept, capacity=places, now_ms=at, why=why)
        return replace(await self.joined(signed, conversation, taken.fence), passed_over=taken.passed_over)

    async def joined(self, signed: Signed, conversation: bytes, fence: int) -> DeskTalk:
        """The second half of a take: what was decided on the desk's keys is written with the conversation."""
        try:
            talk = await self.access.opened(signed, conversation, fence)
        except EmberLost:
            await self.kindling.ask_others(conversation)
            raise
        entry = Entry("advocate", signed.staff_id, random_id(), "joined", talk.facts.seq, b"")
        joining = seal_words(conversation, talk.keys.talk, entry, Body("", signed.alias))
        word = await self.talks.join(conversation, joining, staff_id=signed.staff_id, fence=fence, now_ms=self.now_ms())
        if word == "over":
            raise ConversationOver
        if word != "joined":
            raise NotThisDesk
        await self.desk.taken(conversation)
        await self.alerts.settle("unclaimed", conversation, by=signed.staff_id)
        facts = await self.talks.facts(conversation)
        if facts is None:
            raise NotThisDesk
        return replace(talk, facts=facts)

    async def advocate_says(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """Save what the advocate said, under the fence of her take. Answers its number."""
        entry = Entry("advocate", talk.staff_id, key, "words", after, b"")
        sealed = seal_words(talk.id, talk.keys.talk, entry, Body(read_text(text), talk.alias))
        return (await self.talks.append(talk.id, sealed, now_ms=self.now_ms(), fence=talk.fence)).seq

    async def note(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """Save a note between staff: sealed under a key, kept in a stream and told on a channel of their own."""
        entry = Entry("advocate", talk.staff_id, key, "words", after, b"")
        sealed = seal_staff_note(talk.id, talk.keys.staff, entry, Body(read_text(text), talk.alias))
        return (await self.talks.append_note(talk.id, sealed, fence=talk.fence)).seq

    async def close(self, talk: DeskTalk) -> int:
        """The advocate ends it: the visitor's side goes at once, hers when the wrap-up clock ends."""
        return await self.ending.end(talk.id, "closed", fence=talk.fence)

    # Both

    async def since(self, talk: VisitorTalk | DeskTalk, last: int) -> Words:
        """The next page of messages after number `last`; a number whose words were taken back is not left out."""
        messages: list[Message] = []
        reached = last = max(last, talk.since if isinstance(talk, DeskTalk) else 0)
        for seq, entry in await self.talks.since(talk.id, last):
            messages += [hole_at(hole) for hole in range(reached + 1, seq)]
            messages.append(self.read(talk, seq, entry))
            reached = seq
        return Words(messages, reached)

    def read(self, talk: VisitorTalk | DeskTalk, seq: int, entry: Entry) -> Message:
        """Open one message. What somebody broke in the store keeps its number and shows that it cannot be read."""
        talk_key = talk.talk_key if isinstance(talk, VisitorTalk) else talk.keys.talk
        try:
            return as_told(open_words(talk.id, talk_key, seq, entry), talk)
        except SealBroken:
            return Message(seq, entry.author, "words", "", UNREADABLE, entry.key)

    async def notes_since(self, talk: DeskTalk, last: int) -> Words:
        """The next page of notes after number `last`; those whose key went in a power cut are left out."""
        rows = await self.talks.notes_since(talk.id, last)
        notes = []
        for seq, entry in rows:
            try:
                notes.append(open_staff_note(talk.id, talk.keys.staff, seq, entry))
            except SealBroken:
                continue
        return Words(notes, rows[-1][0] if rows else last)

    async def advocate_name(self, talk: VisitorTalk) -> str:
        """The alias of the advocate who joined last, or an empty text."""
        entry = await self.talks.at(talk.id, talk.facts.joined) if talk.facts.joined else None
        return "" if entry is None else self.read(talk, talk.facts.joined, entry).name
