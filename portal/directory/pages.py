"""The desk's pages to look something up in the directory: what is found, one service, one organisation."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.directory import kinds
from portal.directory.book import Listed
from portal.directory.card import Cards
from portal.directory.finding import Wanted
from portal.directory.form import LONGEST
from portal.directory.phones import country_of, shown
from portal.directory.regarding import read_regarding
from portal.errors import NotThere
from portal.ids import from_text, random_id, to_text
from portal.records.form import tongue_names
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import NOTHING, Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

DIRECTORY: Final = "/desk/directory"
FOUND: Final = "found"
SENT: Final = "sent"


class DirectoryPages:
    """Finding, and reading. Nothing of either is written down: what was looked up would tell of a person."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.directory
        self._cards = Cards(services.pages.catalogue)

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        see = Right.SEE_DIRECTORY
        return [
            Route(DIRECTORY, desk_page(self.page, see), methods=["GET"]),
            Route(f"{DIRECTORY}/find", desk_page(self.find, see), methods=["POST"]),
            Route(f"{DIRECTORY}/stale", desk_page(self.stale, see), methods=["GET"]),
            Route(f"{DIRECTORY}/service/{{row}}", desk_page(self.service, see), methods=["GET"]),
            Route(f"{DIRECTORY}/service/{{row}}/{{note}}", desk_page(self.service, see), methods=["GET"]),
            Route(f"{DIRECTORY}/organisation/{{row}}", desk_page(self.organisation, see), methods=["GET"]),
            Route(f"{DIRECTORY}/{{note}}", desk_page(self.page, see), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """The form, and what came of it; before anything was asked, the first of all."""
        note = await read_note(self._services.passes, request.path_params)
        wanted = wanted_of(note)
        every, stale = await self._book.how_many()
        leaf = await self._book.find(wanted)
        return draw(
            request,
            signed,
            "desk/directory.html",
            wanted=wanted,
            is_asked=note.about == FOUND,
            leaf=leaf,
            rows=[(to_text(each.id), each) for each in leaf.rows],
            every=every,
            stale=stale,
            note=note,
            **await self.words(request, signed, note),
        )

    async def find(self, request: Request, signed: Signed) -> Response:
        """What was asked goes along under a pass: words and choices stand in no address, and in no book."""
        wanted = read_wanted(posted(request))
        typed = {name: value for name, value in asdict(wanted).items() if isinstance(value, str)}
        typed |= {name: posted(request).get(name, "")[:80] for name in ("for", "in")}
        return see_other(await leave_note(self._services.passes, DIRECTORY, Note(about=FOUND, typed=typed)))

    async def stale(self, request: Request, signed: Signed) -> Response:
        """What nobody looked over for too long."""
        leaf = await self._book.stale()
        rows = [(to_text(each.id), each) for each in leaf.rows]
        more = await self.words(request, signed)
        return draw(request, signed, "desk/directory_stale.html", leaf=leaf, rows=rows, **more)

    async def service(self, request: Request, signed: Signed) -> Response:
        """One service, whole."""
        found = await self._book.service(row_of(request))
        if found is None:
            raise NotThere("no such service")
        note, more = await read_note(self._services.passes, request.path_params), await self.words(request, signed)
        held = await self._services.carriers.held(signed) if signed.may(Right.TAKE_CHATS) else ()
        return draw(
            request,
            signed,
            "desk/directory_service.html",
            row=to_text(found.id),
            at=found,
            owner=to_text(found.organisation_id),
            by=await self._alias(found),
            held=[(to_text(each.id), each) for each in held],
            part=to_text(random_id()),
            sent=note.about == SENT,
            wrong=note.phrase,
            card=self._cards.text(LANGUAGES[more["into"]], found, more["country"]),
            tags=tuple(LANGUAGES),
            **more,
        )

    async def organisation(self, request: Request, signed: Signed) -> Response:
        """One organisation, with its services."""
        row = row_of(request)
        found = await self._book.organisation(row)
        if found is None:
            raise NotThere("no such organisation")
        entry, listed = found
        rows = [(to_text(each.id), each) for each in listed]
        more = await self.words(request, signed)
        return draw(
            request, signed, "desk/directory_organisation.html", row=to_text(row), entry=entry, rows=rows, **more
        )

    async def words(self, request: Request, signed: Signed, note: Note = NOTHING) -> dict[str, Any]:
        """What every page of the directory shows entries with, and whom the search is for: said in the address of a
        page that was opened for her, and from there on along with what is asked.
        """
        country = country_of((await self._services.opening.facts()).region)
        regarding = read_regarding(note.typed.get("for", "") or request.query_params.get("for", ""))
        into = note.typed.get("in", "") or request.query_params.get("in", "")
        into = into if into in LANGUAGES else tongue_of(request, signed)
        return {
            "regarding": regarding,
            "into": into,
            "country": country,
            "onward": f"?for={regarding.text}&in={into}" if regarding.about else "",
            "kinds": kinds,
            "number": lambda number: shown(number, country),
            "tongue_name": tongue_names(tongue_of(request, signed)),
            "longest": LONGEST,
        }

    async def _alias(self, found: Listed) -> str:
        person = await self._services.staff.accounts.person(found.reviewed_by) if found.reviewed_by else None
        return "" if person is None else person.alias


def row_of(request: Request) -> bytes:
    """The entry an address names. Raises NotThere."""
    try:
        return from_text(request.path_params["row"], 16)
    except ValueError:
        raise NotThere("no such entry") from None


def read_wanted(form: Form) -> Wanted:
    """What is looked for; a code that is none of ours counts for nothing."""
    offered = {
        "region": kinds.regions(),
        "need": kinds.NEEDS,
        "language": kinds.tongues(),
        "kind": kinds.KINDS,
        "sub": kinds.SUBS,
        "area": kinds.AREAS,
        "phase": kinds.PHASES,
        "population": kinds.POPULATIONS,
    }
    chosen: dict[str, Any] = {
        name: code if (code := form.get(name, "")) in codes else "" for name, codes in offered.items()
    }
    return Wanted(typed=" ".join(form.get("typed", "").split())[:LONGEST], **chosen)


def wanted_of(note: Note) -> Wanted:
    """What a note says was looked for."""
    return read_wanted(Form(list(note.typed.items()))) if note.about == FOUND else Wanted()
