"""Holds back what a server answered until its replicas have said that they have it too."""

import asyncio
import re
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Final

import hiredis
from redis.exceptions import ConnectionError as RedisConnectionError

from portal.store.heirs import Heirs

Command = Sequence[Any]

COPIED_WITHIN_MS: Final = 150
"""So long everything else on a connection stands still for a slow replica; who still wants to know asks again. Twice
as long is less than a page waits for a store that was silent a moment ago, so what is only read is answered."""

LATE_WITHIN_MS: Final = 1
LATE_EVERY_S: Final = 0.25
"""So short, and so seldom, replicas are asked about what nobody waits for any more: it holds nobody else up."""

LEFT_OUT_AFTER_S: Final = 0.5
"""In a Cluster a replica that has not answered for so long is waited for no more."""

HELD_FOR_S: Final = LEFT_OUT_AFTER_S + 4 * COPIED_WITHIN_MS / 1000
"""So long an answer is held before whoever waits for it is told that no copy has it: until one that does not answer is
left out, and the questions before and behind that."""

LATE_FOR_S: Final = 60.0
"""So long it is held what others are to be told, where nobody waits for the answer any more."""

HELD_AT_MOST: Final = 1_000
"""Beyond so many none is held for nobody: whoever misses it finds it with the next."""

LOOK_EVERY_S: Final = 1.0
"""So often the primary is asked how many replicas it has."""

TRIES_AGAIN_AFTER_S: Final = 10.0
ABOUT: Final[tuple[Any, ...]] = ("INFO", "replication")
_ONLINE: Final = re.compile(rb"slave\d+:[^\r\n]*state=online")


class Weight(IntEnum):
    """What a command is to whoever asked: a look at something, words somebody is shown, or a change."""

    LOOKS = 0
    SHOWS = 1
    CHANGES = 2


class NotCopied(RedisConnectionError):
    """It was done, and not every replica that may follow said in time that it has it too: a server that dies now
    takes it along."""


class Asked:
    """One command on its way. Of several asked together the last one answers for all.

    `late`: says that it answers two things, and takes the second of them, what others are to be told, where nobody
    waits for the answer any more and copies of what was done are there at last.
    """

    __slots__ = ("answers", "future", "is_held", "is_last", "late", "weight")

    def __init__(
        self,
        future: asyncio.Future[Any],
        answers: list[Any] | None,
        is_last: bool,
        late: Callable[[Any], None] | None = None,
    ) -> None:
        self.future = future
        self.answers = answers
        self.is_last = is_last
        self.late = late
        self.is_held = False
        self.weight = Weight.LOOKS

    def fail(self, why: Exception) -> None:
        if not self.future.done():
            self.future.set_exception(why)

    def take(self, answer: Any) -> None:
        if self.answers is not None:
            self.answers.append(answer)
            if self.is_last and not self.future.done():
                self.future.set_result(self.answers)
        elif not self.future.done():
            if isinstance(answer, Exception):
                self.future.set_exception(answer)
            else:
                self.future.set_result(answer)
        elif self.late is not None and self.tells(answer):
            self.late(answer[1])

    def tells(self, answer: Any) -> bool:
        """Whether others are to be told something of it."""
        return self.late is not None and not isinstance(answer, Exception) and bool(answer[1])


