"""One conversation on a desk's line: its feed, its card, the visitor's line, its end."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from msgspec.structs import replace

from chat.access import holds
from chat.behind import open_name
from chat.card import Way
from chat.cards import Speech
from chat.conversation import DeskTalk
from chat.desk_rows import card_for_desk
from chat.errands import Errands
from chat.feed import CARD, EMBER, ERASED, LINE, VISITOR_TYPES, Feed
from chat.interpreting import Interpreting
from chat.kept_ember import KeptEmber
from chat.message import SAID, Message
from chat.own_words import OwnWords
from chat.protocol import server
from chat.protocol.kinds import Line, State
from chat.protocol.translated import DeskMessageTranslated
from chat.recording import Recording
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.sockets.desk_lock import DeskLock, Tell as Tell
from chat.telling import Telling
from chat.tongue_hint import TongueHint
from chat.watch import View, Watch
from portal.errors import Away
from portal.ids import to_text
from portal.store.channels import Channels


class TalkOnDesk:
    """Runs beside the other conversations of one socket until it is erased, given back or the socket ends."""

    def __init__(
        self,
        talk: DeskTalk,
        relay: Relay,
        errands: Errands,
        channels: Channels,
        page: DeskLock,
        speech: Speech,
        look: "Callable[[TalkOnDesk], None]",
        left: "Callable[[TalkOnDesk], None]",
        *,
        last: int = 0,
        last_note: int = 0,
    ) -> None:
        self.talk = talk
        self._id = to_text(talk.id)
        self._relay = relay
        self._signs = Watch(relay)
        self._errands = errands
        self._page = page
        self._tell, self._tell_now = page.tell, page.tell_now
        self._line: Line | Literal[""] = ""
        self._way: Way = ""
        self._telling = Telling(speech)
        self._hint, self._writes = TongueHint(relay.guesses, errands), ""
        kindling = relay.kindling
        self._ember = KeptEmber(kindling.watch, errands, self._tend, known=talk.ember, over=self.leave)
        self._look, self._left = look, left
        self._is_over = self._is_told = False
        self.feed = Feed(
            relay,
            channels,
            talk,
            last=min(last, talk.facts.seq),
            last_note=min(last_note, talk.facts.notes),
            tell=self._told,
            sign=self._signed,
            tell_note=None if talk.role == "guest" else self._noted,
            tell_now=self._told_now,
        )
        if page.counts_own and talk.role == "owner":
            self.feed.own = OwnWords()
        self._interpreting = Interpreting(relay, errands, talk, self._card_changed)
        if talk.role == "owner":
            self.feed.passed = self._interpreting.heard

    @property
    def is_plain(self) -> bool:
        """Whether her page works without script, and so keeps what it was told as it was told."""
        return self._way == "plain"

    @property
    def language(self) -> str:
        """In which she reads her page."""
        return self._telling.tag

    async def opened(self, key: str = "") -> None:
        """Tell the desk that it holds this conversation; the feed brings the messages."""
        card = await self._card()
        facts = self.talk.facts
        state: State = "ended" if facts.is_over else "talking"
        self._record(is_over=facts.is_over)
        await self._tell(
            server.TalkOpened(
                conversation=self._id,
                card=card,
                state=state,
                last=facts.seq,
                key=key,
                unanswered_s=await self._errands.finish(self._signs.unanswered_s(self.talk)),
                role=self.talk.role,
                since=self.talk.since,
            )
        )

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """Feed the desk until it is over for it, by tasks of this group that come and go."""
        if self.talk.role != "guest":  # he keeps nothing open for others
            self._ember.begin(self.talk.id, tasks)
        if self.talk.role == "owner":
            self._interpreting.begin(tasks)
        self.feed.begin(tasks)

    def end(self) -> None:
        """Feed it no more."""
        self.feed.end()
        self._interpreting.end()
        self._ember.end()

    def leave(self) -> None:
        """It is no longer this desk's."""
        if not self._is_over:
            self._is_over = True
            self.end()
            self._left(self)

    async def see(self, view: View | None) -> None:
        """What was seen of it: whether it is still this desk's, what no channel told of, and the visitor's line."""
        is_owner = self.talk.role == "owner"
        if view is None or not (holds(self.talk, view.owner) if is_owner else await self._may_still_have()):
            self.leave()
            return
        if self.talk.role == "guest":
            return  # he is told nothing of her line
        # First what happened: that she has left is told by the closing, and then by her line.
        await self.feed.heal(view.facts)
        if view.line[0] != self._line:
            self._line, gone_s = view.line
            back_s = view.back_s if self._line == "left" else 0
            await self._tell(
                server.DeskLineChanged(conversation=self._id, line=self._line, gone_s=gone_s, back_s=back_s)
            )

    def _record(self, *, is_over: bool) -> None:
        """Beside everything else: what goes into the book of contacts if nobody finishes its record."""
        if is_over and self.talk.role == "owner":
            self._errands.begin(Recording(self._relay).begin(self.talk))

    async def _may_still_have(self) -> bool:
        return await self._relay.access.may_still_have(self.talk)

    def _tend(self, known: bytes | None) -> Coroutine[Any, Any, bytes]:
        return self._relay.kindling.tend(self.talk.id, self.talk.keys.talk, self.talk.keys.staff, known)

    async def _told(self, message: Message) -> None:
        if message.kind == "closed" and self.talk.role == "guest":
            self.leave()
            return
        if message.kind == "closed":
            wrap_up_s = await self._errands.finish(self._signs.wrap_up_left_s(self.talk))
            await self._tell(
                server.DeskConversationClosed(
                    conversation=self._id, seq=message.seq, how=message.how, wrap_up_s=wrap_up_s
                )
            )
            self._record(is_over=True)
            self._look(self)
            return
        if message.kind == "withdrawn":
            await self._tell(
                server.DeskMessageWithdrawn(conversation=self._id, seq=message.of, was_shown=message.shown)
            )
        if (made := self._made(message)) is not None:
            await self._tell(made)
        await self._tell(self._posted(message))
        if message.kind not in SAID:
            self._look(self)

    def _told_now(self, words: Message) -> bool:
        return not self._is_over and self._tell_now(self._posted(words))

    def _posted(self, message: Message) -> server.DeskMessagePosted:
        is_event = message.kind not in SAID
        if message.kind == "words" and message.author == "visitor" and self.talk.role != "guest":
            self._hint.said(message.text, self._telling.tag, self._guessed)
        return server.DeskMessagePosted(
            conversation=self._id,
            seq=message.seq,
            author="system" if is_event else message.author,
            name=message.name,
            text=self._text(message),
            key="" if is_event else to_text(message.key),
            card=message.text if message.kind == "card" else "",
            of=message.of if message.kind == "tap" else 0,
            choice=message.text if message.kind == "tap" else "",
            own=message.author == "advocate" and message.person == self.talk.staff_id,
        )

    def _made(self, message: Message) -> DeskMessageTranslated | None:
        machine = message.machine
        if message.kind != "translated" or machine is None or not message.of:
            return None
        return DeskMessageTranslated(
            conversation=self._id,
            seq=message.of,
            text=message.text,
            language=machine.target,
            source=machine.source,
            status=machine.status,
            flags=machine.flags,
        )

    def _text(self, message: Message) -> str:
        """The words, as she reads them; of what happened the word for it, none for a number whose words are gone."""
        if message.kind == "words":
            return message.text
        if message.kind in SAID:
            return self._telling.words_of(message)
        if message.kind == "translated":
            # A number and no more, but for the one that says that the engine does not answer.
            return "" if message.of or message.machine is None else "not_translated"
        return "" if message.kind == "withdrawn" and message.of == message.seq else message.kind

    async def _noted(self, note: Message) -> None:
        await self._tell(
            server.NotePosted(
                conversation=self._id,
                seq=note.seq,
                name=note.name,
                text=note.text,
                key=to_text(note.key),
                of=note.of,
                danger=note.about,
                outcome=note.outcome,
            )
        )

    async def _signed(self, sign: str) -> None:
        if sign == VISITOR_TYPES:
            await self._tell(server.DeskTyping(conversation=self._id))
        elif sign == CARD:
            self._interpreting.look()
            await self._card_changed()
        elif sign == EMBER:
            self._ember.want()
        elif sign == LINE:
            self._look(self)
        elif sign == ERASED:
            self.leave()

    async def _guessed(self, guess: str) -> None:
        self._writes = guess
        await self._card_changed()

    async def _card_changed(self) -> None:
        try:
            card = await self._card()
        except (Away, ConversationOver):
            return
        await self._tell(server.CardChanged(conversation=self._id, card=card))

    async def _card(self) -> server.Card:
        """What she answered and staff marked; a guest is told her language alone."""
        answers = await self._errands.finish(self._relay.answers(self.talk))
        self._way, self._telling.tag = answers.way, answers.language
        if self.talk.role == "guest":
            return server.Card(language=answers.language)
        ours = await self._errands.finish(self._relay.marking.card(self.talk))
        note, reader = open_name(self.talk.keys.staff, self.talk.id, answers.note), self._page.reads_notes
        if note is not None and reader is not None and self.talk.role == "owner" and not self._is_told:
            # Beside everything else: she has the talk whether or not it can be written at the note.
            self._is_told = True
            self._errands.begin(self._relay.leavings.behind.talked(reader, note, self.talk.id))
        card = card_for_desk(answers, ours, self._relay.now_ms(), note, may_open=reader is not None)
        writes = "" if answers.language == self._writes else self._writes
        return replace(card, writes=writes, **self._interpreting.told(answers.language))
