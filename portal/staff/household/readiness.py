"""Judges what a house needs before it opens: what is there, what is getting old, and what is still to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

State = Literal["good", "hold", "urgent"]

# In the order a new operator does it, each with the page where it is done.
PLACES: Final[Mapping[str, str]] = {
    "name": "/desk/opening#house",
    "phone": "/desk/opening#house",
    "region": "/desk/opening#house",
    "hours": "/desk/hours",
    "limits": "/desk/opening#limits",
    "sheet": "/desk/sheets",
    "person": "/desk/staff",
    "holders": "/desk/staff",
    "drill": "/desk/sheets",
    "alert": "/desk/calls",
    "practice": "/desk/practice",
}
# What was shown to work once is believed for so long; then it is amber, and shown to work again.
HOLDS: Final[Mapping[str, timedelta]] = {
    "drill": timedelta(days=183),
    "alert": timedelta(days=92),
    "practice": timedelta(days=183),
}
HOLDERS: Final = 2  # of the key to the chats: one who is ill, or leaves, must not be the last
WAIVED: Final = "ready.waived"


@dataclass(frozen=True)
class Check:
    """One line of the list. `state`: green; amber, getting old or put off at the server's own terminal; red."""

    name: str
    state: State

    @property
    def is_done(self) -> bool:
        """Whether it keeps the doors closed no more."""
        return self.state != "urgent"

    @property
    def place(self) -> str:
        """Where it is done."""
        return PLACES[self.name]


def checked(done: Mapping[str, bool], shown: Mapping[str, str], waived: str, today: date) -> list[Check]:
    """The list. `done` says of most lines whether they are; `shown`, of the others, on which day they last worked."""
    put_off = set(waived.split())
    found = []
    for name in PLACES:
        state: State = _aged(shown.get(name, ""), HOLDS[name], today) if name in HOLDS else _state(done[name])
        found.append(Check(name, "hold" if state == "urgent" and name in put_off else state))
    return found


def _state(is_done: bool) -> State:
    return "good" if is_done else "urgent"


def _aged(day: str, holds: timedelta, today: date) -> State:
    if not day:
        return "urgent"
    return "good" if today - date.fromisoformat(day) <= holds else "hold"
