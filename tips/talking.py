"""Ties a tip to the talks that begin from it: words left where nobody came are added, and who talked stands there."""

from collections.abc import Sequence
from typing import Final

from portal.handover import NoteName, WordsLeft
from portal.ids import ID_SIZE
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.sealing import sub
from tips import parts, store
from tips.access import Doors, Visit
from tips.form import TipForm, from_talk
from tips.intake import Filing
from tips.tip import Kind, Urgency, Words, after_addition
from tips.work.book import Book

TALKED: Final = "talked"


class Talking:
    """The acts between a tip and a talk. Each raises DatabaseAway and ValkeyAway as the stores do."""

    def __init__(self, services: Services, doors: Doors, book: Book) -> None:
        self._services = services
        self._doors = doors
        self._book = book

    async def name_of(self, token: str) -> NoteName | None:
        """What staff find the tip behind a page's token by; None once it is erased or the token is over."""
        visit = await self._doors.talking_for_token(token)
        if visit is None:
            return None
        async with self._services.database.read() as connection:
            sealed = await store.read_hers(connection, visit.tip)
        return None if sealed is None else NoteName(sealed.id, parts.day_from(sealed.day))

    async def forget(self, token: str) -> None:
        """The page that held it has gone: nothing opens the tip any more but its number."""
        await self._doors.end_visit(token)

    async def talked(self, signed: Signed, name: NoteName, conversation: bytes) -> None:
        """Write down that she talked with whoever sent this tip: who and when, never what. Said again it stands once.

        Nothing happens for somebody whose keys open no tips, and for a tip that is gone. Raises BookFull.
        """
        async with self._services.database.write() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, name.id)
            if tip is None:
                return
            # Named under the tip's own key, and in the audit an entry like others: no disk tells that there was a talk.
            part = sub(tip.words_key, "talked", conversation, signed.staff_id)[:ID_SIZE]
            await self._book.write(connection, signed, tip, TALKED, part=part, line="tip.entry")

    async def add_left(self, left: WordsLeft) -> Filing | None:
        """Add what was said in a talk nobody took to the tip it began from; answers what the next page is drawn from.

        The same leaving adds nothing twice. None where there is no such tip any more, or nothing was said: then the
        words make a tip of their own.
        """
        forms, now = from_talk(left), self._services.clock.now()
        visit = await self._doors.talking_for_token(left.note) if left.note and forms else None
        if visit is None:
            return None
        said = [Words(Kind.ADDED, form.words, now, place=form.place, from_talk=True) for form in forms]
        async with self._services.database.write() as connection:
            tip = await store.read_hers(connection, visit.tip)
            if tip is None:
                return None
            for number, words in enumerate(said):
                sealed = parts.seal_words(visit.keys.words, visit.tip, _name(visit, left, number), words)
                if await store.insert_part(connection, visit.tip, sealed):
                    await store.set_status(connection, visit.tip, after_addition(tip.status))
        filing = self._filing(visit, forms)
        if filing.is_urgent:
            await self._services.alerts.raise_("tip", visit.tip)
        return filing

    def _filing(self, visit: Visit, forms: Sequence[TipForm]) -> Filing:
        """The tip as the page after sending knows one; her number was shown to her long ago."""
        return Filing(
            tip=visit.tip,
            words_key=visit.keys.words,
            names_key=visit.keys.names,
            code="",
            wants_number=False,
            is_urgent=any(form.urgency is Urgency.NOW for form in forms),
            at=self._services.clock.now(),
        )


def _name(visit: Visit, left: WordsLeft, number: int) -> bytes:
    """The id of a part: the same for a second press of the same leaving."""
    return sub(visit.keys.words, "left", left.once, str(number))[:ID_SIZE]
