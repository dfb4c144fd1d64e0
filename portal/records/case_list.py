"""Lists cases for whoever may see them: hers, or every one for a supervisor, as far as her keys and her choice go."""

import asyncio
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.ids import from_text
from portal.records.case_tables import case_hands, case_people, cases
from portal.records.case_words import OPEN, STATUSES, CaseBody, PersonBody, PersonNames, Status, spoken
from portal.records.cases import NOWHERE, Cases
from portal.records.contact_shapes import Waits
from portal.records.contacts import WAITING
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

SHOWN: Final = 50
LOOKED: Final = 1_000
"""So many cases are opened at most for one page of a search; it says where it stopped, and goes on from there."""

_AT_ONCE: Final = 50
SHOWS: Final = ("open", "waiting", "over", "all")


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see. What stands in clear: `show`, `is_mine`. What has to be opened: the rest."""

    show: str = "open"
    is_mine: bool = False
    said: Mapping[str, str] = field(default_factory=dict, repr=False)
    words: str = field(default="", repr=False)

    @property
    def opens(self) -> bool:
        """Whether cases have to be opened to know whether they are wanted."""
        return bool(self.said or self.words)


@dataclass(frozen=True)
class Place:
    """Behind which case a page goes on."""

    touched: str
    id: bytes


@dataclass(frozen=True)
class Listed:
    """A case as the list shows it; no `body` for whoever's keys do not open it."""

    id: bytes
    day: str
    touched: str
    status: Status
    waits: Waits
    body: CaseBody | None = field(repr=False)
    hands: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class Leaf:
    """A page of cases. `ends` where more may follow; `looked`: how many were opened for it."""

    rows: Sequence[Listed]
    ends: Place | None
    looked: int = 0


class CaseList:
    """Reads the list, and finds a case by its spoken number."""

    def __init__(self, book: Cases) -> None:
        self._book = book

    async def page(self, signed: Signed, choice: Choice, after: Place | None = None) -> Leaf:
        """A page of what is chosen, the last worked on first. Raises DatabaseAway."""
        await self._book.rows.ready()
        found: list[Listed] = []
        looked, most = 0, LOOKED if choice.opens else SHOWN
        while True:
            at_once = _AT_ONCE if choice.opens else SHOWN
            async with self._book.database.read() as connection:
                rows = (await connection.execute(_asked(signed, choice, after).limit(at_once + 1))).all()
                some, more = rows[:at_once], len(rows) > at_once
                hands = await self._hands(connection, [row.id for row in some])
                people = await self._people(connection, some) if choice.words else {}
            listed = await asyncio.to_thread(self._wanted, signed, choice, some, hands, people)
            looked += len(some)
            for row, one in zip(some, listed, strict=True):
                after = Place(row.touched, row.id)
                if one is not None:
                    found.append(one)
                if len(found) == SHOWN and (more or row is not some[-1]):
                    return Leaf(found, after, looked)
            if not more:
                return Leaf(found, None, looked)
            if looked >= most:
                return Leaf(found, after, looked)

    async def by_number(self, signed: Signed, typed: str) -> bytes:
        """The one case of hers with this spoken number. Raises NotThere for none, and for more than one."""
        digits = "".join(each for each in typed if each.isdecimal())
        async with self._book.database.read() as connection:
            names = await connection.scalars(_hers(select(cases.c.id), signed, is_mine=False))
            fit = [each for each in names if spoken(each).replace(" ", "") == digits]
        if len(fit) != 1:
            raise NotThere("no case of this number")
        return (await self._book.open(signed, fit[0])).id

    async def _hands(self, connection: AsyncConnection, ids: Sequence[bytes]) -> Mapping[bytes, frozenset[bytes]]:
        asked = (await connection.execute(select(case_hands).where(case_hands.c.case_id.in_(ids)))).all()
        ours = self._book.rows.ours(case_hands, asked)
        return {each: frozenset(row.staff for row in ours if row.case_id == each) for each in ids}

    async def _people(self, connection: AsyncConnection, some: Sequence[Any]) -> Mapping[bytes, Sequence[Any]]:
        of = case_people.c.case_id
        asked = (await connection.execute(select(case_people).where(of.in_([row.id for row in some])))).all()
        ours = self._book.rows.ours(case_people, asked)
        return {row.id: [each for each in ours if each.case_id == row.id] for row in some}

    def _wanted(
        self,
        signed: Signed,
        choice: Choice,
        some: Sequence[Any],
        hands: Mapping[bytes, frozenset[bytes]],
        people: Mapping[bytes, Sequence[Any]],
    ) -> list[Listed | None]:
        """Each of these as the list shows it; None for what is not ours, not hers or not chosen."""
        rows, found = self._book.rows, list[Listed | None]()
        for row in some:
            whose = hands[row.id]
            is_hers = (signed.may(Right.SUPERVISE_CASES) and not choice.is_mine) or signed.staff_id in whose
            body = rows.open(signed, CaseBody, row) if is_hers and rows.is_ours(cases, row) else None
            if body is None or not _lets(choice, body, row.id, partial(self._texts, signed, people.get(row.id, ()))):
                found.append(None)
                continue
            found.append(Listed(row.id, row.day, row.touched, row.status, row.waits, body, whose))
        return found

    def _texts(self, signed: Signed, people: Sequence[Any]) -> list[str]:
        """What stands of its people in words, as far as her keys open it."""
        bodies = [self._book.rows.open(signed, PersonBody, row) for row in people]
        names = [self._book.rows.open(signed, PersonNames, row, "names") for row in people]
        return [words for each in (*bodies, *names) if each is not None for words in each.words.values()]


