"""Decides how two tips stand to each other: one person proposes, another one agrees, to link them and to part them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.errors import NotThere, PorchlightError
from portal.ids import ID_SIZE, from_text, to_text
from tips.work.entries import Entry

ASKED: Final = "link_asked"
LINKED: Final = "linked"


class What(StrEnum):
    """What is proposed."""

    LINK = "link"
    PART = "part"


class Answer(StrEnum):
    """What becomes of a proposal. Anybody may let it fall, whoever made it too; only somebody else may agree."""

    YES = "yes"
    NO = "no"


class OtherPersonNeeded(PorchlightError):
    """Whoever proposed it cannot be the one who agrees."""

    phrase = "desklink.other_needed"
    status = 409


@dataclass(frozen=True)
class Link:
    """How a tip stands to one other. `round` counts proposals; `asked` is the one that waits, made by `by`."""

    other: bytes
    is_linked: bool = False
    round: int = 0
    asked: What | None = None
    by: bytes = b""
    alias: str = ""
    text: str = ""

    def may_ask(self, what: What) -> None:
        """Raise NotThere where this has no place: something waits, or it is so already."""
        if self.asked is not None or self.is_linked == (what is What.LINK):
            raise NotThere("nothing to propose")

    def may_answer(self, answer: Answer, person: bytes) -> None:
        """Raise NotThere where nothing waits, OtherPersonNeeded where one person would decide alone."""
        if self.asked is None:
            raise NotThere("nothing waits")
        if answer is Answer.YES and person == self.by:
            raise OtherPersonNeeded("one person alone links nothing")


def links(entries: Iterable[Entry]) -> list[Link]:
    """How a tip stands to each other one that its entries name.

    A round has one proposal and one answer. A yes of whoever proposed it counts for nothing, wherever it came from.
    """
    rounds: dict[bytes, dict[int, dict[str, Entry]]] = {}
    for entry in entries:
        other, number = _named(entry)
        if other is not None:
            rounds.setdefault(other, {}).setdefault(number, {})[entry.act] = entry
    return [_after(other, told) for other, told in rounds.items()]


def link_with(entries: Iterable[Entry], other: bytes) -> Link:
    """How a tip stands to this one."""
    return next((link for link in links(entries) if link.other == other), Link(other))


def said_of(other: bytes, number: int, word: What | Answer) -> dict[str, str]:
    """What an entry says beside its act."""
    return {"with": to_text(other), "round": str(number), "do": word.value}


def part_of(one: bytes, other: bytes, number: int, act: str) -> bytes:
    """The id of an entry on both tips: so that of two who propose, or agree, at once, one does."""
    first, second = sorted((one, other))
    whole = b"|".join((b"porchlight/1 link", first, second, str(number).encode(), act.encode()))
    return hashlib.sha256(whole).digest()[:ID_SIZE]


def _named(entry: Entry) -> tuple[bytes | None, int]:
    if entry.act not in (ASKED, LINKED):
        return None, 0
    try:
        return from_text(entry.said.get("with", ""), ID_SIZE), int(entry.said.get("round", ""))
    except ValueError:
        return None, 0


def _after(other: bytes, rounds: dict[int, dict[str, Entry]]) -> Link:
    link, number = Link(other), 0
    while asked := rounds.get(number, {}).get(ASKED):
        what = asked.said.get("do")
        answer = rounds[number].get(LINKED)
        if answer is None:
            known = What(what) if what in tuple(What) else None
            return Link(other, link.is_linked, number, known, asked.by, asked.alias, asked.text)
        is_agreed = answer.said.get("do") == Answer.YES and answer.by != asked.by
        number += 1
        link = Link(other, what == What.LINK if is_agreed else link.is_linked, number)
    return link
