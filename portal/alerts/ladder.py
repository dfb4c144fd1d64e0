"""Decides whom a matter calls next, and when again: up the rungs and round once more, until somebody says yes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

import msgspec

RUNGS: Final = 3
TRIES: Final = 3  # of one rung that none of its ways reached, before the next is called
CLAIM_MS: Final = 15_000  # how long the process that calls has for it; after a kill it is called again then
YES_HOLDS_MS: Final = 5 * 60_000  # whoever said yes has this long to take her; then everybody is called anew
QUIET_MS: Final = 60_000  # nobody is called twice within it, however many matters are due, but for what cannot wait
SHOWN_MS: Final = 12 * 60 * 60_000  # how long the desk shows what is over: a shift
TOLD_MS: Final = 5 * 60_000  # how long an open desk goes on naming who said yes to what could not wait

Kind = Literal[
    "unclaimed",
    "unanswered",
    "danger",
    "tip",
    "away",
    "unheard",
    "help",
    "openings",
    "case",
    "case_shift",
    "keys",
    "operation",
    "test",
]
CANNOT_WAIT: Final[tuple[Kind, ...]] = ("danger", "help")  # marked by an advocate, so nobody outside can make it ring
WAITING: Final[tuple[Kind, ...]] = ("unclaimed", "unanswered")  # somebody waits; being heard ends it, not a yes
# Told at an open desk at once, whoever is called for it and when.
AT_THE_DESK: Final[tuple[Kind, ...]] = ("case", "case_shift")
MAY_WAIT: Final[tuple[Kind, ...]] = ("case_shift",)  # nobody is called for it, and no desk rings, before its time
Over = Literal["", "yes", "gone"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody is on call on one rung, from one moment to another (seconds since 1970)."""

    rung: int
    person: bytes
    begins: int
    ends: int

    def is_at(self, now_s: float) -> bool:
        """Whether it is now."""
        return self.begins <= now_s < self.ends


class Call(msgspec.Struct, frozen=True, array_like=True):
    """How far the calling for one matter got. Holds nobody's words and no name of what it is about."""

    kind: str  # a Kind, or one of a newer house: that is called for like any other
    since_ms: int
    step: int = 0  # rungs called so far, over all rounds
    tries: int = 0  # of the rung that is next, in vain
    by: bytes = b""  # who said yes last
    over: Over = ""
    over_ms: int = 0
    is_hurried: bool = False  # it does not wait for its time, or not any more

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to be found."""
        return not self.over

    @property
    def is_called(self) -> bool:
        """Whether people are called for it: its time has come, even where nobody can be reached."""
        return self.has_rung or bool(self.by) or self.kind in (*CANNOT_WAIT, *AT_THE_DESK)

    @property
    def has_rung(self) -> bool:
        """Whether anybody has been called for it, even in vain."""
        return bool(self.step or self.tries)

    @property
    def lasts(self) -> bool:
        """Whether it may still be settled. A yes says that somebody is there, not that a danger has passed."""
        return self.is_open or (self.over == "yes" and self.kind in CANNOT_WAIT)


def is_told(call: Call, now_ms: int) -> bool:
    """Whether an open desk shows it: what is open, and for a while by whom a call that could not wait was heard."""
    if call.is_open:
        return call.is_called
    return call.over == "yes" and call.kind in CANNOT_WAIT and now_ms - call.over_ms < TOLD_MS


def matter(kind: Kind, about: bytes) -> bytes:
    """The name of one matter: from it nobody finds what it is about, and the same thing never makes two."""
    return sha256(b"matter|" + kind.encode() + b"|" + about).digest()[:16]


def rungs_now(turns: Iterable[Turn], now_s: float, reachable: Sequence[bytes]) -> list[list[bytes]]:
    """Who is on call now, rung by rung; a rung on which nobody can be reached is left out.

    With nobody on call, everybody who can be reached stands on one rung: too many are called rather than none.
    """
    now = [turn for turn in turns if turn.is_at(now_s) and turn.person in reachable]
    rungs = [sorted({turn.person for turn in now if turn.rung == rung}) for rung in range(1, RUNGS + 1)]
    filled = [people for people in rungs if people]
    return filled or ([sorted(set(reachable))] if reachable else [])


def whom(call: Call, rungs: Sequence[Sequence[bytes]]) -> Sequence[bytes]:
    """Who is called for it now; nobody when there is nobody."""
    return rungs[call.step % len(rungs)] if rungs else ()


def may_hurry(call: Call) -> bool:
    """Whether somebody who waits may be called for at once, though she was given a while: once, and not over a yes."""
    return call.is_open and call.kind in WAITING and not call.is_hurried and not call.by


def woken(call: Call) -> Call:
    """A call that is due: a yes that came to nothing is over, and it begins at the first rung again."""
    return msgspec.structs.replace(call, by=b"", step=0, tries=0) if call.by else call


def after_calling(call: Call, *, is_reached: bool, now_ms: int, rung_ms: int) -> tuple[Call, int]:
    """The call after its rung was called, and when the next is due. Out of reach it is tried again, then passed."""
    if is_reached:
        return msgspec.structs.replace(call, step=call.step + 1, tries=0), now_ms + rung_ms
    if call.tries + 1 < TRIES:
        return msgspec.structs.replace(call, tries=call.tries + 1), now_ms + CLAIM_MS
    return msgspec.structs.replace(call, step=call.step + 1, tries=0), now_ms + CLAIM_MS


def after_yes(call: Call, by: bytes, *, now_ms: int) -> tuple[Call, int | None]:
    """The call after somebody said yes to it, and when it is due again, if ever.

    For somebody who waits a yes is a promise to take her or to write, and only that ends it.
    """
    if call.kind in WAITING:
        return msgspec.structs.replace(call, by=by), now_ms + YES_HOLDS_MS
    return msgspec.structs.replace(call, by=by, over="yes", over_ms=now_ms), None


def settled(call: Call, by: bytes, *, now_ms: int) -> Call | None:
    """The call after its matter is over by itself or in the hands of `by`; None when nobody was ever called for it."""
    if not call.step and not call.by:
        return None
    if call.kind in CANNOT_WAIT:
        return msgspec.structs.replace(call, by=call.by or by, over="gone", over_ms=now_ms)
    over: Over = "yes" if by else "gone"
    return msgspec.structs.replace(call, by=by or call.by, over=over, over_ms=now_ms)