def place_of(written: str) -> Place | None:
    """The place an address or a form names: a day and a case. Raises NotThere for what is none."""
    if not written:
        return None
    day, _, row = written.partition(".")
    try:
        return Place(date.fromisoformat(day).isoformat(), from_text(row, 16))
    except ValueError:
        raise NotThere("no such page") from None


def folded(text: str) -> str:
    """Text as it is compared: without case, accents and signs of width."""
    return "".join(each for each in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(each))


def _lets(choice: Choice, body: CaseBody, case_id: bytes, people: Callable[[], Sequence[str]]) -> bool:
    if any(code not in body.all_of(name) for name, code in choice.said.items()):
        return False
    wanted = folded(choice.words).split()
    if not wanted:
        return True
    if "".join(wanted) == spoken(case_id).replace(" ", ""):
        return True
    text = folded(" ".join((*body.words.values(), body.by, *people())))
    return all(word in text for word in wanted)


def _asked(signed: Signed, choice: Choice, after: Place | None) -> Select[Any]:
    asked = _hers(select(cases), signed, is_mine=choice.is_mine)
    match choice.show:
        case "waiting":
            asked = asked.where(cases.c.waits.in_(WAITING))
        case "over":
            asked = asked.where(cases.c.status.in_([each for each in STATUSES if each not in OPEN]))
        case "all":
            pass
        case _:
            asked = asked.where(cases.c.status.in_(OPEN))
    if after is not None:
        asked = asked.where(_follows(after))
    return asked.order_by(cases.c.touched.desc(), cases.c.id)


def _hers(asked: Select[Any], signed: Signed, *, is_mine: bool) -> Select[Any]:
    """Of these only those whose door is open to her; whose they are is verified once they are read."""
    asked = asked.where(cases.c.merged_into == NOWHERE)
    if signed.may(Right.SUPERVISE_CASES) and not is_mine:
        return asked
    return asked.where(cases.c.id.in_(select(case_hands.c.case_id).where(case_hands.c.staff == signed.staff_id)))


def _follows(place: Place) -> ColumnElement[bool]:
    row = cases.c
    return or_(row.touched < place.touched, and_(row.touched == place.touched, row.id > place.id))
