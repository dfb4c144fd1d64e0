"""Lets the visitor send away by one tap whoever joined her advocate: at once, and back only by her yes."""

from chat.cards import AWAY_CHOICE, GUEST_NO
from chat.company import ENDED
from chat.conversation import VisitorTalk
from chat.guests import Guests
from chat.message import NOBODY, Body, Entry, Kind, Message, seal_words
from chat.relay import Relay
from portal.ids import random_id


class SendingAway:
    """The one act. It raises `ValkeyAway` when a store does not answer. Why it is so stands in docs/decisions/0013."""

    def __init__(self, relay: Relay, guests: Guests) -> None:
        self._relay = relay
        self._guests = guests
        self._people = relay.access.people

    async def tap(self, talk: VisitorTalk, entered: Message, key: bytes, after: int) -> int:
        """Keep the tap under the line in which this person said that she writes here. Answers its number.

        Raises NotThisDesk where she holds the conversation by now, ConversationOver.
        """
        guest = await self._people.guests.of(talk.id)
        if guest is not None and guest.person == entered.person:
            # She is back, or asked for, as a guest: this tap is her no to that.
            card = await self._relay.talks.at(talk.id, guest.card)
            if card is not None:
                return await self._guests.decide(talk, self._relay.read(talk, guest.card, card), GUEST_NO, key, after)
        tap = Entry("visitor", NOBODY, key, "tap", after, b"")
        sealed = seal_words(talk.id, talk.talk_key, tap, Body(AWAY_CHOICE, of=entered.seq))
        read, wrote = _line(talk, entered, "unwatched"), _line(talk, entered, "went")
        seq, standing, was_there = await self._people.sent_away.send_away(
            talk.id, entered.person, sealed, read, wrote, self._relay.now_ms()
        )
        await self._people.watching.end(talk.id, entered.person)
        if was_there:
            await self._relay.journal.write_if_it_can(ENDED, entered.person)
        if standing == "waiting":
            await self._relay.offer(talk)
        # Her desk is shown that this one is not hers to open any more.
        await self._relay.desk.row_changed()
        return seq


def _line(talk: VisitorTalk, entered: Message, kind: Kind) -> Entry:
    entry = Entry("advocate", entered.person, random_id(), kind, 0, b"")
    return seal_words(talk.id, talk.talk_key, entry, Body("", entered.name))
