"""Knows what a request is, what is done about one, and how it stands after all that was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import msgspec

from portal.privacy.kinds import End, Kind, Stage, Way

VERSION: Final = 1

What = Literal["stage", "assigned", "note", "letter", "told", "ticked", "hold", "closed"]


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request as it is sealed. `came`, `due`: days. `who`: whoever asks. `words`: what is asked, in the desk's own
    words; never a copy of what somebody said in a talk or a tip.
    """

    version: int
    kind: Kind
    way: Way
    came: str
    due: str
    who: str = ""
    words: str = ""
    by: str = ""  # the alias of whoever wrote it down
    at_ms: int = 0

    def __repr__(self) -> str:
        return "Request(...)"


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing done about a request, as it is sealed. `request` binds it to its own.

    `value`: the stage, the alias it was given to, the item ticked, how it ended, or the letter's language. `words`: the
    note, the letter as it went out, who was told and what.
    """

    version: int
    what: What
    request: bytes
    value: str = ""
    words: str = ""
    by: str = ""
    at_ms: int = 0

    def __repr__(self) -> str:
        return "Step(...)"


_requests = msgspec.json.Decoder(Request)
_steps = msgspec.json.Decoder(Step)


def read_request(raw: bytes) -> Request:
    """The request from the bytes that were sealed. Raises ValueError."""
    return _requests.decode(raw)


def read_step(raw: bytes, request: bytes) -> Step:
    """The step from the bytes that were sealed. Raises ValueError for one of another request."""
    step = _steps.decode(raw)
    if step.request != request:
        raise ValueError("the step of another request")
    return step


@dataclass(frozen=True, slots=True)
class Standing:
    """How a request stands. `late`: its day is past and it is open. `days_left` is below zero then."""

    stage: Stage
    assigned: str
    end: End | None
    ticked: frozenset[str]
    days_left: int

    @property
    def is_late(self) -> bool:
        """Whether its day has passed while nothing was answered."""
        return self.end is None and self.days_left < 0


def standing(request: Request, steps: Sequence[Step], today: date) -> Standing:
    """What all that was done about it comes to; the last word of each kind counts."""
    last = {step.what: step.value for step in steps}
    stage: Stage = msgspec.convert(last.get("stage", "new"), Stage)
    end: End | None = msgspec.convert(last["closed"], End) if "closed" in last else None
    ticked = frozenset(step.value for step in steps if step.what == "ticked")
    return Standing(stage, last.get("assigned", ""), end, ticked, (date.fromisoformat(request.due) - today).days)
