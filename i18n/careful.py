"""Asks one engine for translations so that nobody ever waits for it long, and nothing is sent that should not be."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar

from i18n import guard
from i18n.breaker import Breaker
from i18n.engine_line import EngineFailed, Kind, Until
from i18n.lane import GaveWay, Lane
from i18n.pieces import cut, joined
from i18n.translator import WITHIN_S, Flag, Health, Result, State, Status

MARGIN_S: Final = 0.5
"""So much sooner than its asker an engine's thread gives up: it is the thread that knows why."""
PAIRS_WITHIN_S: Final = 2.0
"""So long an answer about the pairs may take."""
FIRST_PAIRS_S: Final = 0.2
"""So long a page waits that is drawn before this process ever heard what the engine has; none after it does."""
PAIRS_KEPT_S: Final = 300.0
ASKED_AGAIN_AFTER_S: Final = 5.0
SLOW_S: Final = WITHIN_S / 2
RETRY_AFTER_S: Final = 0.25

Pairs = Mapping[tuple[str, str], tuple[str, str]]
Found = TypeVar("Found")
_log = logging.getLogger("porchlight.translation")


class Engine(Protocol):
    """What an engine does, blocking. Both raise EngineFailed, and end when `until` is over."""

    @property
    def name(self) -> str: ...

    @property
    def is_third_party(self) -> bool: ...

    def pairs(self, until: Until) -> Pairs:
        """Each pair of our tags it has, with its own codes for them."""
        ...

    def translate(self, pieces: Sequence[str], codes: tuple[str, str], until: Until) -> list[str]:
        """As many texts as there are pieces."""
        ...


