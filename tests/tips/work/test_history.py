"""Rules of the status's history: it follows from what each side did, and says who did it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tips import consents
from tips.tip import Facts, Kind, Status, Words
from tips.work.entries import Entry
from tips.work.history import Cause, closed_by, moves

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
TOLD = Words(Kind.TOLD, "a van", NOON)
FORM = consents.Entry(NOON, "form", "en", {"contact": True})


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def sets(minutes: int, before: str, to: str) -> Entry:
    return Entry(at(minutes), b"r" * 16, "Robin", "status", {"from": before, "to": to})


def test_a_tip_begins_new_and_what_came_with_it_is_no_move_of_its_own() -> None:
    found = moves([TOLD], [Facts(NOON)], [FORM], [])
    assert [(move.before, move.after, move.cause, move.who) for move in found] == [(None, Status.NEW, Cause.TOLD, "")]


def test_what_each_side_did_moves_it_in_the_order_of_time() -> None:
    words = [
        Words(Kind.ADDED, "more", at(30)),
        TOLD,
        Words(Kind.REPLY, "when?", at(20), alias="Kim"),
        Words(Kind.ADDED, "and more", at(31)),
    ]
    facts = [Facts(NOON), Facts(at(50), {"plate": ("1",)})]
    agreed = [FORM, consents.Entry(at(70), "visit", "en", {"contact": False})]
    entries = [sets(10, "new", "reading"), sets(40, "new", "closed"), sets(60, "new", "closed")]
    found = moves(words, facts, agreed, entries)
    assert [(move.before, move.after, move.cause, move.who) for move in found] == [
        (None, Status.NEW, Cause.TOLD, ""),
        (Status.NEW, Status.BEING_READ, Cause.STAFF, "Robin"),
        (Status.BEING_READ, Status.ANSWERED, Cause.REPLY, "Kim"),
        (Status.ANSWERED, Status.NEW, Cause.ADDED, ""),
        (Status.NEW, Status.CLOSED, Cause.STAFF, "Robin"),
        (Status.CLOSED, Status.NEW, Cause.DETAILS, ""),
        (Status.NEW, Status.CLOSED, Cause.STAFF, "Robin"),
        (Status.CLOSED, Status.NEW, Cause.AGREED, ""),
    ]
    assert [move.at for move in found] == sorted(move.at for move in found)


def test_a_status_this_house_does_not_know_and_other_acts_move_nothing() -> None:
    odd = Entry(at(5), b"r" * 16, "Robin", "status", {"from": "new", "to": "burnt"})
    given = Entry(at(6), b"r" * 16, "Robin", "assigned", {"to": "closed"})
    assert len(moves([TOLD], [], [], [odd, given])) == 1


def test_what_nobody_wrote_down_shows_in_what_the_next_one_saw() -> None:
    """A photo makes a tip new again and leaves no words: who closes it then says from what."""
    found = moves([TOLD], [], [], [sets(10, "new", "closed"), sets(20, "new", "reading")])
    assert [(move.before, move.after) for move in found][1:] == [
        (Status.NEW, Status.CLOSED),
        (Status.NEW, Status.BEING_READ),
    ]


def test_a_heap_that_is_closed_and_opened_again_moves_each_of_its_tips() -> None:
    closed = Entry(at(5), b"k" * 16, "Kim", "heap_closed", {"heap": "x", "from": "reading"})
    undone = Entry(at(9), b"r" * 16, "Robin", "heap_undone", {"heap": "x", "to": "reading"})
    assert [(move.before, move.after, move.who) for move in moves([TOLD], [], [], [undone, closed])][1:] == [
        (Status.BEING_READ, Status.CLOSED, "Kim"),
        (Status.CLOSED, Status.BEING_READ, "Robin"),
    ]
    assert closed_by([closed], b"k" * 16)
    assert not closed_by([closed, undone], b"k" * 16)
    assert not closed_by([], b"k" * 16)
