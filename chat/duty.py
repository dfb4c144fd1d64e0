"""An advocate's shift: what she sees of the queue, whether she takes conversations, and that she is still here."""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

from chat.aliases import Aliases
from chat.calls import Calls
from chat.card import Answers
from chat.company import Company
from chat.conversation import Facts
from chat.desk_card import BLANK, DeskCard
from chat.desk_offers import DeskOffers, OpenedOffers, cards_of
from chat.desk_rows import queue_row
from chat.desk_speakers import DeskSpeakers
from chat.handing import Handing
from chat.presence import SHIFTS_THAT_TAKE, is_alive
from chat.protocol.handing import Colleague, OfferState
from chat.protocol.kinds import Shift, State, Why
from chat.protocol.server import Mine, QueueSnapshot, Waiting
from chat.refusals import LastOne
from chat.relay import Relay
from chat.store import keys
from chat.store.echo import EchoStore
from chat.store.offers import Offer
from chat.store.shift_notes import ShiftNoteStore
from chat.store.talk import Sealed
from chat.surge import FEWEST, Shown
from chat.trained import Trained, must_be_trained
from portal.errors import Away, NotThere, PorchlightError
from portal.ids import to_text
from portal.services import Services
from portal.staff.household.doorkeeping import Doorkeeping
from portal.staff.rights import Right, rights_of
from portal.staff.sessions.session import Signed
from portal.staff.training import CHAT
from portal.vault.conversations import ConversationKeys, open_staff_copy
from portal.vault.errors import KeyMissing, SealBroken

QUEUE_CHANNEL: Final = keys.QUEUE_CHANNEL  # hears that the queue changed; how, says the next snapshot

_name = attrgetter("name")
_log = logging.getLogger("porchlight.chat")


@dataclass
class OpenedCards:
    """What one desk socket has opened of the waiting ones, so that a snapshot opens each only once.

    Holds the keys of conversations in the queue, in memory, and lets each go as soon as it has left the queue.
    """

    keys: dict[bytes, ConversationKeys] = field(default_factory=dict, repr=False)
    offers: OpenedOffers = field(default_factory=OpenedOffers)

    def keep_only(self, conversations: set[bytes]) -> None:
        """Forget every other conversation."""
        for gone in self.keys.keys() - conversations:
            del self.keys[gone]


