"""Proposes and agrees that two tips are of one person, on the desk's side alone, and reads both as one thread."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.services import Services
from portal.staff.sessions.session import Signed
from tips import store
from tips.access import Doors, OpenTip
from tips.links import rule
from tips.links.rule import Answer, Link, What
from tips.review import ReadTip, Review
from tips.tip import Status, Words
from tips.work.book import Book
from tips.work.reasons import Reason
from tips.work.sealed import open_entries


@dataclass(frozen=True)
class Line:
    """Words of one of several linked tips; `tip` says of which."""

    tip: ReadTip
    words: Words = field(repr=False)
    place: int  # among the words of its tip


@dataclass(frozen=True)
class Other:
    """Of another tip what stands in clear: a proposal is no reason to open it."""

    day: date
    status: Status


@dataclass(frozen=True)
class Linked:
    """What stands on a tip's page of its links: each with the other tip, None where that is gone.

    `thread` holds the words of all linked tips in the order they were written; nothing where none is linked.
    """

    links: tuple[tuple[Link, Other | None], ...] = ()
    thread: tuple[Line, ...] = field(default=(), repr=False)


class Linking:
    """The acts. Both tips are opened by the person who acts, both get the entry, in one transaction; no tip is changed.

    Nothing of it stands where a receipt leads: entries are of the kind `desk`, whose key no receipt opens.
    """

    def __init__(self, services: Services, doors: Doors, book: Book, review: Review) -> None:
        self._services = services
        self._doors = doors
        self._book = book
        self._review = review

    async def propose(self, signed: Signed, one: bytes, other: bytes, what: What, text: str = "") -> None:
        """Propose to link two tips, or to part them. Raises NotThere, BookFull, DatabaseAway."""
        async with self._services.database.write() as connection:
            tips, link = await self._both(connection, signed, one, other)
            link.may_ask(what)
            line = "tip.link_asked" if what is What.LINK else "tip.unlink_asked"
            await self._write(connection, signed, tips, rule.ASKED, link.round, what, line, text)

    async def answer(self, signed: Signed, one: bytes, other: bytes, answer: Answer) -> None:
        """Agree, or let it fall. Raises NotThere, OtherPersonNeeded, BookFull, DatabaseAway."""
        async with self._services.database.write() as connection:
            tips, link = await self._both(connection, signed, one, other)
            link.may_answer(answer, signed.staff_id)
            done = "tip.linked" if link.asked is What.LINK else "tip.unlinked"
            line = done if answer is Answer.YES else "tip.link_dropped"
            await self._write(connection, signed, tips, rule.LINKED, link.round, answer, line)

    async def of(self, signed: Signed, read: ReadTip) -> Linked:
        """What stands on the page of a tip. A linked one is opened as by hand, and that is written down."""
        shown: list[tuple[Link, Other | None]] = []
        lines = _lines(read)
        for link in rule.links(read.entries):
            if link.is_linked or link.asked is not None:
                other = await self._other(signed, link.other)
                shown.append((link, other))
                if link.is_linked and other is not None:
                    opened = await self._review.open(signed, link.other, reason=Reason.LINKED)
                    lines += _lines(opened)
        is_one = any(line.tip is not read for line in lines)
        return Linked(tuple(shown), tuple(sorted(lines, key=lambda line: line.words.at)) if is_one else ())

    async def _other(self, signed: Signed, tip_id: bytes) -> Other | None:
        async with self._services.database.read() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
        return None if tip is None else Other(date.fromisoformat(tip.sealed.day), tip.sealed.status)

    async def _both(
        self, connection: AsyncConnection, signed: Signed, one: bytes, other: bytes
    ) -> tuple[tuple[OpenTip, OpenTip], Link]:
        first = await self._doors.tip_for_advocate(connection, signed, one)
        second = await self._doors.tip_for_advocate(connection, signed, other)
        if first is None or second is None or one == other:
            raise NotThere("no such two tips")
        entries, _ = open_entries(first, await store.read_parts(connection, one))
        return (first, second), rule.link_with(entries, other)

    async def _write(
        self,
        connection: AsyncConnection,
        signed: Signed,
        tips: tuple[OpenTip, OpenTip],
        act: str,
        number: int,
        word: What | Answer,
        line: str,
        text: str = "",
    ) -> None:
        first, second = tips
        for tip, other in (tips, (second, first)):
            part = rule.part_of(first.sealed.id, second.sealed.id, number, act)
            said = rule.said_of(other.sealed.id, number, word)
            await self._book.write(connection, signed, tip, act, part=part, said=said, text=text, line=line)


def _lines(read: ReadTip) -> list[Line]:
    return [Line(read, words, place) for place, words in enumerate(read.words)]
