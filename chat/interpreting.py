"""Has a machine translate one conversation for the desk that holds it, after the words were said, as far as she agreed.

The stream itself is the queue: what was said and has no translation there is still owed one, whichever process asked
for it and died. So no words wait here, and nothing that is said waits for this.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from chat.consent import DIRECTIONS, Consent, Direction
from chat.conversation import DeskTalk, Facts
from chat.errands import Errands
from chat.message import Entry, Message
from chat.protocol.kinds import Agreed
from chat.refusals import Refusal
from chat.relay import UNREADABLE, Relay
from chat.roused import Roused
from chat.store.talk import PAGE
from i18n import guard
from i18n.translator import Result, State, Status
from portal.errors import Away
from portal.ids import random_id, to_text

# Of what has no translation only so much is asked for, the newest: a conversation in which an engine was away for an
# hour is read on, not read up.
LOOKS_BACK: Final = 200  # numbers
MOST_OWED: Final = 40
TRIES: Final = 3  # of words the engine was asked for, and answered with nothing
AGAIN_S: Final = 5.0  # until an engine that is away, or a desk that asks already, is looked at anew
# Whoever takes a conversation over, and so may be addressed in these words.
_SPEAKS: Final = frozenset({"joined", "handed", "entered"})

_log = logging.getLogger("porchlight.chat")

Tongues = dict[Direction, tuple[str, str]]


class Interpreting:
    """Beside one conversation at its owner's desk. `changed` is called when the card should say something else."""

    def __init__(
        self,
        relay: Relay,
        errands: Errands,
        talk: DeskTalk,
        changed: Callable[[], Awaitable[None]],
        *,
        again_s: float | None = None,
    ) -> None:
        self._relay = relay
        self._interpreter = relay.interpreter
        self._translator = relay.interpreter.translator
        self._errands = errands
        self._talk = talk
        self._changed = changed
        self._again_s = AGAIN_S if again_s is None else again_s
        self._holder = to_text(random_id())
        self._work = Roused(self._interpret)
        self._turned = asyncio.Event()
        self._is_on = self._has_looked = self._is_known = False
        self._consents: tuple[Consent, Consent] | None = None
        self._tongues: Tongues = {}
        self._has: frozenset[Direction] = frozenset()  # for which the engine has the pair
        self._owed: deque[int] = deque(maxlen=MOST_OWED)
        self._speakers = {talk.staff_id}
        self._tries: dict[int, int] = {}
        self._cursor = 0
        self._told: dict[str, str] = {}
        self._asked: set[tuple[Direction, str]] = set()

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """From here on, by tasks of this group that come and go. Where there is no engine, there are none."""
        self._work.live_in(tasks)
        self.look()

    def end(self) -> None:
        """No more."""
        self._work.stop()

    def heard(self) -> None:
        """Something was said. Costs nothing where no machine was allowed."""
        if self._is_on:
            self._work.want()

    def look(self) -> None:
        """She answered, or speaks another language now: what she allowed is read anew, whatever is under way."""
        if not self._is_off:
            self._turned.set()
            self._work.want()

    def told(self, language: str) -> dict[str, str]:
        """For a card on which she speaks this language: `hers`, `theirs`, `engine`; empty with nothing to translate."""
        self._speaks(language)
        self._told = self._state()
        return self._told

    @property
    def _is_off(self) -> bool:
        return self._translator.state().state is State.OFF

    def _speaks(self, hers: str) -> bool:
        """Which language is whose. False where both are the same, or her advocate reads hers."""
        ours = self._talk.tongue
        is_two = bool(hers and ours) and hers != ours and hers not in self._talk.reads
        self._tongues = {"hers": (hers, ours), "theirs": (ours, hers)} if is_two else {}
        return is_two

    def _state(self) -> dict[str, str]:
        if not self._tongues or not (self._has_looked or self._is_off):
            return {}
        state = self._translator.state().state
        consents = self._consents or (Consent(), Consent())
        said: dict[str, str] = {of: self._said(of, consent) for of, consent in zip(DIRECTIONS, consents, strict=True)}
        return {**said, "engine": "" if state is State.OFF else state.value}

    def _said(self, of: Direction, consent: Consent) -> Agreed:
        if of not in self._has:
            return "only" if self._is_known or self._is_off else ""
        if consent.standing == "yes" and consent.engine != self._translator.name:
            return "asked"
        return consent.standing or "asked"

    async def _interpret(self) -> None:
        try:
            while await self._step():
                pass
        except (Away, Refusal):
            await self._pause()
            self._work.want()
        except Exception as error:
            # Whatever becomes of translations: the talk goes on.
            _log.error("interpreting_broke error=%s", type(error).__name__)

    async def _step(self) -> bool:
        """One look at how everything stands, and one translation. False where there is nothing more to do."""
        self._turned.clear()
        facts = await self._relay.talks.facts(self._talk.id)
        if facts is None or facts.standing == "erased" or not await self._knows_tongues():
            self._is_on = False
            return False
        if (facts.hers, facts.theirs) != self._consents:
            # Words that were not meant before may be now.
            self._consents, self._cursor = (facts.hers, facts.theirs), 0
            self._owed.clear()
            self._tries.clear()
        await self._ask(facts)
        self._is_on = any(consent.standing == "yes" for consent in self._consents)
        await self._tell()
        if not self._is_on:
            return await self._waits_for_engine()
        if not self._owed or not self._is_away:
            await self._read_on(facts)
        if not self._owed:
            await self._interpreter.let_go(self._talk, self._holder)
            return False
        seq = self._owed[0]
        if await self._is_settled(seq, facts):
            if self._owed and self._owed[0] == seq:
                self._owed.popleft()
            self._tries.pop(seq, None)
        else:
            await self._pause()
        return True

    async def _waits_for_engine(self) -> bool:
        """Nothing is allowed, and nothing was asked where nobody knows yet what the engine has."""
        if self._is_known:
            return False
        await self._pause()
        return True

    @property
    def _is_away(self) -> bool:
        return self._translator.state().state is State.AWAY

    async def _knows_tongues(self) -> bool:
        """Which language is whose, and what the engine has. False where nothing is to be translated."""
        if not self._speaks((await self._relay.answers(self._talk)).language):
            await self._tell()
            return False
        pairs = await self._translator.pairs()
        # An engine that does not answer says nothing of what it has; what it had holds until it does.
        self._is_known = bool(pairs) or (self._is_known and not self._is_off)
        if pairs:
            self._has = frozenset(of for of in DIRECTIONS if self._tongues[of] in pairs)
        return True

    async def _ask(self, facts: Facts) -> None:
        if facts.standing != "talking":
            return
        for of in DIRECTIONS:
            consent = facts.consent(of)
            is_new = not consent.standing or (consent.standing == "yes" and consent.engine != self._translator.name)
            question = (of, self._translator.name)
            if of in self._has and is_new and question not in self._asked:
                await self._errands.finish(self._interpreter.ask(self._talk, of, *self._tongues[of]))
                self._asked.add(question)

    async def _tell(self) -> None:
        """The card, where it says something else now."""
        self._has_looked = True
        if self._state() != self._told:
            await self._changed()

    async def _read_on(self, facts: Facts) -> None:
        """What was said since, and is owed a translation."""
        self._cursor = max(self._cursor, facts.seq - LOOKS_BACK)
        made: set[int] = set()
        is_whole = False
        while not is_whole:
            entries = await self._relay.talks.since(self._talk.id, self._cursor)
            is_whole = len(entries) < PAGE
            for seq, entry in entries:
                if entry.kind == "translated":
                    made.add(entry.after)
                elif entry.kind in _SPEAKS:
                    self._speakers.add(entry.person)
                elif entry.kind == "words" and self._whose(entry) is not None:
                    self._owed.append(seq)
                self._cursor = seq
        for seq in made & set(self._owed):
            self._owed.remove(seq)

    def _whose(self, entry: Entry) -> Direction | None:
        if entry.author == "visitor":
            return "hers"
        # A guest writes in her language: that is what he was let in for.
        return "theirs" if entry.author == "advocate" and entry.person in self._speakers else None

    async def _is_settled(self, seq: int, facts: Facts) -> bool:
        """Have it translated, where that is allowed. False where it has to be tried again."""
        entry = await self._relay.talks.at(self._talk.id, seq)
        of = None if entry is None else self._whose(entry)
        if entry is None or of is None or not self._may(of, seq, facts):
            return True
        said = self._relay.read(self._talk, seq, entry)
        if said.text == UNREADABLE:
            return True
        if not guard.may_be_sent(said.text, *self._tongues[of]):
            skipped = Result("", self._translator.name, Status.SKIPPED)
            await self._errands.finish(self._interpreter.keep(self._talk, said, of, self._tongues[of], skipped))
            return True
        if not await self._interpreter.claim(self._talk, self._holder):
            return False  # another desk of hers does it
        was_away = self._is_away
        result = await self._translated(said, of)
        if result is None:
            return True  # she took her yes back: what came of it is nobody's
        if result.status is not Status.DONE and not result.flags:
            return await self._failed(said, of, result, was_away=was_away)
        await self._errands.finish(self._interpreter.keep(self._talk, said, of, self._tongues[of], result))
        return True

    async def _failed(self, said: Message, of: Direction, result: Result, *, was_away: bool) -> bool:
        """Say so, once; words the engine was really asked for, and asked again, are given up."""
        if not was_away:
            self._tries[said.seq] = self._tries.get(said.seq, 0) + 1
        if self._tries.get(said.seq, 0) >= TRIES:
            await self._errands.finish(self._interpreter.keep(self._talk, said, of, self._tongues[of], result))
            return True
        if result.status is Status.FAILED:
            await self._errands.finish(self._interpreter.keep_away(self._talk, of, self._tongues[of]))
        return False

    def _may(self, of: Direction, seq: int, facts: Facts) -> bool:
        return of in self._has and facts.consent(of).covers(seq, self._translator.name)

    async def _translated(self, said: Message, of: Direction) -> Result | None:
        """What the engine says. None where her yes was taken back meanwhile: then what waits there is taken out too."""
        asking = asyncio.ensure_future(self._translator.translate(said.text, *self._tongues[of]))
        try:
            while not asking.done():
                turned = asyncio.ensure_future(self._turned.wait())
                try:
                    await asyncio.wait((asking, turned), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    turned.cancel()
                if self._turned.is_set() and not asking.done():
                    self._turned.clear()
                    facts = await self._relay.talks.facts(self._talk.id)
                    if facts is None or not self._may(of, said.seq, facts):
                        return None
            return asking.result()
        finally:
            asking.cancel()

    async def _pause(self) -> None:
        """Until it is worth another look, or she changed her mind."""
        await self._tell()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._again_s):
                await self._turned.wait()
