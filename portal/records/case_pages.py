"""The desk's pages of all cases: the list, what was looked for in it, and a new case in one press."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere, PorchlightError
from portal.ids import from_text, to_text
from portal.records.case_fields import CASE_FIELDS
from portal.records.case_list import SHOWS, Choice, Leaf, Place, place_of
from portal.records.case_room import CaseRoom
from portal.records.case_words import CONTACT_KINDS, spoken
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

CASES: Final = "/desk/cases"
GONE: Final = f"{CASES}/gone"
LIST_SEEN: Final = "case.list_seen"
LONGEST: Final = 80
FINDS: Final = tuple(field for field in CASE_FIELDS if field.name in ("likelihood", "kind", "region"))


class CaseListPages:
    """The list, the finder, and the ways in."""

    def __init__(self, services: "Services", room: CaseRoom) -> None:
        self._services = services
        self._room = room

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        work = Right.WORK_CASES
        return [
            Route(CASES, desk_page(self.page, work), methods=["GET"]),
            Route(f"{CASES}/find", desk_page(self.find, work), methods=["POST"]),
            Route(f"{CASES}/found", desk_page(self.found, work), methods=["GET"]),
            Route(f"{CASES}/found/{{note}}", desk_page(self.found, work), methods=["GET"]),
            Route(GONE, desk_page(self.gone, Right.SUPERVISE_CASES), methods=["GET"]),
            Route(f"{CASES}/new", desk_page(self.new, work), methods=["POST"]),
            Route(f"{CASES}/into", desk_page(self.into, work), methods=["GET"]),
            Route(f"{CASES}/into/{{note}}", desk_page(self.into, work), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """The cases she may see, the last worked on first. `show`, `mine`, `after` in the address."""
        show = request.query_params.get("show", "open")
        choice = Choice(show if show in SHOWS else "open", request.query_params.get("mine") == "1")
        after = place_of(request.query_params.get("after", ""))
        await self._services.staff.journal.once_a_day(LIST_SEEN, signed.staff_id)
        leaf = await self._room.list.page(signed, choice, after)
        where = f"{CASES}?show={choice.show}{'&mine=1' if choice.is_mine else ''}"
        onward = "" if leaf.ends is None else f"{where}&after={_written(leaf.ends)}"
        return await self._draw(request, signed, choice, leaf, onward=onward, first=where if after else "")

    async def find(self, request: Request, signed: Signed) -> Response:
        """Words and choices stand in no address: they wait behind a pass."""
        form = posted(request)
        typed = {name: form.get(name, "")[:LONGEST] for name in ("words", "show", "after")}
        typed |= {f"f.{field.name}": form.get(field.name, "") for field in FINDS}
        return see_other(await leave_note(self._services.passes, f"{CASES}/found", Note(typed=typed)))

    async def found(self, request: Request, signed: Signed) -> Response:
        """What was looked for; where the pass is over, the list."""
        note = await read_note(self._services.passes, request.path_params)
        if not note.typed:
            return see_other(CASES)
        choice = _choice(note.typed)
        if choice.words:
            await self._services.staff.journal.write("case.searched", signed.staff_id)
        leaf = await self._room.list.page(signed, choice, place_of(note.typed.get("after", "")))
        return await self._draw(request, signed, choice, leaf, finds=True)

    async def new(self, request: Request, signed: Signed) -> Response:
        """A case from a contact, or of a call; with a number, the contact into the case of that number."""
        form = posted(request)
        if form.get("of", "") == "phone":
            return see_other(f"{CASES}/{to_text(await self._room.begin_by_phone(signed))}")
        kind, ref = _contact(form)
        number = form.get("number", "").strip()[:20]
        try:
            if number:
                case = await self._room.put_in(signed, kind, ref, number)
            else:
                case = await self._room.begin_from(signed, kind, ref)
        except PorchlightError as error:
            if not number:
                raise
            phrase = "cases.wrong.no_number" if isinstance(error, NotThere) else error.phrase
            typed = {"of": kind, "ref": to_text(ref), "number": number}
            note = Note(wrongs={"number": phrase}, typed=typed)
            return see_other(await leave_note(self._services.passes, f"{CASES}/into", note))
        return see_other(f"{CASES}/{to_text(case)}")

    async def into(self, request: Request, signed: Signed) -> Response:
        """The number of a case was not one: asked again, with the contact it was for."""
        note = await read_note(self._services.passes, request.path_params)
        if not note.typed:
            return see_other(CASES)
        return draw(request, signed, "desk/case_into.html", note=note)

    async def gone(self, request: Request, signed: Signed) -> Response:
        """What was erased, by days, and what can be shown of it."""
        staying = self._services.case_staying
        return draw(
            request,
            signed,
            "desk/case_gone.html",
            proofs=await staying.proving.proofs(),
            terms=staying.terms,
        )

    async def _draw(self, request: Request, signed: Signed, choice: Choice, leaf: Leaf, **more: Any) -> Response:
        people = {each.id: each.alias for each in await self._room.deciding.colleagues()}
        shown: Mapping[str, Any] = {"onward": "", "first": "", "finds": False, **more}
        return draw(
            request,
            signed,
            "desk/cases.html",
            choice=choice,
            rows=[(to_text(row.id), spoken(row.id), row) for row in leaf.rows],
            looked=leaf.looked,
            stopped="" if leaf.ends is None else _written(leaf.ends),
            shows=SHOWS,
            fields=FINDS,
            people=people,
            longest=LONGEST,
            terms=self._services.case_staying.terms,
            today=self._services.clock.now().date(),
            counts=await self._room.book.waiting(),
            **shown,
        )


def _choice(typed: Mapping[str, str]) -> Choice:
    said = {field.name: code for field in FINDS if (code := typed.get(f"f.{field.name}", "")) and code in field.codes}
    show = typed.get("show", "")
    return Choice(show if show in SHOWS else "open", False, said, typed.get("words", "").strip())


def _contact(form: Form) -> tuple[Any, bytes]:  # Any: one of CONTACT_KINDS
    try:
        kind, ref = form.get("of", ""), from_text(form.get("ref", ""), 16)
    except ValueError:
        raise NotThere("no such contact") from None
    if kind not in CONTACT_KINDS:
        raise NotThere("no such contact")
    return kind, ref


def _written(place: Place) -> str:
    return f"{place.touched}.{to_text(place.id)}"
