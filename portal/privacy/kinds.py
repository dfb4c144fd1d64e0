"""Names the kinds of requests, the ways they come, their stages and ends, and the day by which each is answered."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, Literal

Kind = Literal["police", "subpoena", "order", "access", "erasure", "complaint", "breach"]
KINDS: Final[tuple[Kind, ...]] = ("police", "subpoena", "order", "access", "erasure", "complaint", "breach")

# Of these a person who wrote to us, or says so, asks for something of her own.
OWN: Final[frozenset[Kind]] = frozenset({"access", "erasure"})

Way = Literal["letter", "email", "phone", "visit", "other"]
WAYS: Final[tuple[Way, ...]] = ("letter", "email", "phone", "visit", "other")

Stage = Literal["new", "counsel", "deciding", "waiting"]
STAGES: Final[tuple[Stage, ...]] = ("new", "counsel", "deciding", "waiting")

# How a request ended. Whatever may have been given was given by its own road, with its own record.
End = Literal["answered", "refused", "ordered", "withdrawn", "passed_on"]
ENDS: Final[tuple[End, ...]] = ("answered", "refused", "ordered", "withdrawn", "passed_on")

# What is done after a breach, in this order. Each is ticked with the time it was done and by whom.
BREACH_STEPS: Final = (
    "stop",
    "what",
    "since",
    "could_read",
    "not_known",
    "keys",
    "board",
    "counsel",
    "commissioner",
    "persons",
    "public",
    "learn",
)

# Days until a request is answered, where neither the paper nor the house says otherwise. Where a law sets a limit it
# stands with its source in portal/data/privacy.json; the others are our judgement: short, because a lawyer is needed.
DAYS: Final[Mapping[Kind, int]] = {
    "police": 3,
    "subpoena": 5,
    "order": 2,
    "access": 30,
    "erasure": 30,
    "complaint": 30,
    "breach": 3,
}


def due_on(kind: Kind, came: date, on_paper: date | None, days: Mapping[str, int]) -> date:
    """The day by which it is answered: what the paper says where that is earlier than the house's own time."""
    own = came + timedelta(days=days.get(kind, DAYS[kind]))
    return own if on_paper is None else min(own, on_paper)


def written_days(days: Mapping[Kind, int]) -> tuple[str, ...]:
    """The days of each kind as a setting has them: `access=30`."""
    return tuple(f"{kind}={number}" for kind, number in days.items())


def read_days(written: tuple[str, ...]) -> dict[str, int]:
    """The same, read again."""
    return {kind: int(number) for kind, _, number in (each.partition("=") for each in written)}
