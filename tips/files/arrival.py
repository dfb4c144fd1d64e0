"""One picture that comes in one form: its fields first, then its bytes, kept as they come; in one go, or not at all."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from portal.errors import NotThere, PorchlightError
from portal.ids import ID_SIZE, from_text, random_id
from portal.vault.tip_files import PIECE_ROOM
from tips.access import Doors, Visit
from tips.files.redrawing import Redrawing
from tips.files.refusing import DrawingBusy, PictureRefused
from tips.files.uploads import Uploads

# So many bytes are sealed and kept together: half a MiB in memory for each picture under way.
TOGETHER: Final = 8 * PIECE_ROOM

_log = logging.getLogger("porchlight.tips")


class Arrival:
    """`visit` once the fields have said whose it is; `why`: the phrase that says what went wrong, or nothing.

    Nothing is raised to whoever reads the body: the rest of it must be heard, and thrown away, so that an answer
    arrives. `proved` is called when the fields have shown the token of a visit.
    """

    def __init__(self, doors: Doors, uploads: Uploads, redrawing: Redrawing, *, proved: Callable[[], None]) -> None:
        self.visit: Visit | None = None
        self.token = ""
        self.why = ""
        self._doors = doors
        self._uploads = uploads
        self._redrawing = redrawing
        self._proved = proved
        self._fields: dict[str, str] = {}
        self._file_id = b""
        self._kept = 0
        self._buffer = bytearray()

    def hears(self, name: str, value: str) -> None:
        """A field: `t` the visit, `p` the picture's own id, `o` whether the original is to be kept."""
        self._fields[name] = value

    async def takes(self, data: bytes) -> None:
        """Some bytes of the picture."""
        if data and not self.why:
            await self._guarded(self._seals(data))

    async def ends(self) -> None:
        """The form is whole."""
        if not self.why:
            await self._guarded(self._closes())
        elif self.visit is None:
            await self._guarded(self._looks_who_it_is())

    async def gives_up(self, why: str) -> None:
        """The form will not be whole; nothing of the picture is left."""
        self.why = self.why or why
        if self.visit is not None and self._file_id:
            await self._uploads.drop(self.visit, self._file_id)

    async def _guarded(self, act: Awaitable[None]) -> None:
        try:
            await act
        except PictureRefused as refused:
            self.why = refused.why
        except NotThere:
            self.why = "back.error.unknown"
        except PorchlightError as error:
            if not isinstance(error, DrawingBusy):
                _log.error("picture_not_taken error=%s", type(error).__name__)
            await self.gives_up(DrawingBusy.phrase if isinstance(error, DrawingBusy) else "files.cut")

    async def _seals(self, data: bytes) -> None:
        if self.visit is None:
            await self._begins()
        self._buffer += data
        while not self.why and len(self._buffer) >= TOGETHER:
            await self._keeps(TOGETHER)

    async def _begins(self) -> None:
        await self._looks_who_it_is()
        if self.visit is None:
            return
        self._file_id = file_id_of(self._fields.get("p", "")) or random_id()
        keeps = self._fields.get("o") == "1"
        begun = await self._uploads.begin(self.visit, self._file_id, keeps_original=keeps, anew=True)
        if begun.is_ready:
            self.why = "files.added"  # Sent twice: it is there.

    async def _closes(self) -> None:
        if self.visit is None:
            await self._looks_who_it_is()
            self.why = self.why or "files.none"
            return
        if self._buffer:
            await self._keeps(len(self._buffer))
        await self._redrawing.finish(self.visit, self._file_id)

    async def _looks_who_it_is(self) -> None:
        self.token = self._fields.get("t", "")
        self.visit = await self._doors.visit_for_token(self.token)
        if self.visit is None:
            self.why = "back.error.over"
        else:
            self._proved()

    async def _keeps(self, size: int) -> None:
        if self.visit is None:
            return
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        pieces = [taken[at : at + PIECE_ROOM] for at in range(0, len(taken), PIECE_ROOM)]
        await self._uploads.take(self.visit, self._file_id, self._kept, pieces)
        self._kept += len(pieces)


def file_id_of(typed: str) -> bytes | None:
    """The id that a page gave a picture, or None when it cannot be read."""
    try:
        return from_text(typed, ID_SIZE)
    except ValueError:
        return None
