"""Shows a desk the offers that are for its person; each is opened once, and its card read anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from chat.access import EmberLost
from chat.card import Answers, read_answers
from chat.desk_card import DeskCard, read_desk_card
from chat.desk_rows import card_for_desk
from chat.handing import Handing, Offered
from chat.protocol.handing import Offer as OfferRow
from chat.refusals import Refusal
from chat.relay import Relay
from chat.store.offers import Offer
from chat.store.talk import Sealed
from portal.ids import to_text
from portal.staff.sessions.session import Signed
from portal.vault.conversations import ConversationKeys, open_card
from portal.vault.errors import SealBroken


@dataclass
class OpenedOffers:
    """What one desk socket has opened of the offers made to its person; each goes as soon as it stands no more."""

    known: dict[bytes, tuple[Offer, Offered]] = field(default_factory=dict, repr=False)

    def of(self, conversation: bytes) -> Offered | None:
        """What was opened of the offer of this conversation."""
        return self.known[conversation][1] if conversation in self.known else None

    def keep_only(self, stand: Mapping[bytes, Offer]) -> None:
        """Forget every other offer, and what was read of one that is another by now."""
        same = {each: kept for each, kept in self.known.items() if each in stand and _is_same(kept[0], stand[each])}
        self.known = same


class DeskOffers:
    """Raises `ValkeyAway` when a store does not answer."""

    def __init__(self, relay: Relay, handing: Handing) -> None:
        self._relay = relay
        self._handing = handing

    async def shown(self, signed: Signed, offers: Mapping[bytes, Offer], opened: OpenedOffers) -> tuple[OfferRow, ...]:
        """The rows of those that are for her and stand, but for what nothing can open just now."""
        stand = await self._standing({each: offer for each, offer in offers.items() if offer.is_for(signed.staff_id)})
        opened.keep_only({conversation: offer for conversation, (offer, _) in stand.items()})
        rows = []
        for conversation, (offer, sealed) in stand.items():
            told = opened.of(conversation) or await self._open(signed, conversation, offer, opened)
            if told is not None:
                rows.append(self._row(conversation, told, sealed))
        return tuple(rows)

    async def _standing(self, hers: Mapping[bytes, Offer]) -> dict[bytes, tuple[Offer, Sealed]]:
        """In two journeys, however many there are: those whose owner holds them as when she offered them."""
        owners = await self._relay.desk.owners(list(hers))
        glances = await self._relay.talks.glance(list(hers))
        stand = {}
        for (conversation, offer), owner, (facts, sealed) in zip(hers.items(), owners, glances, strict=True):
            if owner is None or facts is None or sealed is None or facts.standing != "talking":
                continue
            if owner.staff_id == offer.from_ and owner.fence == facts.fence == offer.fence:
                stand[conversation] = offer, sealed
        return stand

    async def _open(self, signed: Signed, conversation: bytes, offer: Offer, opened: OpenedOffers) -> Offered | None:
        try:
            told = await self._handing.offered(signed, conversation, offer)
        except EmberLost:
            await self._relay.kindling.ask_others(conversation)
            return None
        except Refusal:
            return None  # it went in this moment
        opened.known[conversation] = offer, told
        return told

    def _row(self, conversation: bytes, told: Offered, sealed: Sealed) -> OfferRow:
        answers, ours = cards_of(told.talk.keys, conversation, sealed)
        card = card_for_desk(answers, ours, self._relay.now_ms())
        if card.back == "held" or ours.may_be_other:
            # It may be somebody else; who takes her over sees that, and may look at the place then.
            card = replace(card, region="")
        return OfferRow(
            conversation=to_text(conversation), by=told.by, note=told.note, named=told.is_for_her, card=card
        )


def cards_of(both: ConversationKeys, conversation: bytes, sealed: Sealed) -> tuple[Answers, DeskCard]:
    """Her answers and the desk's own card."""
    ours = read_desk_card(sealed.desk, both.staff, conversation)
    try:
        return read_answers(open_card(both.talk, conversation, sealed.card)), ours
    except SealBroken:
        return Answers(), ours


def _is_same(read: Offer, now: Offer) -> bool:
    """Whether it is the same offer as far as she is told of it."""
    return (read.fence, read.note, read.to) == (now.fence, now.note, now.to)
