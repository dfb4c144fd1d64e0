"""Shows staff the files of a tip: which there are, and one of them opened, written down in the same breath."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.vault import tip_files as vault
from portal.vault.errors import SealBroken
from tips import parts
from tips.access import Doors, OpenTip
from tips.files import card as cards, store
from tips.files.freezing import Freezing
from tips.files.holds import Held, Hold
from tips.files.keys import key_of_copy, key_of_original
from tips.files.kinds import Kind, Sort
from tips.files.store import DRAWN, ORIGINAL, State, StoredFile
from tips.store import read_parts
from tips.work.openings import Openings, Seen
from tips.work.sealed import open_card, open_entries

How = Literal["seen", "copied", "original"]
_Why = tuple[str, frozenset[bytes]]  # what she said, or may, and who is here
_WHICH: Final = {"seen": DRAWN, "copied": DRAWN, "original": ORIGINAL}


@dataclass(frozen=True)
class FileRow:
    """One file in the list. `held` where somebody has frozen it or asked to."""

    id: bytes
    day: date
    kind: str
    has_original: bool
    held: Held | None

    @property
    def sort(self) -> Sort:
        """A photo, a recording, a document."""
        return sort_of(self.kind)


class Showing:
    """The acts of whoever may read tips. A picture that is held opens for nobody."""

    def __init__(self, services: Services, doors: Doors, freezing: Freezing) -> None:
        self._services = services
        self._doors = doors
        self._freezing = freezing
        self._openings = Openings(services)

    async def of_tip(self, signed: Signed, tip_id: bytes) -> list[FileRow]:
        """The pictures of a tip, the first one first; none for whoever's keys do not open it. Raises DatabaseAway."""
        async with self._services.database.read() as connection:
            tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
            files = [] if tip is None else await store.of_tip(connection, tip_id)
            held = await self._freezing.of_tip(connection, tip_id)
        if tip is None:
            return []
        opened = []
        for file in files:
            if file.state is State.READY:
                card = cards.open_card(tip.words_key, file)
                holds = held.get(file.id) or (Held(Hold.FROZEN, b"", is_lost=True) if card.is_frozen else None)
                row = FileRow(file.id, card.at.date(), card.kind, card.keeps_original, holds)
                opened.append((card.at, row))
        return [row for _, row in sorted(opened, key=lambda each: each[0])]

    async def open(self, signed: Signed, tip_id: bytes, file_id: bytes, how: How) -> tuple[bytes, str]:
        """The bytes of a picture and the kind they are of; that somebody opened them stands in the audit chain.

        Raises NotThere for a picture that is not there, not whole, held, or not hers to read, and for an original
        that was not kept; ReasonNeeded where the tip would ask for one; DatabaseAway, ValkeyAway.
        """
        now, why = self._services.clock.now(), await self._why(signed, tip_id)
        async with self._services.database.write() as connection:
            tip, file = await self._door(connection, signed, tip_id, file_id, why)
            card = cards.open_card(tip.words_key, file)
            if how == "original" and not card.keeps_original:
                raise NotThere("no original was kept")
            boxes = await store.read_pieces(connection, file_id, _WHICH[how])
            salts = await store.read_salts(connection, file_id)
            await audit.line(connection, at=now, act=f"file.{how}", staff_id=signed.staff_id, subject=file_id)
        if how == "original":
            key = key_of_original(tip.words_key, file_id, card, salts)
        else:
            key = key_of_copy(tip.words_key, file_id, salts)
        try:
            opened = b"".join(vault.open_file(key, tip_id, file_id, _WHICH[how], boxes))
        except SealBroken:
            raise NotThere("the picture was changed on the disk") from None
        return opened, "jpeg" if how != "original" and sort_of(card.kind) is Sort.PHOTO else card.kind

    async def sort(self, signed: Signed, tip_id: bytes, file_id: bytes) -> Sort:
        """What it is. Raises NotThere where `open` would; nothing is opened, and nothing written down."""
        why = await self._why(signed, tip_id)
        async with self._services.database.read() as connection:
            tip, file = await self._door(connection, signed, tip_id, file_id, why)
        return sort_of(cards.open_card(tip.words_key, file).kind)

    async def _why(self, signed: Signed, tip_id: bytes) -> _Why:
        return await self._openings.stated(signed, tip_id), await self._openings.here()

    async def _door(
        self, connection: AsyncConnection, signed: Signed, tip_id: bytes, file_id: bytes, why: _Why
    ) -> tuple[OpenTip, StoredFile]:
        tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
        file = await store.read_file(connection, file_id)
        if tip is None or file is None or file.tip != tip_id or file.state is not State.READY:
            raise NotThere("no such picture")
        # A file is as much hers to open as its tip is, and for as long.
        entries, _ = open_entries(tip, await read_parts(connection, tip_id))
        urgency = parts.open_card(tip.words_key, tip_id, tip.sealed.card).urgency
        seen = Seen(tip.sealed.status, urgency, open_card(tip), entries)
        self._openings.line(signed, seen, stated=why[0], here=why[1])
        if cards.open_card(tip.words_key, file).is_frozen or file_id in await self._freezing.of_tip(connection, tip_id):
            raise NotThere("the file is held")
        return tip, file


def sort_of(kind: str) -> Sort:
    """The sort of a kind that stands in a card; what is not known here is shown as nothing but a download."""
    return Kind(kind).sort if kind in set(Kind) else Sort.PAPER
