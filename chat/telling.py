"""Turns a message into the facts a visitor's page is told, whichever way it listens."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from chat import translated_words
from chat.cards import GUESTS, KEEP, Speech
from chat.consent import STOP
from chat.message import Kind, Machine, Message
from chat.protocol import server
from chat.protocol.kinds import Author
from portal.ids import to_text

# Whose text stands in the stream; of all others a page is told the kind.
_WITH_TEXT: Final[frozenset[Kind]] = frozenset({"words", "back"})
# What an advocate did that a page shows as a line of the house, or, a card of a newer house, not at all.
_LINES: Final[frozenset[Kind]] = frozenset({"here", "card"})


class Telling:
    """Tells in one language: cards and what was tapped stand in the stream as names."""

    def __init__(self, speech: Speech, tag: str = "") -> None:
        self._speech = speech
        self.tag = tag

    def facts_of(self, message: Message) -> Sequence[server.ToVisitor]:
        """The facts in their order; the one that carries the message's number comes last."""
        match message.kind:
            case "joined":
                return [server.AdvocateJoined(seq=message.seq, name=message.name)]
            case "watched" | "unwatched" | "entered" | "went" | "guest" | "guest_gone":
                # As words, for every page there is shows those: nobody reads or writes along unseen by an older one.
                text = self._speech.company(self.tag, message.kind)
                choices = self._speech.away(self.tag) if message.kind == "entered" else ()
                return [_posted(message, "advocate", text, choices=choices)]
            case "handed":
                # A page of an older house reads that somebody joined, which is so.
                return [server.AdvocateJoined(seq=message.seq, name=message.name, before=message.text)]
            case "closed":
                return [server.ConversationClosed(seq=message.seq, how=message.how)]
            case "withdrawn":
                # A page of an older house passes over what it does not know, but not over a number: that comes in a
                # frame it knows. Where the words stood and are no more, there is only the number.
                said = "" if message.of == message.seq else "withdrawn"
                return [server.MessageWithdrawn(seq=message.of), _posted(message, "system", said)]
            case "card" if self._speech.knows(message.text):
                choices = self._speech.choices(self.tag, message.text)
                return [_posted(message, "advocate", self.words_of(message), card=message.text, choices=choices)]
            case "tap":
                return [_posted(message, "visitor", self.words_of(message), of=message.of, choice=message.text)]
            case "may_translate":
                return [self._may_translate(message)]
            case "translated":
                return self._translated(message)
            case "kept" | "unkept" | "held_off" | "let_in":
                line = self._speech.line(self.tag, f"talk.{message.kind}", message.name)
                return [_posted(message, "system", message.kind, line=line)]
        author: Author = "system" if message.kind in _LINES else message.author
        return [_posted(message, author, message.text if message.kind in _WITH_TEXT else message.kind)]

    def _may_translate(self, asked: Message) -> server.ToVisitor:
        """The question, of the house and not of its advocate: under no name. Its line names the tap that stops it."""
        choices, stop = translated_words.choices(self._speech, self.tag), self._speech.choice(self.tag, STOP)
        nameless = replace(asked, name="")
        return _posted(nameless, "advocate", self.words_of(asked), card=asked.kind, choices=choices, line=stop)

    def _translated(self, message: Message) -> Sequence[server.ToVisitor]:
        """What is in her language, or failed to be. An older page passes over it, but not over its number."""
        machine = message.machine or Machine()
        if machine.engine and not message.of:
            return [_posted(message, "system", "translated", line=self._speech.say(self.tag, "translation.away"))]
        posted = _posted(message, "system", "translated")
        made = translated_words.translated(self._speech, self.tag, message)
        # What was made of her own words is her advocate's to read.
        return [posted] if made is None or machine.whose != "theirs" else [made, posted]

    def guessed(self, guess: str) -> server.TongueGuessed:
        """That her words look like this language, said in it."""
        ask, show, no = self._speech.offers(guess)
        return server.TongueGuessed(tag=guess, ask=ask, show=show, no=no)

    def words_of(self, message: Message) -> str:
        """What a card or a tap reads as."""
        if message.kind == "may_translate":
            return translated_words.question(self._speech, self.tag, message)
        if message.kind == "card" and message.text == KEEP:
            return self._speech.keep(self.tag, message.said, message.days)
        if message.kind == "card" and message.text in GUESTS:
            return self._speech.guest(self.tag, message.text, message.said)
        if message.kind == "card":
            return self._speech.card(self.tag, message.text, message.name)
        return self._speech.choice(self.tag, message.text)


def _posted(message: Message, author: Author, text: str, **more: Any) -> server.MessagePosted:
    return server.MessagePosted(
        seq=message.seq,
        author=author,
        name=message.name,
        text=text,
        key="" if author == "system" else to_text(message.key),
        **more,
    )
