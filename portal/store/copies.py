"""Holds back what a server answered until its replicas have said that they have it too."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis
from redis.exceptions import OutOfMemoryError

from portal.store.asked import Asked, Command, NotCopied, Weight, despite_full, nobodys
from portal.store.heirs import Heirs

COPIED_WITHIN_MS: Final = 130
"""So long everything else on a connection stands still for a slow replica; who still wants to know asks again. Three
times as long is less than a page waits for a store that was silent a moment ago: words that are read stand behind one
question at most that is under way, one that is asked alone, and their own."""

UNMARKED_EVERY_S: Final = 0.05
"""So often something is written again behind what is held, where that was refused: it was answered at once."""

LATE_EVERY_S: Final = 0.25
"""So often it is looked at whether replicas have what nobody waits for any more. That is asked for no replica at all,
and so answered at once: they say by themselves how far they are, once a second, and nobody else is held up."""

LEFT_OUT_AFTER_S: Final = 0.5
"""In a Cluster a replica that has not answered for so long is waited for no more."""

HELD_FOR_S: Final = LEFT_OUT_AFTER_S + 4 * COPIED_WITHIN_MS / 1000
"""So long an answer is held before whoever waits for it is told that no copy has it: until one that does not answer is
left out, and the questions before and behind that."""

LATE_FOR_S: Final = 60.0
"""So long it is held what others are to be told, where nobody waits for the answer any more."""

HELD_AT_MOST: Final = 1_000
"""Beyond so many none is held for nobody: whoever misses it finds it with the next."""

NOTHING_TAKEN: Final = ("NOREPLICAS", "MISCONF")
"""What a server answers that takes nobody's word, for want of replicas or of its disk."""

LOOK_EVERY_S: Final = 1.0
"""So often the primary is asked how many replicas it has."""

TRIES_AGAIN_AFTER_S: Final = 10.0
ABOUT: Final[tuple[Any, ...]] = ("INFO", "replication")
_ONLINE: Final = re.compile(rb"slave\d+:[^\r\n]*state=online")


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
        self._is_unmarked = self._is_full = self._takes_nothing = self._is_glance = False
        self._turn = 0
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
        if not self._is_waited_for():
            return LATE_EVERY_S
        return UNMARKED_EVERY_S if self._is_unmarked else 0.0

    @property
    def asks_alone(self) -> bool:
        """Whether what is to be sent stands back once. WAIT counts from what was written last: with something new
        before every question, a replica that is late by as long as a question takes would never have all of it."""
        return not self._has_asked_alone and not self._waits and self._is_waited_for()

    def waits(self, asked: Sequence[Asked], commands: Sequence[Command]) -> None:
        """These go out with the next packet. Raises NotNamed, of a command nobody has said of where its keys stand."""
        weight = max((self._weighs(command) for command in commands), default=Weight.LOOKS)
        for each in asked:
            each.weight = weight
        if weight is not Weight.LOOKS and asked:
            asked[-1].marks = self._marks_of(commands)
            self._marks = self._marks or asked[-1].marks
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
        packed, asked = self._marked(loop, marks)
        question, of_it = self._question(loop, weight)
        return packed + question, asked + of_it

    def alone(self, loop: asyncio.AbstractEventLoop) -> tuple[bytes, list[Asked]]:
        """What is asked about what is held, if something is; nothing need be written before it that was once."""
        if not self._held:
            return b"", []
        self._has_asked_alone = True
        packed, asked = self._marked(loop, self._marks_again()) if self._is_unmarked else (b"", [])
        question, of_it = self._question(loop, Weight.LOOKS)
        return packed + question, asked + of_it

    def _marked(self, loop: asyncio.AbstractEventLoop, marks: Sequence[Command]) -> tuple[bytes, list[Asked]]:
        # WAIT counts from what this connection wrote last. Words said again on another one write nothing there, and
        # words that are read were written elsewhere: without something written here, it answers for nothing at once.
        packed, asked = b"", []
        for mark in marks:
            packed += hiredis.pack_command(tuple(mark))
            asked.append(nobodys(loop))
        self._written.update(asked)
        self._is_unmarked = self._is_full = False
        self._takes_nothing = True
        return packed, asked

    def _marks_again(self) -> Sequence[Command]:
        """Behind another one of them than last time: only the slot of that one may be on its way."""
        held = [each for each, _, _ in self._held if each.marks]
        held = [each for each in held if not each.future.done()] or held
        self._turn += 1
        marks = held[self._turn % len(held)].marks if held else ()
        return despite_full(marks) if self._is_full else marks

    def _question(self, loop: asyncio.AbstractEventLoop, weight: Weight) -> tuple[bytes, list[Asked]]:
        now = loop.time()
        if self._heirs is not None:
            self._heirs.wish(now)
        heaviest = max((weight, *(each.weight for each, _, _ in self._held if not each.future.done())))
        self._is_glance = weight is Weight.LOOKS and not self._is_waited_for()
        question: Command = ("WAIT", 0 if self._is_glance else self.wanted(heaviest), COPIED_WITHIN_MS)
        packed = hiredis.pack_command(tuple(question))
        asked = [nobodys(loop)]
        self._waits.add(asked[-1])
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            packed += hiredis.pack_command(ABOUT)
            asked.append(nobodys(loop))
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
            if isinstance(answer, Exception):
                self._is_unmarked = True
                self._is_full = self._is_full or isinstance(answer, OutOfMemoryError)
                self._takes_nothing = self._takes_nothing and str(answer).startswith(NOTHING_TAKEN)
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
        if not self._is_unmarked or self._takes_nothing:
            self._sees_late_ones(copies, now)
        kept, shown = (copies >= self.wanted(weight) for weight in (Weight.CHANGES, Weight.SHOWS))
        if self._is_unmarked:
            # It answers for nothing. Where nobody's words are taken, those that are there are old enough to be copied,
            # but for what was written in the moment before; to show none of them would end every talk.
            kept, shown = False, shown and self._takes_nothing
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
        if not self._held:
            self._short_since = None  # else the next that is late for a moment would be taken for late since now

    def _sees_late_ones(self, copies: int, now: float) -> None:
        if copies >= self.wanted(Weight.SHOWS):
            self._short_since = None
        elif self._is_glance:
            pass  # no replica was asked to hurry
        elif self._heirs is not None and self._heirs.said is not None:
            self._heirs.wish(now, soon=True)
        else:
            self._short_since = since = now if self._short_since is None else self._short_since
            if now - since >= LEFT_OUT_AFTER_S:
                self._answering, self._short_at, self._short_since = copies, now, None


def _online(said: Any) -> int:
    return len(_ONLINE.findall(said if isinstance(said, bytes) else str(said).encode()))
