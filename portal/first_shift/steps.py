"""Lists the steps of a first shift in their order, and says of somebody's own which is the next."""

from dataclasses import dataclass
from typing import Final

# At the practice desk, beside a visitor the house plays.
CHAT_STEPS: Final = ("ready", "take", "answer", "card", "note", "end")
RECORD: Final = "record"
TIP: Final = "tip"
STEPS: Final = (*CHAT_STEPS, RECORD, TIP)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is: which steps she has done, in whatever order, and whether she put the walk away."""

    done: frozenset[str] = frozenset()
    is_away: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= set(STEPS)

    @property
    def is_offered(self) -> bool:
        """Whether the desk's first page speaks of it."""
        return not (self.is_away or self.is_whole)

    @property
    def upcoming(self) -> str:
        """The first step she has not done; empty where there is none."""
        return next((step for step in STEPS if step not in self.done), "")


def read_done(written: str) -> frozenset[str]:
    """The steps a row names; what is no step (any more) counts for nothing."""
    return frozenset(written.split()) & frozenset(STEPS)


def write_done(done: frozenset[str]) -> str:
    """The same as a row holds it, in the order of the walk."""
    return " ".join(step for step in STEPS if step in done)
