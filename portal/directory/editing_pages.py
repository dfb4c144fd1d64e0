"""The desk's pages to keep the directory: an organisation and its services, written, looked over, taken out."""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.directory import kinds
from portal.directory.book import HasServices
from portal.directory.form import (
    LONGEST,
    LONGEST_TEXT,
    ROWS,
    Typed,
    organisation_typed,
    read_organisation_form,
    read_service_form,
    service_typed,
    typed_again,
)
from portal.directory.pages import DIRECTORY, row_of
from portal.directory.phones import country_of
from portal.errors import NotThere
from portal.ids import to_text
from portal.records.form import tongue_names
from portal.staff.drawing import draw, tongue_of
from portal.staff.forms import FormWrong
from portal.staff.guard import Handler, desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import KIB
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

# What a service does stands in it in twenty languages, and a posted letter may take nine signs.
_SERVICE_LIMIT = 256 * KIB


class EditingPages:
    """What a directory editor does."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.directory

    def routes(self) -> list[Route]:
        """The addresses of these pages. They stand before `/desk/directory/{note}`: a word of ours is no pass."""
        keep, look_over = Right.KEEP_DIRECTORY, Right.REVIEW_DIRECTORY
        house, one = f"{DIRECTORY}/organisation", f"{DIRECTORY}/service"
        return [
            *self._form(f"{DIRECTORY}/add", self.new_organisation, self.add_organisation),
            *self._form(f"{house}/{{row}}/change", self.organisation, self.change_organisation),
            *self._form(f"{house}/{{row}}/add", self.new_service, self.add_service),
            *self._form(f"{one}/{{row}}/change", self.service, self.change_service),
            Route(f"{house}/{{row}}/remove", desk_page(self.remove_organisation, keep), methods=["POST"]),
            Route(f"{one}/{{row}}/remove", desk_page(self.remove_service, keep), methods=["POST"]),
            Route(f"{one}/{{row}}/right", desk_page(self.review, look_over), methods=["POST"]),
        ]

    def _form(self, path: str, shows: Handler, takes: Handler) -> list[Route]:
        keep = Right.KEEP_DIRECTORY
        return [
            Route(path, desk_page(shows, keep), methods=["GET"]),
            Route(path, desk_page(takes, keep, limit=_SERVICE_LIMIT), methods=["POST"]),
            Route(f"{path}/{{note}}", desk_page(shows, keep), methods=["GET"]),
        ]

    async def new_organisation(self, request: Request, signed: Signed) -> Response:
        """The empty form of an organisation."""
        return await self._organisation_form(request, signed, organisation_typed(None))

    async def add_organisation(self, request: Request, signed: Signed) -> Response:
        """Write a new one; its first service comes next."""
        try:
            row = await self._book.add_organisation(signed, read_organisation_form(posted(request)))
        except FormWrong as wrong:
            return await self._again(request, wrong)
        return see_other(f"{DIRECTORY}/organisation/{to_text(row)}")

    async def organisation(self, request: Request, signed: Signed) -> Response:
        """The form of one that stands there."""
        found = await self._book.organisation(row_of(request))
        if found is None:
            raise NotThere("no such organisation")
        return await self._organisation_form(request, signed, organisation_typed(found[0]))

    async def change_organisation(self, request: Request, signed: Signed) -> Response:
        """Write it anew."""
        row = row_of(request)
        try:
            await self._book.change_organisation(signed, row, read_organisation_form(posted(request)))
        except FormWrong as wrong:
            return await self._again(request, wrong)
        return see_other(f"{DIRECTORY}/organisation/{to_text(row)}")

    async def remove_organisation(self, request: Request, signed: Signed) -> Response:
        """Take one out that has no service any more."""
        row = row_of(request)
        try:
            await self._book.remove_organisation(signed, row)
        except HasServices:
            return see_other(f"{DIRECTORY}/organisation/{to_text(row)}")
        return see_other(DIRECTORY)

    async def new_service(self, request: Request, signed: Signed) -> Response:
        """The empty form of a service."""
        if await self._book.organisation(row_of(request)) is None:
            raise NotThere("no such organisation")
        return await self._service_form(request, signed, service_typed(None))

    async def add_service(self, request: Request, signed: Signed) -> Response:
        """Write a new one."""
        row = row_of(request)
        try:
            made = await self._book.add_service(signed, row, read_service_form(posted(request), await self._country()))
        except FormWrong as wrong:
            return await self._again(request, wrong)
        return see_other(DIRECTORY if made is None else f"{DIRECTORY}/service/{to_text(made)}")

    async def service(self, request: Request, signed: Signed) -> Response:
        """The form of one that stands there."""
        found = await self._book.service(row_of(request))
        if found is None:
            raise NotThere("no such service")
        return await self._service_form(request, signed, service_typed(found.service))

    async def change_service(self, request: Request, signed: Signed) -> Response:
        """Write it anew."""
        row = row_of(request)
        try:
            entry = read_service_form(posted(request), await self._country())
        except FormWrong as wrong:
            return await self._again(request, wrong)
        await self._book.change_service(signed, row, entry)
        return see_other(f"{DIRECTORY}/service/{to_text(row)}")

    async def remove_service(self, request: Request, signed: Signed) -> Response:
        """Take one out."""
        await self._book.remove_service(signed, row_of(request))
        return see_other(DIRECTORY)

    async def review(self, request: Request, signed: Signed) -> Response:
        """Still right: one press, and on to the next stale one where she came from there."""
        row = row_of(request)
        await self._book.review(signed, row)
        from_stale = posted(request).get("from") == "stale"
        return see_other(f"{DIRECTORY}/stale" if from_stale else f"{DIRECTORY}/service/{to_text(row)}")

    async def _organisation_form(self, request: Request, signed: Signed, stands: Typed) -> Response:
        note = await read_note(self._services.passes, request.path_params)
        typed, _ = (note.typed, note.ticked) if note.wrongs else stands
        return draw(
            request,
            signed,
            "desk/directory_organisation_form.html",
            note=note,
            typed=typed,
            kinds=kinds,
            longest=LONGEST,
            longest_text=LONGEST_TEXT,
            to=_address(request),
        )

    async def _service_form(self, request: Request, signed: Signed, stands: Typed) -> Response:
        note = await read_note(self._services.passes, request.path_params)
        typed, ticked = (note.typed, note.ticked) if note.wrongs else stands
        return draw(
            request,
            signed,
            "desk/directory_service_form.html",
            note=note,
            typed=typed,
            ticked=ticked,
            kinds=kinds,
            tags=tuple(LANGUAGES),
            phone_rows=_rows(typed, "phone"),
            hour_rows=_rows(typed, "opens"),
            tongue_name=tongue_names(tongue_of(request, signed)),
            longest=LONGEST,
            longest_text=LONGEST_TEXT,
            to=_address(request),
        )

    async def _again(self, request: Request, wrong: FormWrong) -> Response:
        typed, ticked = typed_again(posted(request))
        note = Note(wrongs=wrong.wrongs, typed=typed, ticked=ticked)
        return see_other(await leave_note(self._services.passes, _address(request), note))

    async def _country(self) -> str:
        return country_of((await self._services.opening.facts()).region)


def _rows(typed: dict[str, str], name: str) -> range:
    """How many lines stand in the form: those that are filled, and one more, at least three."""
    last = max((at for at in range(ROWS) if typed.get(f"{name}{at}")), default=-1)
    return range(min(ROWS, max(3, last + 2)))


def _address(request: Request) -> str:
    """Where the form is posted: the page's own address, without a pass behind it."""
    path = request.scope["path"]
    note = request.path_params.get("note", "")
    return str(path).removesuffix(f"/{note}") if note else str(path)
