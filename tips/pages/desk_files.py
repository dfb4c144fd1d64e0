"""The desk's pages of files: one in a frame in which nothing runs, its copies, its freezing, and the switches."""

import base64
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import LANGUAGES
from portal.errors import NotThere
from portal.ids import ID_SIZE, from_text, to_text
from portal.records.entries import Account
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.headers import PICTURE_POLICY, SOUND_POLICY, showing_policy
from portal.web.page import see_other
from portal.web.sanitise import tidy_text
from tips.files.book import FilesBook
from tips.files.freezing import Freezing, HeldFile
from tips.files.holds import DECISIONS, Act, SecondPersonNeeded, WordsNeeded
from tips.files.kinds import Kind, Sort
from tips.files.showing import How, Showing, sort_of
from tips.files.switching import ASKED, CONFIRMED, MOST, Switching, read_procedure
from tips.work.openings import ReasonNeeded

FILES: Final = "/desk/files"
ONE: Final = "/desk/tips/{id}/files/{file}"
_ENDINGS: Final = {"jpeg": "jpg"} | {kind.value: kind.value for kind in Kind if kind is not Kind.JPEG}
_ACTS: Final[dict[str, Act]] = {"freeze": "freeze", "free": "free", "police": "police", "destroy": "destroy"}
_SHOWN: Final = (Sort.PHOTO, Sort.SOUND)
_NAMES: Final = {Sort.PHOTO: "picture", Sort.SOUND: "recording", Sort.PAPER: "document"}
_PLAYED: Final = {"mp3": "audio/mpeg", "ogg": "audio/ogg"}


