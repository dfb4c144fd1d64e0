"""What staff do with one tip: open it, reply, set its status."""

import contextlib
from dataclasses import dataclass, field
from datetime import date

from portal.errors import Away, NotThere
from portal.ids import random_id
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from tips import consents, parts, store
from tips.access import Doors, OpenTip
from tips.consents import Entry, Standing
from tips.tip import (
    Card,
    Facts,
    Kind,
    Names,
    ReceiptState,
    Status,
    Translation,
    Words,
    after_reply,
    may_be_set_by_staff,
    names_now,
)
from tips.work.book import Book
from tips.work.card import BLANK, DeskCard
from tips.work.entries import Entry as DeskEntry
from tips.work.openings import Openings, Seen
from tips.work.reasons import Reason
from tips.work.sealed import open_card, open_entries


@dataclass(frozen=True)
class ReadTip:
    """One tip, opened. `names` is None for somebody without the names grant, and holds no empty part.

    `standing` is what is agreed to now, `history` every entry that led there. `entries` is what staff did and wrote, of
    which `unread` more could not be opened; `desk` is its summary.
    """

    id: bytes
    day: date
    status: Status
    receipt: ReceiptState
    card: Card
    words: tuple[Words, ...] = field(repr=False)
    facts: tuple[Facts, ...] = field(repr=False)
    standing: Standing = field(repr=False)
    history: tuple[Entry, ...] = field(repr=False)
    names: tuple[Names, ...] | None = field(repr=False)
    desk: DeskCard = BLANK
    entries: tuple[DeskEntry, ...] = field(default=(), repr=False)
    unread: int = 0

    @property
    def reach(self) -> str | None:
        """How to reach her: None for somebody without the names grant, empty when nothing was left."""
        return None if self.names is None else "\n".join(name.reach for name in self.names if name.reach)


class Review:
    """The acts of the desk. Every opening leaves an audit line in the same transaction, or does not happen."""

    def __init__(self, services: Services, doors: Doors, book: Book) -> None:
        self._services = services
        self._doors = doors
        self._book = book
        self._openings = Openings(services)

    async def open(self, signed: Signed, tip_id: bytes, *, reason: Reason | None = None) -> ReadTip:
        """Open one tip and write down that it was opened. Raises NotThere, ReasonNeeded, DatabaseAway.

        `reason`: why, where the page it is opened for says so itself.

        Opening moves no status: a page that was only looked at must not tell the reporter that somebody took care.
        """
        now = self._services.clock.now()
        stated = await self._openings.stated(signed, tip_id) if reason is None else reason.value
        here = await self._openings.here()
        try:
            async with self._services.database.write() as connection:
                tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
                if tip is None:
                    raise NotThere("no such tip")
                kept = await store.read_parts(connection, tip_id)
                read = _read(tip, kept)
                seen = Seen(read.status, read.card.urgency, read.desk, read.entries)
                line = self._openings.line(signed, seen, stated=stated, here=here)
                await audit.line(connection, at=now, act=line, staff_id=signed.staff_id, subject=tip_id)
        except NotThere:
            # Not which: of a tip that is not there, or not hers, no name is kept that was typed into an address.
            self._services.staff.journal.count("tip.open_refused", signed.staff_id)
            raise
        with contextlib.suppress(Away):
            await self._openings.was_opened(signed, tip_id)
        with contextlib.suppress(Away):
            # Whoever reads it has it; with the store away, those on call are only called once more.
            await self._services.alerts.settle("tip", tip_id, by=signed.staff_id)
        return read

    async def reply(
        self,
        signed: Signed,
        tip_id: bytes,
        text: str,
        part: bytes,
        *,
        language: str = "",
        same: Translation | None = None,
    ) -> None:
        """Leave a reply under the page's own `part` id; sent twice it stands once. Raises NotThere, DatabaseAway.

        `language` is that of the text, `same` the same in the reporter's: both are one part, under one seal.
        """
        now = self._services.clock.now()
        async with self._services.database.write() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            if tip is None:
                raise NotThere("no such tip")
            words = Words(Kind.REPLY, text, now, alias=signed.alias, language=language, same=same)
            if await store.insert_part(connection, tip_id, parts.seal_words(tip.words_key, tip_id, part, words)):
                await store.set_status(connection, tip_id, after_reply(tip.sealed.status))
                await audit.line(connection, at=now, act="tip.answered", staff_id=signed.staff_id, subject=tip_id)

    async def set_status(self, signed: Signed, tip_id: bytes, status: Status) -> None:
        """Close a tip, or take it up again. Raises NotThere for a tip or a status that is not theirs to set."""
        if not may_be_set_by_staff(status):
            raise NotThere("no such status to set")
        async with self._services.database.write() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            if tip is None:
                raise NotThere("no such tip")
            await store.set_status(connection, tip_id, status)
            moved = {"from": tip.sealed.status.value, "to": status.value}
            done = f"tip.{status.value}"
            await self._book.write(connection, signed, tip, "status", part=random_id(), said=moved, line=done)


def _read(tip: OpenTip, kept: list[store.SealedPart]) -> ReadTip:
    sealed = tip.sealed
    names = None if tip.names_key is None else parts.open_names(tip.names_key, sealed.id, kept)
    history = parts.open_consents(tip.words_key, sealed.id, kept)
    entries, unread = open_entries(tip, kept)
    return ReadTip(
        id=sealed.id,
        day=date.fromisoformat(sealed.day),
        status=sealed.status,
        receipt=sealed.receipt,
        card=parts.open_card(tip.words_key, sealed.id, sealed.card),
        words=tuple(parts.open_words(tip.words_key, sealed.id, kept)),
        facts=tuple(told for told in parts.open_facts(tip.words_key, sealed.id, kept) if told.said),
        standing=consents.live(history),
        history=tuple(history),
        names=None if names is None else names_now(names),
        desk=open_card(tip),
        entries=tuple(entries),
        unread=unread,
    )
