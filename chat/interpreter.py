"""Asks a visitor whether a machine may translate, and keeps her answer; keeps each translation as its own entry."""

from typing import Final

from chat.consent import STOP, YES, Direction
from chat.conversation import DeskTalk, VisitorTalk
from chat.message import NOBODY, Body, Entry, Machine, Message, seal_words
from chat.store.talk import TalkStore
from chat.store.translated import TranslatedStore
from i18n.translator import Flag, Result, Status
from portal.services import Services
from portal.vault.sealing import sub
from portal.web.sanitise import plain_translation

# Longer than any answer of an engine: a desk that is gone holds up another for no longer than this.
CLAIM_MS: Final = 10_000


class Interpreter:
    """The acts around translations. Every act raises `ValkeyAway` when the store does not answer.

    What is sent to an engine is decided elsewhere, once more, and last by the script that keeps what came back.
    """

    def __init__(self, services: Services, talks: TalkStore) -> None:
        self._store = TranslatedStore(services.durable)
        self._talks = talks
        self._clock = services.clock
        self.translator = services.translator

    async def ask(self, talk: DeskTalk, of: Direction, source: str, target: str) -> int:
        """Ask her, once for each engine and desk language. Answers the question's number, 0 where it may not be asked.

        The house asks, in her own language; no frame of a desk leads here, so no advocate can.
        """
        machine = Machine(self.translator.name, of, source, target, is_third_party=self.translator.is_third_party)
        key = sub(talk.keys.talk, "may-translate", of, machine.engine, talk.tongue)[:16]
        entry = Entry("system", NOBODY, key, "may_translate", talk.facts.seq, b"")
        sealed = seal_words(talk.id, talk.keys.talk, entry, Body(of, talk.alias, machine=machine))
        return await self._store.ask(talk.id, sealed, of, fence=talk.fence)

    async def decide(self, talk: VisitorTalk, asked: Message, choice: str, key: bytes, after: int) -> tuple[int, str]:
        """Her answer to the question `asked`; the latest counts, from this breath on. "Stop" is a no to both.

        Answers the number of the answer, and the state the conversation had. Raises ConversationOver, NotThisDesk.
        """
        tap = Entry("visitor", NOBODY, key, "tap", after, b"")
        of: Direction = "theirs" if asked.text == "theirs" else "hers"
        return await self._store.decide(
            talk.id,
            seal_words(talk.id, talk.talk_key, tap, Body(choice, of=asked.seq)),
            None if choice == STOP else of,
            yes=choice == YES,
            asked=asked.seq,
            engine=asked.machine.engine if asked.machine else "",
            now_ms=self._now_ms(),
        )

    async def keep(self, talk: DeskTalk, said: Message, of: Direction, pair: tuple[str, str], result: Result) -> bool:
        """Keep what the engine made of these words. False where the words are gone, or her yes is."""
        text = plain_translation(result.text) if result.status is Status.DONE else ""
        # Nothing is left of it, or it is held back: then there are no words to show, only that it is so.
        if Flag.LINK_ADDED in result.flags:
            text = ""
        flags = tuple(sorted(flag.value for flag in result.flags))
        status = Status.FAILED if result.status is Status.DONE and not text and not flags else result.status
        machine = Machine(result.engine, of, *pair, status=status.value, flags=flags)
        return await self._keep(talk, of, said.seq, Body(text, of=said.seq, machine=machine), is_one=bool(text))

    async def keep_away(self, talk: DeskTalk, of: Direction, pair: tuple[str, str]) -> bool:
        """Say once, until there is a translation again, that the engine does not answer."""
        machine = Machine(self.translator.name, of, *pair, status=Status.FAILED.value)
        return await self._keep(talk, of, 0, Body("", machine=machine), is_one=False)

    async def claim(self, talk: DeskTalk, holder: str) -> bool:
        """Whether this desk is the one that asks the engine for this conversation now."""
        return await self._store.claim(talk.id, holder, now_ms=self._now_ms(), lasts_ms=CLAIM_MS)

    async def let_go(self, talk: DeskTalk, holder: str) -> None:
        """It asks no more."""
        await self._store.let_go(talk.id, holder)

    async def _keep(self, talk: DeskTalk, of: Direction, seq: int, body: Body, *, is_one: bool) -> bool:
        # What it is about stands in clear, as with all words the number that was known to whoever wrote them: the
        # script that keeps it once, and the one that takes words back, hold no key.
        key = sub(talk.keys.talk, "translated", str(seq))[:16]
        sealed = seal_words(talk.id, talk.keys.talk, Entry("system", NOBODY, key, "translated", seq, b""), body)
        return await self._store.keep(talk.id, sealed, of, engine=self.translator.name, is_one=is_one)

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)
