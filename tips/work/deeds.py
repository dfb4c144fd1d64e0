"""Says what each act of the desk makes of a tip's card: in whose hands it is, its labels, whose eyes are asked for."""

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from typing import Final

from msgspec.structs import replace

from tips.work.card import BLANK, DeskCard
from tips.work.entries import Entry

ASSIGNED: Final = "assigned"
HANDED: Final = "handed"
LABELS: Final = "labels"
NOTE: Final = "note"
EYES_ASKED: Final = "eyes_asked"
EYES_GIVEN: Final = "eyes_given"
STATUS: Final = "status"

NOBODY: Final = b""
A_SUPERVISOR: Final = b"supervisor"
"""Stands in the place of a person's id where any supervisor is asked. Ids of people have 16 bytes, this has not."""

MOST_EYES: Final = 8
"""So many may be asked about one tip at a time; the card has to stay small."""


class Word(StrEnum):
    """What somebody says who was asked for a second look."""

    AGREE = "agree"
    OTHERWISE = "otherwise"
    TALK = "talk"


def word_of(written: str) -> Word | None:
    """The word somebody gave; None where it is none of them."""
    return next((word for word in Word if word.value == written), None)


def person(written: str) -> bytes:
    """The person an entry names; nobody where it names none, or one no house can read."""
    try:
        return bytes.fromhex(written)
    except ValueError:
        return NOBODY


def people(written: str) -> tuple[bytes, ...]:
    """Several, each once."""
    return tuple(dict.fromkeys(each for each in map(person, written.split()) if each))


def lines(written: str) -> tuple[str, ...]:
    """Labels as an entry names them, each once."""
    return tuple(dict.fromkeys(each for each in written.split("\n") if each))


def after(card: DeskCard, entry: Entry) -> DeskCard:
    """The card after this act. An act that changes nothing of it, or that this house does not know, leaves it."""
    said = entry.said
    match entry.act:
        case "assigned" | "handed":
            return replace(card, assignee=person(said.get("to", "")))
        case "labels":
            gone, new = lines(said.get("removed", "")), lines(said.get("added", ""))
            kept = [label for label in card.labels if label not in gone]
            return replace(card, labels=tuple(dict.fromkeys([*kept, *new])))
        case "eyes_asked":
            return replace(card, eyes=tuple(dict.fromkeys([*card.eyes, *people(said.get("of", ""))])))
        case "eyes_given":
            answered = people(said.get("of", ""))
            return replace(card, eyes=tuple(each for each in card.eyes if each not in answered))
    return card


def folded(entries: Iterable[Entry]) -> DeskCard:
    """The card that follows from these entries, in the order they were written."""
    return reduce(after, entries, BLANK)


def answers(eyes: Iterable[bytes], me: bytes, *, supervises: bool) -> tuple[bytes, ...]:
    """Which of those asked for she answers with one word: herself, and any supervisor where she is one.

    A supervisor's word also stands for somebody else who was asked and is not there; so nothing waits for a person who
    left. Nothing where it is not hers to give.
    """
    asked = tuple(eyes)
    mine = tuple(each for each in asked if each == me or (supervises and each == A_SUPERVISOR))
    return mine or (asked if supervises else ())


def asks_me(eyes: Iterable[bytes], me: bytes, *, supervises: bool) -> bool:
    """Whether her eyes are asked for: by name, or because she is a supervisor."""
    return any(each == me or (supervises and each == A_SUPERVISOR) for each in eyes)
