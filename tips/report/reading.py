"""Opens a tip for a report: what was told, what is agreed to at this moment, and the reports there are."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.ids import to_text
from portal.staff.sessions.session import Signed
from tips import consents, parts, store
from tips.access import Doors, OpenTip
from tips.consents import Standing
from tips.links import rule
from tips.report.course import Report, reports
from tips.report.draft import MOST_PARTS
from tips.report.gather import Told
from tips.staying import rows
from tips.tip import Names, names_now
from tips.work import sealed
from tips.work.entries import Entry

_TOLD = (store.WORDS, store.FACTS, store.NAMES)


@dataclass(frozen=True)
class Opened:
    """One tip, opened for a report. `standing` is what is agreed to now, not when anything was drafted."""

    tip: OpenTip
    standing: Standing = field(repr=False)
    reports: tuple[Report, ...] = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    kept: tuple[store.SealedPart, ...] = field(repr=False)

    def is_done(self, part: bytes) -> bool:
        """Whether what a page posts under this id is kept already."""
        return any(each.part == part for each in self.kept)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that were told, by their ids: what a draft is written from."""
        told = sorted((part for part in self.kept if part.kind in _TOLD), key=lambda part: (part.day, part.part))
        return tuple(to_text(part.part) for part in told[:MOST_PARTS])

    @property
    def mark(self) -> str:
        """What tells a page that more was told since it was drawn."""
        return hashlib.sha256(",".join(self.parts).encode()).hexdigest()[:32]

    def report(self, report_id: str) -> Report:
        """One of its reports. Raises NotThere for one of another tip and for none alike."""
        for report in self.reports:
            if report.id == report_id:
                return report
        raise NotThere("no such report")

    def told(self, only: Collection[str], account: str = "") -> Told:
        """What was told in these parts. Raises SealBroken."""
        tip_id, kept = self.tip.sealed.id, [part for part in self.kept if to_text(part.part) in only]
        return Told(
            day=date.fromisoformat(self.tip.sealed.day),
            card=parts.open_card(self.tip.words_key, tip_id, self.tip.sealed.card),
            words=tuple(parts.open_words(self.tip.words_key, tip_id, kept)),
            facts=tuple(parts.open_facts(self.tip.words_key, tip_id, kept)),
            names=names_now(self._names(kept)),
            account=account,
        )

    @property
    def has_names(self) -> bool:
        """Whether this person's keys open how she may be reached."""
        return self.tip.names_key is not None

    def names_parts(self, only: Iterable[str]) -> frozenset[str]:
        """Which of these parts hold a name, or a way to reach her."""
        names = {to_text(part.part) for part in self.kept if part.kind == store.NAMES}
        return frozenset(names & set(only))

    def _names(self, kept: Iterable[store.SealedPart]) -> list[Names]:
        if self.tip.names_key is None:
            return []
        return parts.open_names(self.tip.names_key, self.tip.sealed.id, kept)


async def open_for_report(doors: Doors, connection: AsyncConnection, signed: Signed, tip_id: bytes) -> Opened:
    """The tip, opened for somebody who holds the key. Raises NotThere, SealBroken, DatabaseAway."""
    tip = await doors.tip_for_advocate(connection, signed, tip_id)
    if tip is None:
        raise NotThere("no such tip")
    kept = await store.read_parts(connection, tip_id)
    entries, _ = sealed.open_entries(tip, kept)
    stands = await rows.standing(connection, tip_id)
    # Whoever erased it has taken everything back; a hold keeps the words for the law, and no consent with them.
    is_left = stands is None or stands.is_left
    standing = consents.live([] if is_left else parts.open_consents(tip.words_key, tip_id, kept))
    standing = consents.narrowed(standing, await _said_elsewhere(doors, connection, signed, entries))
    return Opened(tip, standing, reports(entries), tuple(entries), tuple(kept))


async def _said_elsewhere(
    doors: Doors, connection: AsyncConnection, signed: Signed, entries: Iterable[Entry]
) -> list[list[consents.Entry]]:
    """What she agreed to and took back in each tip two people linked with this one. Nothing else of it is opened."""
    found = []
    for link in rule.links(entries):
        other = await doors.tip_for_advocate(connection, signed, link.other) if link.is_linked else None
        if other is not None:
            kept = await store.read_parts(connection, link.other)
            found.append(parts.open_consents(other.words_key, link.other, kept))
    return found
