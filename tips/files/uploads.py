"""Takes a file in, piece by piece, each sealed and on the disk before it is confirmed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, PorchlightError
from portal.ids import random_key
from portal.services import Services
from portal.vault import tip_files as vault
from portal.web.throttle import Throttle
from tips.access import Visit
from tips.files import card as cards, store
from tips.files.access import file_for_visit
from tips.files.book import FilesBook
from tips.files.card import FileCard
from tips.files.kinds import MIB, MOST_BYTES, MOST_OF_A_TIP, Sort
from tips.files.refusing import DrawingBusy, PictureRefused
from tips.files.store import ORIGINAL, State, StoredFile
from tips.files.stripping import Stripping
from tips.parts import day_of
from tips.retention import Retention

# A picture whose page has not been heard of for so long is given up.
WAITS_FOR: Final = timedelta(minutes=30)
# Of all reporters of one process together: a picture costs disk, and a second of a processor.
BURST: Final = 20
EACH_SECOND: Final = 0.2

PIECES_OF_A_MIB: Final = MIB // vault.PIECE_STEPS[0]


class FilesOff(PorchlightError):
    """This house takes no pictures: there is no such page."""

    phrase: ClassVar[str] = "error.not_there"
    status: ClassVar[int] = 404


class OutOfOrder(PorchlightError):
    """A piece that is not the next one: the same picture is sent twice, or the page lost count."""

    phrase: ClassVar[str] = "files.cut"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Progress:
    """How far a picture has come: pieces that are on the disk, and whether it is drawn and there."""

    kept: int
    is_ready: bool = False


class Uploads:
    """The acts of a picture on its way in. Each raises FilesOff where pictures are not taken, and DatabaseAway."""

    def __init__(self, services: Services, book: FilesBook, retention: Retention, stripping: Stripping) -> None:
        self.stripping = stripping
        self._services = services
        self._book = book
        self._retention = retention
        self._flood = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def is_on(self) -> bool:
        """Whether pictures are taken."""
        return (await self._book.switch()).is_on

    async def takes(self) -> frozenset[Sort]:
        """The sorts that are taken: those switched on, besides photos only where stripping works on this machine.

        Raises FilesOff where nothing is.
        """
        switch = await self._book.switch()
        if not switch.is_on:
            raise FilesOff("pictures are not taken")
        others = switch.sorts if switch.sorts and await self.stripping.works() else frozenset()
        return others | {Sort.PHOTO}

    async def must_be_on(self) -> None:
        """Raises FilesOff where pictures are not taken."""
        if not await self.is_on():
            raise FilesOff("pictures are not taken")

    async def begin(self, visit: Visit, file_id: bytes, *, keeps_original: bool, anew: bool = False) -> Progress:
        """Begin a picture under the page's own id; one that was begun goes on where it is, or from nothing if `anew`.

        Raises PictureRefused when this tip or the house holds too many, DrawingBusy in a flood, NotThere when the tip
        was erased meanwhile.
        """
        await self.must_be_on()
        async with self._services.database.read() as connection:
            known = await file_for_visit(connection, visit, file_id)
            kept = await store.count(connection, file_id, ORIGINAL)
        if known is not None and known.state is State.READY:
            return Progress(kept, is_ready=True)
        if known is not None and not anew and await self.salt_of(file_id) is not None:
            return Progress(kept)
        if not self._flood.allows():
            raise DrawingBusy("many pictures come at once")
        await self._services.embers.put(alive(file_id), random_key(), WAITS_FOR)
        now = self._services.clock.now()
        card = cards.seal_card(visit.keys.words, visit.tip, file_id, 1, FileCard(now, keeps_original))
        async with self._services.database.write() as connection:
            await file_for_visit(connection, visit, file_id)
            await store.erase_file(connection, file_id)
            if not await store.is_there(connection, visit.tip):
                raise NotThere("no such tip")
            if len(await store.of_tip(connection, visit.tip)) >= MOST_OF_A_TIP:
                raise PictureRefused("files.refused.many")
            await self._must_have_room(connection)
            await store.insert_file(connection, StoredFile(file_id, visit.tip, day_of(now), State.ARRIVING, 1, card))
        return Progress(0)

    async def take(self, visit: Visit, file_id: bytes, at: int, pieces: Sequence[bytes]) -> Progress:
        """Seal pieces and keep them; when this returns they are on the disk. Those that are kept already stay.

        Raises OutOfOrder when pieces before them are missing, PictureRefused beyond the bound (then nothing of it is
        left), NotThere.
        """
        await self.must_be_on()
        try:
            if at * vault.PIECE_ROOM + sum(len(piece) for piece in pieces) > MOST_BYTES:
                raise PictureRefused("files.refused.large")
            salt = await self.salt_of(file_id)
            if salt is None:
                raise NotThere("the picture was given up")
            key = vault.original_key(visit.keys.words, file_id, salt)
            boxes = [
                vault.seal_piece(key, visit.tip, file_id, ORIGINAL, number, piece)
                for number, piece in enumerate(pieces, at)
            ]
            async with self._services.database.write() as connection:
                progress = await self._put(connection, visit, file_id, at, boxes)
        except PictureRefused:
            await self.drop(visit, file_id)
            raise
        return progress

    async def drop(self, visit: Visit, file_id: bytes) -> None:
        """Remove a picture that will not be whole; one that is whole stays."""
        async with self._services.database.write() as connection:
            file = await file_for_visit(connection, visit, file_id)
            if file is None or file.state is State.READY:
                return
            await store.erase_file(connection, file_id)
        await self.forget_salt(file_id)
        await self._retention.empty_the_log()

    async def how_many(self, visit: Visit) -> int:
        """How many pictures of this tip are whole."""
        async with self._services.database.read() as connection:
            files = await store.of_tip(connection, visit.tip)
        return sum(file.state is State.READY for file in files)

    async def salt_of(self, file_id: bytes) -> bytes | None:
        """What the original is sealed with besides the key to the words; None when it was given up.

        Asking for it says that a page still works at this picture: the sweep leaves it alone for a while.
        """
        embers = self._services.embers
        return await embers.get(alive(file_id)) if await embers.extend(alive(file_id), WAITS_FOR) else None

    async def forget_salt(self, file_id: bytes) -> None:
        """From here on the original opens by its card, or for nobody."""
        await self._services.embers.delete(alive(file_id))

    async def _put(
        self, connection: AsyncConnection, visit: Visit, file_id: bytes, at: int, boxes: Sequence[bytes]
    ) -> Progress:
        file = await file_for_visit(connection, visit, file_id)
        if file is None:
            raise NotThere("no such picture")
        kept = await store.count(connection, file_id, ORIGINAL)
        if file.state is State.READY or kept >= at + len(boxes):
            return Progress(kept, file.state is State.READY)
        if kept != at:
            raise OutOfOrder("not the next piece")
        await self._must_have_room(connection)
        await store.put_pieces(connection, file_id, ORIGINAL, at, boxes)
        return Progress(kept + len(boxes))

    async def _must_have_room(self, connection: AsyncConnection) -> None:
        if await store.pieces_of_the_house(connection) >= self._services.settings.files_mib * PIECES_OF_A_MIB:
            raise PictureRefused("files.full")


def alive(file_id: bytes) -> bytes:
    """Where the ember store holds the salt of a picture that is still on its way: in memory, and nowhere else."""
    return b"tip-file:" + hashlib.sha256(file_id).digest()