class CarefulTranslator:
    """A `Translator` over one engine, and never another one after it: where it fails, people read the original.

    What goes to it waits for one of four threads; what comes back is looked at. Errors, logs and state know kinds and
    numbers, no words and no languages: a line of a log has a time, and who spoke what at which hour is hers.
    """

    def __init__(
        self, engine: Engine, *, within_s: float = WITHIN_S, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._within_s = within_s
        self._now = now
        self._lane = Lane()
        self._breaker = Breaker()
        self._health = Health(State.READY, now())
        self._pairs: Pairs | None = None
        self._offered: frozenset[tuple[str, str]] = frozenset()
        self._ask_pairs_at = 0.0
        self._one_asks = asyncio.Lock()
        self._asking: asyncio.Task[frozenset[tuple[str, str]]] | None = None

    @property
    def name(self) -> str:
        """The engine's."""
        return self._engine.name

    @property
    def is_third_party(self) -> bool:
        """Whether words leave the house."""
        return self._engine.is_third_party

    def state(self) -> Health:
        """How the engine is, from what became of the last questions of this process."""
        return self._health

    async def pairs(self) -> frozenset[tuple[str, str]]:
        """The engine's pairs in tags of ours; none while they are not known. Ends within two seconds."""
        try:
            async with asyncio.timeout(PAIRS_WITHIN_S):
                await self._known(Until.after(PAIRS_WITHIN_S - MARGIN_S))
                return self._offered
        except Exception as error:
            self._unforeseen(error)
            return frozenset()

    async def answers(self) -> bool:
        """Whether the engine says now what it has. Past line and breaker, and neither learns what became of it."""
        until = Until.after(PAIRS_WITHIN_S - MARGIN_S)
        asked = asyncio.to_thread(_outcome, lambda: self._engine.pairs(until), until)
        try:
            outcome = await asyncio.wait_for(asked, PAIRS_WITHIN_S)
        except TimeoutError:
            return False
        return not isinstance(outcome, Kind) or outcome is Kind.REFUSED

    async def known_pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs as last known. Where that is old the engine is asked behind it, once at a time."""
        if time.monotonic() >= self._ask_pairs_at and (self._asking is None or self._asking.done()):
            self._asking = asyncio.create_task(self.pairs())
        if not self._ask_pairs_at and self._asking is not None:
            await asyncio.wait((self._asking,), timeout=FIRST_PAIRS_S)
        return self._offered

    async def translate(self, text: str, source: str, target: str) -> Result:
        """`text` in `target`, or why not; ends within `WITHIN_S`. What `i18n.guard` holds back is not sent."""
        if not guard.may_be_sent(text, source, target):
            return self._nothing(Status.SKIPPED)
        try:
            async with asyncio.timeout(self._within_s):
                return await self._translated(text, source, target, Until.after(self._within_s - MARGIN_S))
        except GaveWay:
            self._turn(State.SLOW)
            return self._nothing(Status.SKIPPED)
        except Exception as error:
            self._unforeseen(error)
            return self._nothing(Status.FAILED)

    async def _translated(self, text: str, source: str, target: str, until: Until) -> Result:
        pairs = await self._known(until)
        if pairs is None:
            return self._nothing(Status.FAILED)
        codes = pairs.get((source, target))
        if codes is None:
            return self._nothing(Status.SKIPPED)
        pieces = cut(guard.cleaned(text))
        spoken = [piece.text for piece in pieces if not piece.is_kept]
        words = await self._asked(lambda: self._engine.translate(spoken, codes, until), until)
        told = [guard.cleaned(each) for each in words]
        if not all(each.strip() for each in told):
            return self._nothing(Status.FAILED)
        return self._looked_at(text, joined(pieces, told))

    def _looked_at(self, text: str, translation: str) -> Result:
        flags = guard.flags_of(text, translation)
        if Flag.LINK_ADDED in flags:
            return Result("", self.name, Status.FAILED, flags)
        return Result(translation, self.name, Status.DONE, flags)

    def _nothing(self, status: Status) -> Result:
        return Result("", self.name, status)

    async def _known(self, until: Until) -> Pairs | None:
        """The pairs, asked for anew by one of those who want them; None while nobody can tell. Raises GaveWay."""
        is_fresh = time.monotonic() < self._ask_pairs_at
        if self._pairs is not None and (is_fresh or self._one_asks.locked()):
            return self._pairs
        async with self._one_asks:
            if time.monotonic() >= self._ask_pairs_at:
                await self._ask_pairs(until)
            return self._pairs

    async def _ask_pairs(self, until: Until) -> None:
        if self._pairs is not None:
            until = Until(min(until.at, Until.after(PAIRS_WITHIN_S - MARGIN_S).at))
        kept_s = ASKED_AGAIN_AFTER_S
        try:
            self._pairs = await self._asked(lambda: self._engine.pairs(until), until)
            kept_s = PAIRS_KEPT_S
        except EngineFailed as failed:
            # Busy with words is not gone: what it had a moment ago it has.
            if failed.kind is not Kind.TIMED_OUT or self._breaker.is_open:
                self._pairs = None
        self._offered = frozenset(self._pairs or ())
        self._ask_pairs_at = time.monotonic() + kept_s

    async def _asked(self, question: Callable[[], Found], until: Until) -> Found:
        """Ask on a thread, when there is a place and the engine is not left alone. Raises EngineFailed, GaveWay."""
        if self._breaker.is_resting(time.monotonic()):
            raise EngineFailed(Kind.UNREACHABLE)
        try:
            async with asyncio.timeout_at(_loop_time(until.at - MARGIN_S)):
                await self._lane.turn()
        except TimeoutError:
            raise GaveWay from None
        # No wait stands between here and the thread: a probe that is granted is made, and what becomes of it told.
        began = time.monotonic()
        if not self._breaker.may_ask(began):
            self._lane.give_back()
            raise EngineFailed(Kind.UNREACHABLE)
        outcome = await self._lane.run(
            lambda: _outcome(question, until),
            lambda found: self._note(found if isinstance(found, Kind) else None, time.monotonic() - began),
        )
        if isinstance(outcome, Kind):
            raise EngineFailed(outcome)
        return outcome

    def _note(self, kind: Kind | None, took_s: float) -> None:
        """Keep in mind what became of a question, whoever asked it and whether they still wait."""
        if kind is None or kind is Kind.REFUSED:
            self._breaker.answered()
            self._turn(State.SLOW if took_s > SLOW_S else State.READY)
            return
        self._breaker.failed(time.monotonic())
        self._turn(State.SLOW if kind is Kind.TIMED_OUT and not self._breaker.is_open else State.AWAY)
        _log.warning("translation_failed engine=%s kind=%s", self.name, kind)

    def _unforeseen(self, error: Exception) -> None:
        # By its name alone: what it says may quote the words.
        if not isinstance(error, TimeoutError | EngineFailed | GaveWay):
            _log.error("translation_broke engine=%s error=%s", self.name, type(error).__name__)

    def _turn(self, state: State) -> None:
        if state is not self._health.state and not (state is State.SLOW and self._breaker.is_open):
            self._health = Health(state, self._now())


def _outcome(question: Callable[[], Found], until: Until) -> Found | Kind:
    """What came of a question; raises nothing, and whatever an engine's error quotes ends here.

    Asked once more only where nobody was reached: then no word has left.
    """
    for is_last in (False, True):
        try:
            return question()
        except EngineFailed as failed:
            if is_last or failed.kind is not Kind.UNREACHABLE or until.at - time.monotonic() < 2 * RETRY_AFTER_S:
                return failed.kind
        except (Exception, SystemExit):
            return Kind.BROKEN
        time.sleep(RETRY_AFTER_S)
    return Kind.UNREACHABLE


def _loop_time(at: float) -> float:
    """A moment of the monotonic clock as one of the running loop's clock."""
    return asyncio.get_running_loop().time() + at - time.monotonic()
