"""The acts of the desk on one tip: take and give it, name it, note, ask for a second look, hand over."""

from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, PorchlightError
from portal.services import Services
from portal.staff.sessions.session import Signed
from tips import parts, store
from tips.access import Doors, OpenTip
from tips.tip import Status
from tips.work import deeds
from tips.work.book import Book
from tips.work.card import DeskCard
from tips.work.colleagues import Colleague, Colleagues, choices, supervises
from tips.work.deeds import A_SUPERVISOR, MOST_EYES, NOBODY, Word
from tips.work.entries import Entry
from tips.work.labels import Change, fit
from tips.work.sealed import open_card

HEARD_BY_PHONE: Final = {"heard": "phone"}


class Meanwhile(PorchlightError):
    """Somebody else was quicker: the tip is not any more as the page showed it. Nothing was changed."""

    phrase: ClassVar[str] = "deskwork.error.meanwhile"
    status: ClassVar[int] = 409


class NotToHer(PorchlightError):
    """This person cannot be given this tip: she left, holds no key to tips, or does not read its language."""

    phrase: ClassVar[str] = "deskwork.error.not_to_her"
    status: ClassVar[int] = 422


class TooManyLabels(PorchlightError):
    """A tip with more labels than one looks at is found by none of them."""

    phrase: ClassVar[str] = "deskwork.error.many_labels"
    status: ClassVar[int] = 422


class TooManyAsked(PorchlightError):
    """So many were asked for a second look already."""

    phrase: ClassVar[str] = "deskwork.error.many_asked"
    status: ClassVar[int] = 422


class NobodyAsked(PorchlightError):
    """Nobody asks her for a second look at this tip, or somebody else has given it meanwhile."""

    phrase: ClassVar[str] = "deskwork.error.not_asked"
    status: ClassVar[int] = 409


