"""What an advocate does beside writing: sends a card by its name, says that she is still here; and what is tapped."""

from chat.cards import AWAY_CHOICE, CARDS, GUEST_CHOICES, GUESTS, KEEP, KEEP_CHOICES, KEEP_NO
from chat.consent import TAPPED
from chat.conversation import DeskTalk, VisitorTalk
from chat.guests import Guests
from chat.message import NOBODY, Body, Entry, Message, read_text, seal_staff_note, seal_words
from chat.refusals import LimitsFirst, MayBeSomebodyElse, NothingSaid, NotThisDesk
from chat.relay import Relay
from chat.sending_away import SendingAway


class Hands:
    """The acts around cards. Every act raises `ValkeyAway` when the store does not answer."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._guests = Guests(relay)
        self._sending_away = SendingAway(relay, self._guests)

    async def ask(self, talk: DeskTalk, card: str, key: bytes, after: int) -> int:
        """Send a card, under the fence of her take. Answers its number. Raises NothingSaid for one nobody knows.

        Raises LimitsFirst where another has to stand in the conversation before it: she is never asked for what may
        bind us before she has heard that it does. Raises MayBeSomebodyElse for one that tells that somebody
        wrote, while the card says that it may be read by somebody else.
        """
        if card not in CARDS:
            raise NothingSaid
        if CARDS[card].after and not await self._was_said(talk, CARDS[card].after):
            raise LimitsFirst
        if CARDS[card].tells and (await self._relay.marking.card(talk)).may_be_other:
            raise MayBeSomebodyElse
        return await self._advocate(talk, Entry("advocate", talk.staff_id, key, "card", after, b""), card)

    async def ask_keep(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """Ask whether these very words may be kept. Answers the question's number. Raises MayBeSomebodyElse: the
        words tell that somebody wrote.
        """
        if (await self._relay.marking.card(talk)).may_be_other:
            raise MayBeSomebodyElse
        return await self._relay.keeping.ask(talk, text, key, after)

    async def still_here(self, talk: DeskTalk, key: bytes, after: int) -> int:
        """Tell the visitor that this advocate is still here. Answers the number of that line."""
        return await self._advocate(talk, Entry("advocate", talk.staff_id, key, "here", after, b""), "")

    async def take_down(self, talk: DeskTalk, seq: int, text: str, key: bytes, after: int) -> int:
        """Keep a message, or a piece of it word for word, in a note under the staff key. Answers the note's number.

        Raises NotThisDesk where no such words stand under that number: what is taken down is what was said.
        """
        entry = await self._relay.talks.at(talk.id, seq)
        said = None if entry is None else self._relay.read(talk, seq, entry)
        piece = read_text(text)
        if said is None or said.kind != "words" or piece not in said.text:
            raise NotThisDesk
        note = Entry("advocate", talk.staff_id, key, "taken_down", after, b"")
        sealed = seal_staff_note(talk.id, talk.keys.staff, note, Body(piece, talk.alias, seq))
        return (await self._relay.talks.append_note(talk.id, sealed, fence=talk.fence)).seq

    async def tap(self, talk: VisitorTalk, seq: int, choice: str, key: bytes, after: int) -> int:
        """Keep the answer to the card under `seq`. Answers its number.

        A question of the waiting room is answered by it as well: its age begins anew, and the desk is shown it there.
        Raises NotThisDesk where no card stands under that number, or none with this choice.
        """
        entry = await self._relay.talks.at(talk.id, seq)
        asked = None if entry is None else self._relay.read(talk, seq, entry)
        if asked is not None and asked.kind == "card" and asked.text == KEEP and choice in KEEP_CHOICES:
            return await self._decide(talk, asked, choice, key, after)
        if asked is not None and asked.kind == "card" and asked.text in GUESTS and choice in GUEST_CHOICES:
            return await self._guests.decide(talk, asked, choice, key, after)
        if asked is not None and asked.kind == "may_translate" and choice in TAPPED:
            return await self._may_translate(talk, asked, choice, key, after)
        if asked is not None and asked.kind == "entered" and choice == AWAY_CHOICE:
            return await self._sending_away.tap(talk, asked, key, after)
        card = CARDS.get(asked.text) if asked is not None and asked.kind == "card" else None
        if card is None or choice not in card.choices:
            raise NotThisDesk
        if card.keeps is not None:
            await self._relay.visitor_answers(talk, card.keeps, choice)
        tapped = Entry("visitor", NOBODY, key, "tap", after, b"")
        sealed = seal_words(talk.id, talk.talk_key, tapped, Body(choice, of=seq))
        kept = await self._relay.talks.append(talk.id, sealed, now_ms=self._relay.now_ms())
        if kept.standing == "waiting":
            await self._relay.offer(talk)
        return kept.seq

    async def _was_said(self, talk: DeskTalk, card: str) -> bool:
        """Whether this card stands in the conversation. One that was taken back does not."""
        last = 0
        while True:
            words = await self._relay.since(talk, last)
            if any(each.kind == "card" and each.text == card for each in words.messages):
                return True
            if words.last == last:
                return False
            last = words.last

    async def _decide(self, talk: VisitorTalk, asked: Message, choice: str, key: bytes, after: int) -> int:
        seq, standing = await self._relay.keeping.decide(talk, asked, choice, key, after)
        if choice == KEEP_NO:
            # What she takes back still stands, sealed, in the store's file until that is written anew.
            self._relay.ending.owes_a_new_file = True
        if standing == "waiting":
            await self._relay.offer(talk)
        return seq

    async def _may_translate(self, talk: VisitorTalk, asked: Message, choice: str, key: bytes, after: int) -> int:
        seq, standing = await self._relay.interpreter.decide(talk, asked, choice, key, after)
        if standing == "waiting":
            await self._relay.offer(talk)
        return seq

    async def _advocate(self, talk: DeskTalk, entry: Entry, text: str) -> int:
        sealed, now_ms = seal_words(talk.id, talk.keys.talk, entry, Body(text, talk.alias)), self._relay.now_ms()
        return (await self._relay.talks.append(talk.id, sealed, now_ms=now_ms, fence=talk.fence)).seq
