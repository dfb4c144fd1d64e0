"""The desk's page for the record of a contact that was no chat: a phone call, a tip, something else."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.errors import NotThere
from portal.ids import from_text, random_id, to_text
from portal.records.contact import (
    CHANNELS_BY_HAND,
    Channel,
    ContactRecord,
    band_of,
    blank,
    filled,
    read_minutes,
)
from portal.records.form import KEPT, TypedWrong, draw_form, note_of, read_typed
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

RECORD: Final = "/desk/record"


class ContactPages:
    """One form, and what is posted from it."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        write = Right.WRITE_RECORDS
        return [
            Route(RECORD, desk_page(self.page, write), methods=["GET"]),
            Route(RECORD, desk_page(self.keep, write), methods=["POST"]),
            Route(KEPT, desk_page(self.kept, write), methods=["GET"]),
            Route(f"{RECORD}/{{note}}", desk_page(self.page, write), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """The form. `from` in the address: by which channel somebody came."""
        note = await read_note(self._services.passes, request.path_params)
        came = note.typed.get("channel") or request.query_params.get("from", "")
        channel: Channel = came if came in CHANNELS_BY_HAND else CHANNELS_BY_HAND[0]
        record = replace(
            await self._by_the_clock(blank(channel)),
            minutes=read_minutes(note.typed.get("minutes", "")),
            language=note.typed.get("language", ""),
        )
        return draw_form(
            request,
            signed,
            record,
            note,
            to=RECORD,
            campaigns=self._services.desk_settings.campaigns,
            by_hand=True,
            channels=CHANNELS_BY_HAND,
            tongues=_tongues(signed),
            # Made with the form: pressed twice, it goes into the book once.
            row=note.typed.get("row") or to_text(random_id()),
        )

    async def keep(self, request: Request, signed: Signed) -> Response:
        """Into the book."""
        form = posted(request)
        try:
            row = from_text(form.get("row", ""), 16)
        except ValueError:
            raise NotThere("no such row") from None
        channel, language = form.get("channel", ""), form.get("language", "")
        if channel not in CHANNELS_BY_HAND or language not in ("", *_tongues(signed)):
            raise NotThere("no such choice")
        minutes = read_minutes(form.get("minutes", ""))
        try:
            typed = read_typed(form, self._services.desk_settings.campaigns)
        except TypedWrong as wrong:
            return await self._again(form, wrong.wrongs)
        begun = replace(await self._by_the_clock(blank(channel)), minutes=minutes, language=language, by=signed.alias)
        record = filled(begun, typed.said, typed.line, is_whole=True)
        contacts = self._services.contacts
        await contacts.put(await contacts.seal(record, row=row))
        return see_other(f"{KEPT}?row={to_text(row)}")

    async def kept(self, request: Request, signed: Signed) -> Response:
        """It is in the book; `row` in the address: which one, for whoever makes a case of it."""
        return draw(request, signed, "desk/record_kept.html", row=request.query_params.get("row", "")[:22])

    async def _by_the_clock(self, record: ContactRecord) -> ContactRecord:
        """The record with the piece of the day it is, by the house's own clock."""
        now: datetime = self._services.clock.now().astimezone((await self._services.doors.doors()).clock)
        return replace(record, hours=band_of(now.hour))

    async def _again(self, form: Form, wrongs: dict[str, str]) -> Response:
        typed = {name: form.get(name, "")[:40] for name in ("row", "channel", "minutes", "language")}
        note = note_of(form, self._services.desk_settings.campaigns, wrongs, **typed)
        return see_other(await leave_note(self._services.passes, RECORD, note))


def _tongues(signed: Signed) -> tuple[str, ...]:
    """What somebody may speak on the phone, her own languages first."""
    return tuple(dict.fromkeys((*signed.languages, *LANGUAGES, *SPOKEN)))
