"""Where a reporter's file comes in: whole in one form, or piece by piece from the page's own script."""

import asyncio
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from i18n.languages import Language
from portal.crowd import step_aside
from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.services import Services
from portal.vault.tip_files import PIECE_ROOM
from portal.web.forms import FormTooLarge, FormUnreadable, content_type, read_body
from portal.web.multipart import FieldCame, read_multipart
from portal.web.page import language_of, see_other
from tips.access import Doors, Visit
from tips.files.arrival import Arrival, file_id_of
from tips.files.kinds import MIB, MOST_BYTES, MOST_PAGES, Sort
from tips.files.redrawing import Redrawing
from tips.files.refusing import DrawingBusy, PictureRefused
from tips.files.uploads import Uploads
from tips.files.withdrawing import OwnFile, Withdrawing
from tips.pages import carried
from tips.pages.carried import BackAgain, BackPage, ThreadPage

# Whole pictures that come in at the same time, in one process: each may take minutes on a bad line.
MOST_AT_ONCE: Final = 16
BYTES: Final = "application/octet-stream"


@dataclass(frozen=True)
class FilesShown:
    """What the page of a tip says about files. `own`: those that came, with the id their page writes.

    `new`: the id of the next one; `piece`: how large a piece of it is; `sorts`: what is taken, none where it is off.
    """

    own: list[tuple[str, OwnFile]]
    new: str
    sorts: frozenset[Sort]
    most: int = MOST_BYTES
    most_mib: int = MOST_BYTES // MIB
    most_pages: int = MOST_PAGES
    piece: int = PIECE_ROOM

    @property
    def is_on(self) -> bool:
        """Whether the page shows a field."""
        return bool(self.sorts)

    @property
    def accept(self) -> str:
        """What a phone offers to choose from; what is taken is told by the content alone."""
        return ",".join(_OFFERED[sort] for sort in Sort if sort in self.sorts)


_OFFERED: Final = {
    Sort.PHOTO: "image/jpeg,image/png,image/webp",
    Sort.SOUND: "audio/mpeg,audio/ogg",
    Sort.PAPER: "application/pdf",
}


class FilePages:
    """The one address a file is sent to. Nothing of it is ever put on a disk in clear, or in memory as a whole."""

    def __init__(
        self, services: Services, doors: Doors, uploads: Uploads, redrawing: Redrawing, withdrawing: Withdrawing
    ) -> None:
        self._services = services
        self._doors = doors
        self._uploads = uploads
        self._redrawing = redrawing
        self._withdrawing = withdrawing
        self._under_way = 0

    async def shown(self, visit: Visit) -> FilesShown:
        """What the page of this visit's tip says about files. Raises DatabaseAway."""
        own = [(to_text(file.id), file) for file in await self._withdrawing.hers(visit)]
        sorts = await self._uploads.takes() if await self._uploads.is_on() else frozenset[Sort]()
        return FilesShown(own, to_text(random_id()), sorts)

    async def withdraw(self, visit: Visit, named: str) -> None:
        """Erase one of her files, by the id its page wrote. Raises NotThere, DatabaseAway."""
        file_id = file_id_of(named)
        if file_id is None:
            raise NotThere("no such file")
        await self._withdrawing.withdraw(visit, file_id)

    async def is_on(self) -> bool:
        """Whether pictures are taken."""
        return await self._uploads.is_on()

    async def item(self, request: Request) -> Response:
        """A picture, or a piece of one. Where the house takes none there is no such page."""
        language = language_of(request)
        if request.method != "POST":
            return see_other(f"/{language.tag}/note/back")
        await self._uploads.must_be_on()
        if content_type(request) == BYTES:
            return await self._step(request, language)
        return await self._whole(request, language)

    async def _whole(self, request: Request, language: Language) -> Response:
        # A slow line is no reason to turn others away; how many may come in like this has a bound of its own.
        arrival = Arrival(self._doors, self._uploads, self._redrawing, proved=lambda: step_aside(request))
        if self._under_way >= MOST_AT_ONCE:
            arrival.why = DrawingBusy.phrase
        self._under_way += 1
        try:
            async for came in read_multipart(request, most=MOST_BYTES):
                if isinstance(came, FieldCame):
                    arrival.hears(came.name, came.value)
                else:
                    await arrival.takes(came.data)
            await arrival.ends()
        except FormTooLarge:
            await arrival.gives_up("files.refused.large")
            await arrival.ends()
        except (FormUnreadable, asyncio.CancelledError):
            await arrival.gives_up("files.cut")
            raise
        finally:
            self._under_way -= 1
        if arrival.visit is None:
            return await self._go(language, BackAgain("", "back.error.over"))
        return await self._go(language, ThreadPage(arrival.token, arrival.why or "files.added"), arrival.visit)

    async def _step(self, request: Request, language: Language) -> Response:
        """One step of the page's script. Its headers: x-t the visit, x-p the picture, x-do what, x-n which piece."""
        said = request.headers
        body = await read_body(request, limit=PIECE_ROOM)
        token = said.get("x-t", "")
        visit = await self._doors.visit_for_token(token)
        file_id = file_id_of(said.get("x-p", ""))
        if visit is None or file_id is None:
            raise NotThere("no such visit")
        try:
            match said.get("x-do"):
                case "begin":
                    kept = await self._uploads.begin(visit, file_id, keeps_original=said.get("x-o") == "1")
                case "piece" if body and said.get("x-n", "").isdecimal():
                    kept = await self._uploads.take(visit, file_id, int(said["x-n"][:6]), [body])
                case "done":
                    await self._redrawing.finish(visit, file_id)
                    return JSONResponse({"to": await self._address(language, ThreadPage(token, "files.added"), visit)})
                case _:
                    raise FormUnreadable
        except PictureRefused as refused:
            return JSONResponse({"to": await self._address(language, ThreadPage(token, refused.why), visit)})
        return JSONResponse({"kept": kept.kept, "ready": kept.is_ready})

    async def _go(self, language: Language, page: BackPage, visit: Visit | None = None) -> Response:
        return see_other(await self._address(language, page, visit))

    async def _address(self, language: Language, page: BackPage, visit: Visit | None) -> str:
        group = None if visit is None else visit.group
        token = await self._services.passes.issue(carried.BACK, carried.encode(page), group=group)
        return f"/{language.tag}/note/back/{token}"