class DeskFilePages:
    """What staff do with pictures. Every answer that holds one has an origin of its own and is kept by nobody."""

    def __init__(
        self, services: Services, book: FilesBook, showing: Showing, freezing: Freezing, switching: Switching
    ) -> None:
        self._services = services
        self._book = book
        self._showing = showing
        self._freezing = freezing
        self._switching = switching

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        read, answer, switch = Right.READ_TIPS, Right.ANSWER_TIPS, Right.SWITCH_FILES
        return [
            Route(ONE, desk_page(self.page, read), methods=["GET"]),
            Route(f"{ONE}/frame", desk_page(self.frame, read), methods=["GET"]),
            Route(f"{ONE}/copy", desk_page(self.copy, read), methods=["GET"]),
            Route(f"{ONE}/original", desk_page(self.original, read), methods=["GET"]),
            Route(f"{ONE}/freeze", desk_page(self.freeze, answer), methods=["POST"]),
            Route(FILES, desk_page(self.switch), methods=["GET"]),
            Route(f"{FILES}/on", desk_page(self.on, switch), methods=["POST"]),
            Route(f"{FILES}/off", desk_page(self.off, switch), methods=["POST"]),
            Route(f"{FILES}/sorts", desk_page(self.sorts, switch), methods=["POST"]),
            Route(f"{FILES}/{{note}}", desk_page(self.switch), methods=["GET"]),
        ]

    async def shown(self, signed: Signed, tip_id: bytes) -> dict[str, Any]:
        """What the page of a tip lists."""
        switch = await self._book.switch()
        return {"pictures": await self._showing.of_tip(signed, tip_id), "whom": switch.whom, "me": signed.staff_id}

    async def page(self, request: Request, signed: Signed) -> Response:
        """A page with a frame; what is in the frame is asked for by itself, and written down there."""
        tip_id, file_id = _ids(request)
        try:
            sort = await self._showing.sort(signed, tip_id, file_id)
        except ReasonNeeded:
            return see_other(f"/desk/tips/{to_text(tip_id)}")
        if sort not in _SHOWN:
            raise NotThere("a document is no page here")
        response = draw(request, signed, "desk/picture.html", tip=to_text(tip_id), file=to_text(file_id), sort=sort)
        response.headers["content-security-policy"] = showing_policy(self._services.settings.desk_origin)
        return response

    async def frame(self, request: Request, signed: Signed) -> Response:
        """The picture or the recording in a document of its own, which holds nothing else and may do nothing."""
        ids = _ids(request)
        if await self._showing.sort(signed, *ids) not in _SHOWN:
            raise NotThere("a document is no page here")
        opened, kind = await self._showing.open(signed, *ids, "seen")
        held, played = base64.b64encode(opened).decode("ascii"), _PLAYED.get(kind, "")
        response = _alone(draw(request, signed, "desk/picture_frame.html", held=held, played=played))
        if played:
            response.headers["content-security-policy"] = SOUND_POLICY
        return response

    async def copy(self, request: Request, signed: Signed) -> Response:
        """The redrawn picture, to be kept as a file."""
        return await self._file(request, signed, "copied")

    async def original(self, request: Request, signed: Signed) -> Response:
        """What was sent, as it was sent, where its sender wished it kept. It may say where and when it was taken."""
        return await self._file(request, signed, "original")

    async def freeze(self, request: Request, signed: Signed) -> Response:
        """One person's word: freeze it, or what becomes of it once it is frozen."""
        tip_id, file_id = _ids(request)
        act = posted(request).get("do", "")
        if act not in _ACTS:
            raise NotThere("no such word")
        back = FILES if posted(request).get("from") == "files" else f"/desk/tips/{to_text(tip_id)}#pictures"
        words = tidy_text(posted(request).get("words", ""))
        try:
            await self._freezing.say(signed, tip_id, file_id, _ACTS[act], words[:MOST])
        except (SecondPersonNeeded, WordsNeeded) as needed:
            return see_other(await leave_note(self._services.passes, FILES, Note(phrase=needed.phrase)))
        return see_other(back)

    async def switch(self, request: Request, signed: Signed) -> Response:
        """Whether pictures are taken, what has to be confirmed before they are, and every one that is held."""
        if not (signed.may(Right.SWITCH_FILES) or signed.may(Right.READ_TIPS)):
            raise NotThere("no such page for this person")
        note = await read_note(self._services.passes, request.path_params)
        spoken = LANGUAGES[tongue_of(request, signed)]
        return draw(
            request,
            signed,
            "desk/files.html",
            switch_files=await self._book.switch(),
            others=(Sort.SOUND, Sort.PAPER),
            can_strip=signed.may(Right.SWITCH_FILES) and await self._switching.can_strip(),
            held=await self._held(signed) if signed.may(Right.READ_TIPS) else [],
            decisions=DECISIONS,
            note=note,
            ticks=CONFIRMED,
            most=MOST,
            me=signed.staff_id,
            to_text=to_text,
            day=lambda when: formats.day(spoken, when),
        )

    async def on(self, request: Request, signed: Signed) -> Response:
        """Switch it on; refused, with what is missing, before everything is confirmed."""
        form = posted(request)
        read = read_procedure(form)
        if isinstance(read, dict):
            typed = {name: form.get(name, "")[: 2 * MOST] for name in (*ASKED, *CONFIRMED)}
            return await self._back(Note(wrongs=read, typed=typed))
        await self._switching.switch_on(signed, read)
        return await self._back(Note(about="on"))

    async def off(self, request: Request, signed: Signed) -> Response:
        """Switch it off."""
        await self._switching.switch_off(signed)
        return await self._back(Note(about="off"))

    async def sorts(self, request: Request, signed: Signed) -> Response:
        """Take a sort of file besides photos, or take it no more."""
        form = posted(request)
        if form.get("sort", "") not in (Sort.SOUND.value, Sort.PAPER.value) or form.get("to", "") not in ("on", "off"):
            raise NotThere("no such sort")
        done = await self._switching.switch_sort(signed, Sort(form["sort"]), is_on=form["to"] == "on")
        return await self._back(Note(about=f"sort_{form['to']}") if done else Note(phrase="desk.files.sort_refused"))

    async def _held(self, signed: Signed) -> list[tuple[HeldFile, Account | None]]:
        """Every file that is held, with what was written down about its decision, as far as her keys open it."""
        found = []
        for one in await self._freezing.everything():
            row = await self._services.entries.one(signed, one.held.entry) if one.held.entry else None
            found.append((one, None if row is None else row.account))
        return found

    async def _file(self, request: Request, signed: Signed, how: How) -> Response:
        opened, kind = await self._showing.open(signed, *_ids(request), how)
        name = f"{_NAMES[sort_of(kind)]}-{how}.{_ENDINGS.get(kind, 'bin')}"
        # Bytes, not a picture: whatever a browser makes of an attachment, it shall not make a page of it.
        response = Response(opened, 200, media_type="application/octet-stream")
        response.headers["content-disposition"] = f'attachment; filename="{name}"'
        return _alone(response)

    async def _back(self, note: Note) -> Response:
        return see_other(await leave_note(self._services.passes, FILES, note))


def _alone(response: Response) -> Response:
    response.headers["content-security-policy"] = PICTURE_POLICY
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["cache-control"] = "no-store"
    return response


def _ids(request: Request) -> tuple[bytes, bytes]:
    try:
        return from_text(request.path_params["id"], ID_SIZE), from_text(request.path_params["file"], ID_SIZE)
    except ValueError:
        raise NotThere("no such picture") from None