class Copies:
    """Holds back what a packet was answered until the replicas say that they have it.

    They are asked again and again for as long as something is held: a command that was sent anew would find itself
    done, and what its first run was to tell the others would be told by nobody.

    Every replica that may be chosen is waited for, since nobody can know which of them will be: Sentinels choose by
    what they heard some moments ago. With Sentinels the `heirs` say who may be. In a Cluster replicas tell each other
    how far they are before one of them stands for election, so one that does not answer in time is not waited for again
    before it comes back, or for a while. With fewer than `fewest` nothing counts as kept, anywhere.
    """

    def __init__(
        self,
        fewest: int,
        weighs: Callable[[Command], Weight],
        marks: Callable[[Sequence[Command]], Sequence[Command]],
        said: bytes | str,
        heirs: Heirs | None = None,
    ) -> None:
        """`marks`: what to write behind these commands so that WAIT counts from now. `said`: what the primary answered
        to ABOUT as the connection began."""
        self._fewest = fewest
        self._weighs = weighs
        self._marks_of = marks
        self._heirs = heirs
        self._unsent: list[Asked] = []
        self._marks: Sequence[Command] = ()
        self._weight = Weight.LOOKS
        self._held: list[tuple[Asked, Any, float]] = []
        self._has_asked_alone = False
        self._waits: set[Asked] = set()
        self._looks: set[Asked] = set()
        self._written: set[Asked] = set()
        self._there = self._answering = _online(said)
        self._looked_at = self._short_at = 0.0
        self._short_since: float | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether replicas are asked at this moment: what is sent now would only stand in line behind it."""
        return bool(self._waits)

    @property
    def asks_in_s(self) -> float | None:
        """After how long to ask the replicas about what is held; None where nothing is, or they are being asked."""
        if not self._held or self._waits:
            return None
        return 0.0 if self._is_waited_for() else LATE_EVERY_S

    @property
    def asks_alone(self) -> bool:
        """Whether what is to be sent stands back once. WAIT counts from what was written last: with something new
        before every question, a replica that is late by as long as a question takes would never have all of it."""
        return not self._has_asked_alone and not self._waits and self._is_waited_for()

    def waits(self, asked: Sequence[Asked], commands: Sequence[Command]) -> None:
        """These go out with the next packet. Raises NotNamed, of a command nobody has said of where its keys stand."""
        weight = max((self._weighs(command) for command in commands), default=Weight.LOOKS)
        if weight is not Weight.LOOKS and not self._marks:
            self._marks = self._marks_of(commands)
        for each in asked:
            each.weight = weight
        self._unsent += asked
        self._weight = max(self._weight, weight)

    def behind(self, loop: asyncio.AbstractEventLoop) -> tuple[bytes, list[Asked]]:
        """The packet goes out: what is asked behind it.

        That is nothing where nothing in it changes or shows anything, and nothing of before is held.
        """
        fresh, self._unsent = self._unsent, []
        marks, self._marks = self._marks, ()
        weight, self._weight = self._weight, Weight.LOOKS
        if weight is Weight.LOOKS:
            return self.alone(loop)
        for each in fresh:
            each.is_held = True
        self._has_asked_alone = False
        packed, asked = b"", []
        # WAIT counts from what this connection wrote last. Words said again on another one write nothing there, and
        # words that are read were written elsewhere: without something written here, it answers for nothing at once.
        for mark in marks:
            packed += hiredis.pack_command(tuple(mark))
            asked.append(_nobodys(loop))
        self._written.update(asked)
        question, of_it = self._question(loop, weight, COPIED_WITHIN_MS)
        return packed + question, asked + of_it

    def alone(self, loop: asyncio.AbstractEventLoop) -> tuple[bytes, list[Asked]]:
        """What is asked about what is held, if something is; nothing need be written before it once more."""
        if not self._held:
            return b"", []
        self._has_asked_alone = True
        return self._question(loop, Weight.LOOKS, COPIED_WITHIN_MS if self._is_waited_for() else LATE_WITHIN_MS)

    def _question(self, loop: asyncio.AbstractEventLoop, weight: Weight, within_ms: int) -> tuple[bytes, list[Asked]]:
        now = loop.time()
        if self._heirs is not None:
            self._heirs.wish(now)
        heaviest = max((weight, *(each.weight for each, _, _ in self._held)))
        question: Command = ("WAIT", self.wanted(heaviest), within_ms)
        packed = hiredis.pack_command(tuple(question))
        asked = [_nobodys(loop)]
        self._waits.add(asked[-1])
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            packed += hiredis.pack_command(ABOUT)
            asked.append(_nobodys(loop))
            self._looks.add(asked[-1])
        return packed, asked

    def _is_waited_for(self) -> bool:
        return any(not each.future.done() for each, _, _ in self._held)

    def wanted(self, weight: Weight) -> int:
        """How many replicas must have what goes out now.

        Where none can be chosen no word would be safe, and none counts as kept; those that are there can be read.
        """
        fewest = self._fewest if weight is Weight.CHANGES else 0
        said = self._heirs.said if self._heirs is not None else None
        if said is None:
            return max(fewest, self._answering)
        # One that copies and has not been told of yet counts as well, unless all Sentinels call it gone.
        return max(fewest, said.heirs, min(self._there, said.living))

    def holds(self, asked: Asked, answer: Any, now: float) -> bool:
        """Whether this answer is none to hand on: it is held, or says something of those before.

        Raises what the server says where it cannot be asked for its replicas.
        """
        if asked in self._written:
            self._written.discard(asked)
            return True
        if asked in self._looks:
            self._looks.discard(asked)
            there = _online(answer)
            if there != self._there or now - self._short_at > TRIES_AGAIN_AFTER_S:
                self._there = self._answering = there
            return True
        if asked in self._waits:
            self._waits.discard(asked)
            if isinstance(answer, Exception):
                raise answer  # it copies another one by now, and nothing that was asked here counts
            self._release(answer, now)
            return True
        if not asked.is_held or (asked.answers is None and isinstance(answer, Exception)):
            return False
        self._held.append((asked, answer, now))
        return True

    def left(self) -> list[Asked]:
        """Who is still held back, when the connection breaks."""
        held, self._held = self._held, []
        for marks in (self._waits, self._looks, self._written):
            marks.clear()
        return [each for each, _, _ in held]

    def _release(self, copies: int, now: float) -> None:
        if copies >= self.wanted(Weight.SHOWS):
            self._short_since = None
        elif self._heirs is not None and self._heirs.said is not None:
            self._heirs.wish(now, soon=True)
        else:
            self._short_since = since = now if self._short_since is None else self._short_since
            if now - since >= LEFT_OUT_AFTER_S:
                self._answering, self._short_at, self._short_since = copies, now, None
        kept, shown = (copies >= self.wanted(weight) for weight in (Weight.CHANGES, Weight.SHOWS))
        held, self._held = self._held, []
        for each, its, since in held:
            is_enough = kept if each.weight is Weight.CHANGES else shown or each.weight is Weight.LOOKS
            if is_enough:
                each.take(its)
                continue
            if now - since >= HELD_FOR_S:
                each.fail(NotCopied("no copy"))
            is_for_others = each.tells(its) and now - since < LATE_FOR_S and len(self._held) < HELD_AT_MOST
            if is_for_others or not each.future.done():
                self._held.append((each, its, since))


def _nobodys(loop: asyncio.AbstractEventLoop) -> Asked:
    future = loop.create_future()
    future.cancel()
    return Asked(future, None, True)


def _online(said: Any) -> int:
    return len(_ONLINE.findall(said if isinstance(said, bytes) else str(said).encode()))