class Working:
    """The acts. Each takes the `part` of the page it was pressed on: pressed twice it is done once.

    All raise NotThere, DatabaseAway, ChainBroken and BookFull beside what they name.
    """

    def __init__(self, services: Services, doors: Doors, book: Book) -> None:
        self._services = services
        self._doors = doors
        self._book = book
        self._colleagues = Colleagues(services)

    async def assign(self, signed: Signed, tip_id: bytes, to: bytes, *, seen: bytes, part: bytes) -> None:
        """Put a tip into somebody's hands, one's own, or nobody's. `seen`: in whose the page showed it.

        Who takes an unread one herself reads it: its status says so. Raises Meanwhile, NotToHer.
        """
        known = await self._colleagues.known()
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            if await store.has_part(connection, tip_id, part):
                return
            _still(tip, seen)
            said = self._given_to(known, signed, tip, to)
            await self._write(connection, signed, tip, deeds.ASSIGNED, part, said)
            if to == signed.staff_id and tip.sealed.status is Status.NEW:
                await self._reads(connection, signed, tip, part)

    async def hand_over(self, signed: Signed, tip_id: bytes, to: bytes, todo: str, *, seen: bytes, part: bytes) -> None:
        """Put a tip into a colleague's hands and say what is to be done. Raises Meanwhile, NotToHer."""
        known = await self._colleagues.known()
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            if await store.has_part(connection, tip_id, part):
                return
            _still(tip, seen)
            if to in (NOBODY, signed.staff_id):
                raise NotToHer("handed to nobody else")
            said = self._given_to(known, signed, tip, to)
            await self._write(connection, signed, tip, deeds.HANDED, part, said, todo)

    async def label(self, signed: Signed, tip_id: bytes, change: Change, *, part: bytes) -> None:
        """Change labels. Raises TooManyLabels."""
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            if await store.has_part(connection, tip_id, part):
                return
            if not fit(open_card(tip).labels, change):
                raise TooManyLabels("no room for another label")
            said = {"added": "\n".join(change.added), "removed": "\n".join(change.removed)}
            await self._write(connection, signed, tip, deeds.LABELS, part, said)

    async def note(self, signed: Signed, tip_id: bytes, text: str, *, part: bytes) -> None:
        """Write something down for colleagues. Whoever sent the tip never reads it."""
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            await self._write(connection, signed, tip, deeds.NOTE, part, {}, text)

    async def ask_eyes(self, signed: Signed, tip_id: bytes, of: bytes, text: str, *, part: bytes) -> None:
        """Ask a colleague, or any supervisor (`A_SUPERVISOR`), to look at it too. Raises NotToHer, TooManyAsked."""
        known = await self._colleagues.known()
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            if await store.has_part(connection, tip_id, part):
                return
            card = open_card(tip)
            if of not in card.eyes and len(card.eyes) >= MOST_EYES:
                raise TooManyAsked("so many were asked")
            if of != A_SUPERVISOR and (not _is_choice(known, tip, of, but=(signed.staff_id,))):
                raise NotToHer("nobody who can look")
            alias = "" if of == A_SUPERVISOR else known[of].alias
            await self._write(connection, signed, tip, deeds.EYES_ASKED, part, {"of": of.hex(), "alias": alias}, text)

    async def give_word(self, signed: Signed, tip_id: bytes, word: Word, text: str, *, part: bytes) -> None:
        """Say what she thinks whose eyes were asked for. Raises NobodyAsked."""
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            if await store.has_part(connection, tip_id, part):
                return
            of = deeds.answers(open_card(tip).eyes, signed.staff_id, supervises=supervises(signed))
            if not of:
                raise NobodyAsked("not asked")
            said = {"word": word.value, "of": " ".join(each.hex() for each in of)}
            await self._write(connection, signed, tip, deeds.EYES_GIVEN, part, said, text)

    async def has_entered(self, signed: Signed, tip_id: bytes, part: bytes) -> None:
        """She wrote this tip down for somebody on the phone: it is in her hands, and read.

        On the disk and in the audit trail it is as a tip of the form that somebody took.
        """
        async with self._services.database.write() as connection:
            tip = await self._tip(connection, signed, tip_id)
            if await store.has_part(connection, tip_id, part):
                return
            said = {"to": signed.staff_id.hex(), "alias": signed.alias, **HEARD_BY_PHONE}
            await self._write(connection, signed, tip, deeds.ASSIGNED, part, said)
            if tip.sealed.status is Status.NEW:
                await self._reads(connection, signed, tip, part)

    async def _tip(self, connection: AsyncConnection, signed: Signed, tip_id: bytes) -> OpenTip:
        tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
        if tip is None:
            raise NotThere("no such tip")
        return tip

    def _given_to(self, known: Mapping[bytes, Colleague], signed: Signed, tip: OpenTip, to: bytes) -> dict[str, str]:
        if to == NOBODY:
            return {"to": "", "alias": ""}
        if to == signed.staff_id:
            return {"to": to.hex(), "alias": signed.alias}
        if not _is_choice(known, tip, to, but=(signed.staff_id,)):
            raise NotToHer("nobody who may have it")
        return {"to": to.hex(), "alias": known[to].alias}

    async def _reads(self, connection: AsyncConnection, signed: Signed, tip: OpenTip, part: bytes) -> None:
        await store.set_status(connection, tip.sealed.id, Status.BEING_READ)
        moved = {"from": tip.sealed.status.value, "to": Status.BEING_READ.value}
        second = sha256(part + b"status").digest()[:16]
        await self._write(
            connection,
            signed,
            await self._tip(connection, signed, tip.sealed.id),
            deeds.STATUS,
            second,
            moved,
            line=f"tip.{Status.BEING_READ.value}",
        )

    async def _write(
        self,
        connection: AsyncConnection,
        signed: Signed,
        tip: OpenTip,
        act: str,
        part: bytes,
        said: Mapping[str, str],
        text: str = "",
        line: str = "",
    ) -> None:
        entry = Entry(self._services.clock.now(), signed.staff_id, signed.alias, act, dict(said), text)

        def changed(card: DeskCard) -> DeskCard:
            return deeds.after(card, entry)

        shows = None if act in (deeds.NOTE, deeds.STATUS) else changed
        await self._book.write(connection, signed, tip, act, part=part, said=said, text=text, card=shows, line=line)


def _still(tip: OpenTip, seen: bytes) -> None:
    if open_card(tip).assignee != seen:
        raise Meanwhile("somebody else was quicker")


def _is_choice(known: Mapping[bytes, Colleague], tip: OpenTip, to: bytes, *, but: tuple[bytes, ...]) -> bool:
    language = parts.open_card(tip.words_key, tip.sealed.id, tip.sealed.card).language
    return any(choice.colleague.id == to for choice in choices(known.values(), language, but=but))
