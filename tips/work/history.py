"""Works out how a tip's status came to be what it is: by staff, and by what its sender did, as their parts say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tips import consents
from tips.tip import Facts, Kind, Status, Words, after_addition, after_consent, after_reply
from tips.work.entries import Entry, in_order


class Cause(StrEnum):
    """What moved a status."""

    TOLD = "told"
    ADDED = "added"
    DETAILS = "details"
    AGREED = "agreed"
    REPLY = "reply"
    STAFF = "staff"


@dataclass(frozen=True)
class Move:
    """One change of the status. `before` is None where it began; `who` an alias, or empty for the sender."""

    at: datetime
    before: Status | None
    after: Status
    cause: Cause
    who: str = ""


@dataclass(frozen=True)
class _Event:
    at: datetime
    after: Status
    cause: Cause
    who: str = ""
    before: Status | None = None  # as whoever set it saw it


def moves(
    words: Iterable[Words], facts: Iterable[Facts], agreed: Iterable[consents.Entry], entries: Iterable[Entry]
) -> tuple[Move, ...]:
    """Every change, the first telling first. Nothing of it is kept beside the parts it follows from."""
    telling = list(words)
    begun = min((part.at for part in telling if part.kind is Kind.TOLD), default=None)
    events = [_of_words(part) for part in telling]
    # What came with the form is no act of its own.
    events += [_Event(told.at, after_addition(Status.NEW), Cause.DETAILS) for told in facts if told.at != begun]
    events += [_Event(said.at, after_consent(Status.NEW), Cause.AGREED) for said in agreed if said.at != begun]
    events += [event for entry in entries if (event := _of_staff(entry)) is not None]
    found: list[Move] = []
    stands: Status | None = None
    for event in sorted(events, key=lambda each: each.at):
        before = event.before or stands
        if event.after is not before:
            found.append(Move(event.at, before, event.after, event.cause, event.who))
        stands = event.after
    return tuple(found)


def _of_words(part: Words) -> _Event:
    match part.kind:
        case Kind.REPLY:
            return _Event(part.at, after_reply(Status.NEW), Cause.REPLY, part.alias)
        case Kind.ADDED:
            return _Event(part.at, after_addition(Status.NEW), Cause.ADDED)
    return _Event(part.at, Status.NEW, Cause.TOLD)


def _of_staff(entry: Entry) -> _Event | None:
    to = set_by(entry)
    return None if to is None else _Event(entry.at, to, Cause.STAFF, entry.alias, _status(entry.said.get("from", "")))


def set_by(entry: Entry) -> Status | None:
    """The status an entry set, alone or with a heap; None where it set none."""
    if entry.act == "heap_closed":
        return Status.CLOSED
    return _status(entry.said.get("to", "")) if entry.act in ("status", "heap_undone") else None


def closed_by(entries: Iterable[Entry], person: bytes) -> bool:
    """Whether it was this person who set the status last."""
    setting = [entry for entry in in_order(entries) if set_by(entry) is not None]
    return bool(setting) and setting[-1].by == person


def _status(word: str) -> Status | None:
    return next((status for status in Status if status.value == word), None)
