"""What a translation is, and what may be asked of whoever makes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

WITHIN_S: Final = 8.0
"""Seconds in which every answer of a translator comes, whatever its engine does."""


class Status(StrEnum):
    """What became of a text."""

    DONE = "done"
    FAILED = "failed"  # it was to be sent, and no words came back that may be shown
    SKIPPED = "skipped"  # it was not sent: `i18n.guard` says what is not, or too much stood before it


class Flag(StrEnum):
    """What is odd about a translation, as far as a machine can see it. A lost "not" is not seen by any of these."""

    NUMBERS_CHANGED = "numbers_changed"
    SAME_AS_ORIGINAL = "same_as_original"
    ODD_LENGTH = "odd_length"
    REPEATS = "repeats"
    LINK_ADDED = "link_added"  # its text is withheld: an engine that invents an address may invent any


@dataclass(frozen=True)
class Result:
    """One text's translation, or that there is none.

    `text` is empty unless `status` is `DONE`. It is a stranger's text, whoever ran the engine: it may hold markup that
    the source had only written about. Whoever shows it escapes it then, after translation and never before, and
    isolates its direction.
    """

    text: str = field(repr=False)
    engine: str
    status: Status
    flags: frozenset[Flag] = frozenset()


class State(StrEnum):
    """How the engine is, as far as this process knows."""

    OFF = "off"  # none is set up
    READY = "ready"  # it answers, or nobody has asked it yet
    SLOW = "slow"  # its last answer took longer than half of what anybody waits, or some waited in vain
    AWAY = "away"  # it does not answer: it is left alone for a while, or the last question went nowhere


@dataclass(frozen=True)
class Health:
    """A line for those who run the house: how the engine is, and since when (in UTC). No text is in it."""

    state: State
    since: datetime


class Translator(Protocol):
    """Turns words of one language into another's, by a machine."""

    @property
    def name(self) -> str:
        """The engine's name, as a mark beside its words: `none`, `onprem`, or the company's."""
        ...

    @property
    def is_third_party(self) -> bool:
        """Whether the words leave the house for somebody else's machines. Then consent is asked for louder."""
        ...

    async def translate(self, text: str, source: str, target: str) -> Result:
        """`text` from the language tag `source` into `target`; raises nothing but a cancelling, ends in `WITHIN_S`."""
        ...

    async def pairs(self) -> frozenset[tuple[str, str]]:
        """Every (source, target) the engine has, in tags of ours; asked every five minutes, empty while it is away."""
        ...

    async def known_pairs(self) -> frozenset[tuple[str, str]]:
        """The same as it was last known, for a page: the engine is asked behind it and nobody waits for the answer."""
        ...

    async def answers(self) -> bool:
        """Whether it answers the house's own question, asked now, whatever became of people's; ends in two seconds."""
        ...

    def state(self) -> Health:
        """How the engine is, as last known. Costs nothing; whoever wants it fresh asks for `pairs` before."""
        ...


class NoTranslator:
    """The quiet twin of an engine, and what a house has that sets none up: everything is skipped."""

    name: Final = "none"
    is_third_party: Final = False

    def __init__(self, since: datetime) -> None:
        self._since = since

    async def translate(self, text: str, source: str, target: str) -> Result:
        """Nothing is sent anywhere."""
        return Result("", self.name, Status.SKIPPED)

    async def pairs(self) -> frozenset[tuple[str, str]]:
        """None."""
        return frozenset()

    async def known_pairs(self) -> frozenset[tuple[str, str]]:
        """None."""
        return frozenset()

    async def answers(self) -> bool:
        """Nothing is missing."""
        return True

    def state(self) -> Health:
        """Off, since the house began."""
        return Health(State.OFF, self._since)