class Duty:
    """The acts of a shift. Every act raises `ValkeyAway` when a store does not answer."""

    def __init__(self, relay: Relay, services: Services) -> None:
        self._relay = relay
        self._services = services
        self._handing = Handing(relay)
        self._offers = DeskOffers(relay, self._handing)
        self._speakers = DeskSpeakers(relay)
        self._doorkeeping = Doorkeeping(services)
        self.echo, self._notes = EchoStore(services.durable), ShiftNoteStore(services.durable)
        self.trained = Trained(services.staff.accounts)
        self.guests_there = relay.access.people.guests_there
        self.calls = Calls(services.alerts, services.clock)

    async def is_here(self, signed: Signed) -> bool:
        """She is here: her leases are renewed. Answers whether she takes conversations.

        Not any more, where her training was taken back meanwhile.
        """
        if CHAT not in signed.training:
            await self._relay.shifts.set_aside(signed.staff_id)
        return await self._relay.desk.renew(signed.staff_id, self._relay.now_ms())

    async def say_ready(self, signed: Signed, is_ready: bool) -> None:
        """Whether she takes new conversations. Raises NotTrained."""
        if is_ready:
            must_be_trained(signed)
        await self._relay.desk.say_ready(signed.staff_id, is_ready)

    async def turn(self, signed: Signed, state: Shift, *, knows: bool, closes: int = 0) -> None:
        """Where she is in her shift. Raises NotTrained; LastOne, HoldsSomebody unless she `knows`.

        `closes`: as the last one out, and as nobody else, she closes the chat for so many minutes first.
        """
        if state in SHIFTS_THAT_TAKE:
            must_be_trained(signed)
        turn, now_ms = self._relay.shifts.turn, self._relay.now_ms()
        if closes:
            try:
                await turn(signed.staff_id, state, knows=knows, now_ms=now_ms, closes=True)
                return  # somebody has come meanwhile: newcomers wait for her
            except LastOne:
                await self._doorkeeping.close_as_last(signed, closes)
        await turn(signed.staff_id, state, knows=knows or bool(closes), now_ms=now_ms)

    async def is_last(self, signed: Signed) -> bool:
        """Whether she takes conversations, and nobody else does."""
        staff = (await self._relay.desk.counts(self._relay.now_ms())).staff
        return _is_alone(signed, staff) and await self._relay.desk.is_ready(signed.staff_id)

    async def depart(self, signed: Signed) -> None:
        """She signed out: what she holds goes back to the front of the queue now, not after her lease.

        Where she read along the visitor is told now that she does not.
        """
        await self._relay.access.people.watching.let_go(signed.staff_id)
        await self._relay.desk.depart(signed.staff_id)

    async def mine(self, signed: Signed) -> list[bytes]:
        """The conversations she holds or may still read."""
        return await self._relay.desk.mine(signed.staff_id)

    async def at_her_desk(self, signed: Signed) -> list[bytes]:
        """The same, and those she reads to have them next."""
        offers = await self._handing.offers.all()
        return await self.mine(signed) + [each for each, offer in offers.items() if offer.by == signed.staff_id]

    async def colleagues(self, signed: Signed) -> list[Colleague]:
        """Who takes conversations now, beside her; then who only joins as a guest, and has her desk open."""
        ready = (await self._relay.desk.counts(self._relay.now_ms())).staff
        named = [(each, await self.called(each)) for each in ready if each != signed.staff_id]
        known = await self._relay.speakers.readers.all()
        takes = sorted(
            (
                Colleague(person=to_text(each), name=name, languages=known[each].languages if each in known else ())
                for each, name in named
                if name
            ),
            key=_name,
        )
        return takes + sorted([each async for each in self._guests_there()], key=_name)

    async def _guests_there(self) -> AsyncIterator[Colleague]:
        for staff_id in await self.guests_there.all(self._relay.now_ms()):
            person = await self._services.staff.accounts.person(staff_id)
            if person is not None and Right.BE_GUEST in rights_of(person.role, ()):
                yield Colleague(
                    person=to_text(staff_id), name=person.alias, guest=True, languages=tuple(person.languages)
                )

    async def passed_over(self, signed: Signed, why: Why) -> None:
        """She took somebody out of turn, and said why: a word in the audit. She has her, whatever becomes of it."""
        try:
            await self._doorkeeping.note_passed_over(signed, why)
        except PorchlightError as error:
            _log.error("out_of_turn_not_noted error=%s", type(error).__name__)

    async def alias_of(self, staff_id: bytes) -> str:
        """The alias of a colleague, for "taken by"."""
        person = await self._services.staff.accounts.person(staff_id)
        if person is None:
            raise NotThere
        return person.alias

    async def has_now(self, signed: Signed, conversation: bytes) -> str | None:
        """Of one that a short time ago was hers: the alias of whoever has it, empty while it waits again.

        None where there is nothing to tell: it was never hers, is over, hers again, or was hers too long ago.
        """
        if await self._relay.desk.lately(conversation, self._relay.now_ms()) != signed.staff_id:
            return None
        owner, facts = await self._relay.desk.owner(conversation), await self._relay.talks.facts(conversation)
        if facts is None or facts.is_over or (owner is not None and owner.staff_id == signed.staff_id):
            return None
        try:
            return "" if owner is None else await self.alias_of(owner.staff_id)
        except NotThere:
            return None

    async def snapshot(self, signed: Signed, opened: OpenedCards) -> QueueSnapshot:
        """The queue as it stands now, next first; the cards are opened with her keys."""
        relay, now_ms = self._relay, self._relay.now_ms()
        first, total = await relay.desk.first()
        called = Aliases(self.called)
        living: Sequence[Shown]
        is_surge = total > FEWEST and await relay.desk.surge.is_surge(now_ms)
        if is_surge:
            living = await relay.desk.surge_view.see(relay.now_ms)
        else:
            seen = await relay.desk.last_seen([conversation for conversation, _ in first])
            living = [Shown(*each) for each, at in zip(first, seen, strict=True) if is_alive(now_ms, at)]
            total -= len(first) - len(living)
        conversations = [each.conversation for each in living]
        glances = await relay.talks.glance(conversations)
        opened.keep_only(set(conversations))
        rows: list[Waiting] = []
        for each, (facts, sealed) in zip(living, glances, strict=True):
            if facts is None or sealed is None or facts.standing != "waiting":
                continue
            card, ours = await self._cards(signed, opened, each.conversation, sealed)
            rows.append(queue_row(each, len(rows) + 1, facts, card, ours, now_ms))
        if not is_surge:
            rows = await self._speakers.rows(signed, rows, now_ms)
        staff = (await relay.desk.counts(now_ms)).staff
        mine = await self.mine(signed)
        offers = await self._handing.offers.all()
        standings = await relay.talks.facts_of(mine)
        looked = await relay.access.people.looked.of(mine, signed.staff_id)
        # Only asked: her desk is renewed by what it says, or a sleeping laptop would hold its visitors for ever.
        shift = await relay.shifts.of(signed.staff_id)
        less = self._services.now.less_on_call if shift == "on_call" else 0
        less += self._services.now.more_when_heavy * await relay.marking.heavy.of(mine)
        return QueueSnapshot(
            waiting=rows,
            total=total,
            surge=is_surge,
            ready=shift in SHIFTS_THAT_TAKE,
            capacity=max(0, self._services.now.chat_capacity - less),
            shift=shift,
            last=shift in SHIFTS_THAT_TAKE and _is_alone(signed, staff) and await relay.desk.is_ready(signed.staff_id),
            on_duty=await self._speakers.on_duty(staff),
            mine=[
                Mine(
                    conversation=to_text(conversation),
                    state=_state(facts),
                    read=read,
                    **await self._offer(offers, conversation, called),
                )
                for conversation, facts, read in zip(mine, standings, looked, strict=True)
                if facts is not None and facts.standing != "erased"
            ],
            heard=not await self.echo.is_unheard(),
            notes=await self._notes.unread(signed.staff_id, now_ms),
            watchable=await Company(relay).watchable(signed, called, self.calls),
            calls=await self.calls.shown(signed, mine, called),
            offers=await self._offers.shown(signed, offers, opened.offers),
            **await self._reach(signed),
            **await self.door(),
        )

    async def _offer(self, offers: Mapping[bytes, Offer], conversation: bytes, called: Aliases) -> dict[str, str]:
        """What she is told of an offer of hers."""
        offer = offers.get(conversation)
        if offer is None:
            return {}
        state: OfferState = "declined" if offer.is_declined else "reading" if offer.by else "offered"
        state = "phone" if offer.is_by_phone else state
        return {"offer": state, "to": await called(offer.by or offer.to)}

    async def called(self, staff_id: bytes) -> str:
        """The alias of a colleague; empty where it cannot be read now."""
        try:
            return await self.alias_of(staff_id) if staff_id else ""
        except (NotThere, Away):
            return ""  # no name is a reason to tell a desk nothing

    async def _reach(self, signed: Signed) -> dict[str, Any]:
        """Who is called when she needs somebody, and whether she is when others do."""
        if not signed.may(Right.SEE_CALLS):
            return {}
        on_call, is_reached = await self.calls.on_call(signed)
        return {"on_call": on_call, "reached": is_reached}

    async def door(self) -> dict[str, Any]:
        """What the switch of the chat says, for the top row of her desk."""
        doors = await self._services.doors.doors()
        switch = doors.switched(self._services.clock.now())
        if switch is None:
            return {"door": "hours" if doors.hours else "always"}
        until = "" if switch.until is None else f"{switch.until.astimezone(doors.clock):%H:%M}"
        return {"door": switch.word, "door_until": until}

    async def _cards(
        self, signed: Signed, opened: OpenedCards, conversation: bytes, sealed: Sealed
    ) -> tuple[Answers, DeskCard]:
        """Her answers and the desk's own card of one waiting conversation; empty while its ember is lost."""
        both = opened.keys.get(conversation)
        if both is None:
            ember = await self._services.embers.get(keys.ember(conversation))
            if ember is None:
                await self._relay.kindling.ask_others(conversation)
                return Answers(), BLANK
            try:
                both = open_staff_copy(sealed.staff_copy, ember, signed.compartment_keys("chat"), conversation)
            except (SealBroken, KeyMissing):
                return Answers(), BLANK
            opened.keys[conversation] = both
        return cards_of(both, conversation, sealed)


def _is_alone(signed: Signed, staff: Sequence[bytes]) -> bool:
    return not set(staff) - {signed.staff_id}


def _state(facts: Facts) -> State:
    return "waiting" if facts.standing == "waiting" else "talking" if facts.standing == "talking" else "ended"
