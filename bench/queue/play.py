"""Plays one queue from its first minute to its last, always the same way for the same seed.

What is taken from the house: the order of the queue, the seconds in which a conversation is first for those who speak
its language, how many places an advocate has, and the lot in a surge (`portal.settings`, docs/interpreters.md, decision
0012). What is assumed stands in a `Story`: when people come, how long they talk, how long they wait.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from portal.settings import Settings

HOUSE: Final = Settings()
SPEAKERS_FIRST_MIN: Final = HOUSE.speakers_first_seconds / 60
SURGE: Final = 5  # so many waiting for each place of the staff: half of the takes go by lot (decision 0012)


@dataclass(frozen=True)
class Shift:
    """One advocate's hours, in minutes of the day (`begins` to `ends`, over midnight too), and what she reads."""

    begins: float
    ends: float
    speaks: frozenset[str] = frozenset({"en"})
    places: int = HOUSE.chat_capacity

    def is_on(self, minute: float) -> bool:
        """Whether she takes anybody new at this minute of the story."""
        of_day = minute % 1440
        if self.begins <= self.ends:
            return self.begins <= of_day < self.ends
        return of_day >= self.begins or of_day < self.ends


@dataclass(frozen=True)
class Story:
    """What happens: `coming` a minute at a minute of the story, in which languages, for how long, how patient."""

    coming: Callable[[float], float]
    most: float
    shifts: Sequence[Shift]
    days: float
    languages: dict[str, float] = field(default_factory=lambda: {"en": 1.0})
    talks_min: float = 40.0
    longer_without_language: float = 1.0
    patience_min: float | None = 25.0
    scripts: Callable[[float], float] = lambda _minute: 0.0


@dataclass
class Person:
    """Somebody who came: when, in which language, and how long she waits at most."""

    came: float
    language: str
    gives_up: float
    is_script: bool = False


@dataclass
class Told:
    """What became of everybody. Waits are in minutes; those of scripts are not counted."""

    waited: list[float] = field(default_factory=list)
    left: int = 0
    spoken_to: int = 0
    longest_line: int = 0
    scripts_taken: int = 0

    @property
    def came(self) -> int:
        """How many people came, scripts not counted."""
        return len(self.waited) + self.left

    def answered_within(self, minutes: float) -> float:
        """The share of all who came that was answered within so many minutes."""
        return sum(each <= minutes for each in self.waited) / max(self.came, 1)

    def waits_at(self, share: float) -> float:
        """What this share of the answered waited at most."""
        ordered = sorted(self.waited)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    @property
    def mean(self) -> float:
        """What the answered waited on average."""
        return sum(self.waited) / max(len(self.waited), 1)


class Queue:
    """The line and the desks of one story."""

    def __init__(self, story: Story, seed: int) -> None:
        self._story = story
        self._chance = random.Random(seed)
        self._line: list[Person] = []
        self._held = [0] * len(story.shifts)
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = 0
        self.told = Told()

    def play(self) -> Told:
        """From the first minute to the last. Who is still talking then is not waited for."""
        ends = self._story.days * 1440
        self._come(0.0)
        for day in range(int(self._story.days) + 1):
            for shift in self._story.shifts:
                self._at(day * 1440 + shift.begins, self._give)
        while self._events:
            minute, _, act = heapq.heappop(self._events)
            if minute > ends:
                break
            act(minute)
        return self.told

    def _at(self, minute: float, act: Callable[[float], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (minute, self._number, act))

    def _come(self, minute: float) -> None:
        """The next one, by thinning: come at the highest rate, and be let by as often as this minute's rate says."""
        minute += self._chance.expovariate(self._story.most)
        self._at(minute, self._arrives)

    def _arrives(self, minute: float) -> None:
        self._come(minute)
        people, scripts = self._story.coming(minute), self._story.scripts(minute)
        drawn = self._chance.random() * self._story.most
        if drawn >= people + scripts:
            return
        language = self._chance.choices(list(self._story.languages), list(self._story.languages.values()))[0]
        patience = self._story.patience_min
        stays = self._chance.expovariate(1 / patience) if patience else float("inf")
        person = Person(minute, language, minute + stays, is_script=drawn >= people)
        self._line.append(person)
        self.told.longest_line = max(self.told.longest_line, len(self._line))
        if stays != float("inf"):
            self._at(person.gives_up, lambda _at, who=person: self._goes(who))  # type: ignore[misc]
        self._give(minute)
        if person in self._line and len(self._story.languages) > 1:
            self._at(minute + SPEAKERS_FIRST_MIN, self._give)

    def _goes(self, person: Person) -> None:
        if person in self._line:
            self._line.remove(person)
            self.told.left += not person.is_script

    def _give(self, minute: float) -> None:
        """Everybody with a free place takes whom she is offered, until nobody can."""
        while True:
            free = [at for at, shift in enumerate(self._story.shifts) if self._is_free(at, shift, minute)]
            taken = next((pair for at in free if (pair := self._offered(at, minute))), None)
            if taken is None:
                return
            self._take(*taken, minute)

    def _is_free(self, at: int, shift: Shift, minute: float) -> bool:
        return self._held[at] < shift.places and shift.is_on(minute)

    def _offered(self, at: int, minute: float) -> tuple[int, Person] | None:
        """Those of her languages first; others once their seconds are over, or where nobody free speaks theirs."""
        speaks = self._story.shifts[at].speaks
        known = {
            tongue
            for other, shift in enumerate(self._story.shifts)
            if self._is_free(other, shift, minute)
            for tongue in shift.speaks
        }
        offered = [
            each
            for each in self._line
            if each.language in speaks or each.language not in known or minute - each.came >= SPEAKERS_FIRST_MIN - 1e-9
        ]
        if not offered:
            return None
        staff = sum(shift.is_on(minute) for shift in self._story.shifts)
        by_lot = len(self._line) > SURGE * staff and self._chance.random() < 0.5
        return at, self._chance.choice(offered) if by_lot else offered[0]

    def _take(self, at: int, person: Person, minute: float) -> None:
        self._line.remove(person)
        self._held[at] += 1
        is_spoken = person.language in self._story.shifts[at].speaks
        if person.is_script:
            # Seen through after a while; until then it holds a place as anybody does.
            self.told.scripts_taken += 1
            minutes = 3.0
        else:
            self.told.waited.append(minute - person.came)
            self.told.spoken_to += is_spoken
            mean = self._story.talks_min * (1.0 if is_spoken else self._story.longer_without_language)
            minutes = self._chance.expovariate(1 / mean)

        def ends(now: float) -> None:
            self._held[at] -= 1
            self._give(now)

        self._at(minute + minutes, ends)


def play(story: Story, seed: int) -> Told:
    """What becomes of everybody in this story."""
    return Queue(story, seed).play()
