"""Turns a file that has come into the one that is kept: made anew, the original gone unless it was to stay."""

from typing import Final

from portal.errors import NotThere
from portal.ids import random_key
from portal.services import Services
from portal.vault import tip_files as vault
from tips import store as tip_store
from tips.access import Visit
from tips.files import card as cards, store
from tips.files.access import file_for_visit
from tips.files.card import FileCard
from tips.files.drawing import Drawing
from tips.files.keys import NO_SALT, key_of_copy
from tips.files.kinds import Sort
from tips.files.looking import looker
from tips.files.refusing import PictureRefused
from tips.files.store import DRAWN, ORIGINAL, Salts, State, StoredFile
from tips.files.uploads import OutOfOrder, Uploads
from tips.retention import Retention
from tips.tip import after_addition

_ROOM: Final = vault.PIECE_ROOM


class Redrawing:
    """The last act of a file on its way in."""

    def __init__(self, services: Services, uploads: Uploads, retention: Retention) -> None:
        self._services = services
        self._uploads = uploads
        self._retention = retention
        self._drawing = Drawing(uploads.stripping)
        self._looker = looker(services.settings.clamd)

    async def finish(self, visit: Visit, file_id: bytes) -> None:
        """Make the whole file anew and keep what was made. Safe to do twice.

        Raises FilesOff, PictureRefused when it cannot be taken (then nothing of it is left), DrawingBusy (then it
        waits to be asked again), NotThere, DatabaseAway.
        """
        takes = await self._uploads.takes()
        salt = await self._uploads.salt_of(file_id)
        async with self._services.database.read() as connection:
            file = await file_for_visit(connection, visit, file_id)
            if file is None:
                raise NotThere("no such picture")
            if file.state is State.READY:
                return
            if salt is None:
                raise NotThere("the picture was given up")
            boxes = await store.read_pieces(connection, file_id, ORIGINAL)
        key = vault.original_key(visit.keys.words, file_id, salt)
        pieces = [vault.open_piece(key, visit.tip, file_id, ORIGINAL, at, box) for at, box in enumerate(boxes)]
        boxes.clear()
        try:
            await self._looker.look(pieces)
            kind, made = await self._drawing.draw(pieces, takes)
        except PictureRefused:
            await self._uploads.drop(visit, file_id)
            raise
        was = cards.open_card(visit.keys.words, file)
        # Of a photo alone: an original document can do things on the machine that opens it.
        keeps = was.keeps_original and kind.sort is Sort.PHOTO
        card = FileCard(was.at, keeps, kind.value)
        salts = Salts(random_key(), salt if keeps else NO_SALT)
        shown = _sealed(key_of_copy(visit.keys.words, file_id, salts), visit.tip, file_id, made)
        await self._keep(visit, file, card, len(pieces), shown, salts)
        await self._uploads.forget_salt(file_id)
        if not card.keeps_original:
            await self._retention.empty_the_log()

    async def _keep(
        self, visit: Visit, file: StoredFile, card: FileCard, filled: int, drawn: list[bytes], salts: Salts
    ) -> None:
        """All of it, or nothing: a kill leaves the file as it came, to be made anew again or swept up."""
        revision = file.revision + 1
        settled = file.settled(cards.seal_card(visit.keys.words, visit.tip, file.id, revision, card))
        async with self._services.database.write() as connection:
            now = await file_for_visit(connection, visit, file.id)
            tip = await tip_store.read_hers(connection, visit.tip)
            if now is None or tip is None:
                raise NotThere("no such picture")
            if now.state is State.READY:
                return
            if await store.count(connection, file.id, ORIGINAL) != filled:
                raise OutOfOrder("it changed while it was drawn")
            if card.keeps_original:
                key = vault.original_key(visit.keys.words, file.id, salts.original)
                ends = vault.seal_end(key, visit.tip, file.id, ORIGINAL, filled)
                await store.put_pieces(connection, file.id, ORIGINAL, filled, ends)
            else:
                await store.drop_pieces(connection, file.id, ORIGINAL)
            await store.insert_salts(connection, file.id, salts)
            await store.put_pieces(connection, file.id, DRAWN, 0, drawn)
            await store.settle(connection, settled)
            await tip_store.set_status(connection, visit.tip, after_addition(tip.status))


def _sealed(key: bytes, tip_id: bytes, file_id: bytes, drawn: bytes) -> list[bytes]:
    pieces = [drawn[start : start + _ROOM] for start in range(0, len(drawn), _ROOM)]
    sealed = [vault.seal_piece(key, tip_id, file_id, DRAWN, at, piece) for at, piece in enumerate(pieces)]
    return sealed + vault.seal_end(key, tip_id, file_id, DRAWN, len(pieces))
