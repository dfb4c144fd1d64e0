"""The desk's pages of the library: what stands in which language, the words, a look before, going back."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.errors import NotThere
from portal.library.book import LibraryFull
from portal.library.form import FIELDS, LIMIT, read_section, read_text, strange_numbers, typed
from portal.library.markdown import drawn
from portal.library.stock import AWAY, Stock
from portal.library.text import LONGEST, PAGES, Section, Text
from portal.numbers import numbers
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

LIBRARY: Final = "/desk/library"
_ONE: Final = f"{LIBRARY}/{{name}}/{{tag}}"
_NEW: Final = "new"
_LONGEST_READER: Final = 80


class LibraryDesk:
    """What the staff keeps of the pages to read."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._library = services.library

    def routes(self) -> list[Route]:
        """The addresses of these pages. Words are written by one right and shown to everybody by another."""
        edit, publish = Right.EDIT_LIBRARY, Right.PUBLISH_LIBRARY
        return [
            Route(LIBRARY, desk_page(self.list, edit), methods=["GET"]),
            Route(f"{LIBRARY}/begin", desk_page(self.begin, edit, limit=LIMIT), methods=["POST"]),
            Route(f"{LIBRARY}/{{name}}", desk_page(self.piece, edit), methods=["GET"]),
            Route(_ONE, desk_page(self.text, edit), methods=["GET"]),
            Route(f"{_ONE}/look", desk_page(self.look, edit, limit=LIMIT), methods=["POST"]),
            Route(f"{_ONE}/write", desk_page(self.write, edit, limit=LIMIT), methods=["POST"]),
            Route(f"{_ONE}/show", desk_page(self.show, publish), methods=["POST"]),
            Route(f"{_ONE}/{{note}}", desk_page(self.text, edit), methods=["GET"]),
        ]

    async def list(self, request: Request, signed: Signed) -> Response:
        """Every piece: its languages, how many are behind their original, how many wait to be shown."""
        stock, drafted = await self._library.now(), await self._library.drafted()
        names = dict.fromkeys((*stock.names, *(name for name, _ in drafted)))
        tongue = signed.tongue
        rows = [(name, await self._title(stock, name, tongue), *_counted(stock, drafted, name)) for name in names]
        return draw(request, signed, "desk/library_list.html", rows=rows)

    async def piece(self, request: Request, signed: Signed) -> Response:
        """One piece in every language."""
        name = request.path_params["name"]
        stock, drafted = await self._library.now(), await self._library.drafted()
        await self._known(stock, name)
        rows = [
            (language, stock.shown(name, tag), stock.is_stale(name, tag), drafted.get((name, tag), 0))
            for tag, language in LANGUAGES.items()
        ]
        title = await self._title(stock, name, signed.tongue)
        return draw(request, signed, "desk/library_piece.html", name=name, title=title, rows=rows, away=AWAY)

    async def text(self, request: Request, signed: Signed) -> Response:
        """The form for one piece in one language, its look, and every version there was."""
        name, tag = request.path_params["name"], _tag(request)
        note, stock = await read_note(self._services.passes, request.path_params), await self._library.now()
        if name == _NEW:
            section, place = None, ""
        else:
            section, place = await self._known(stock, name)
        history, original = await self._library.history(name, tag), stock.original(name)
        shown = stock.shown(name, tag)
        fields = note.typed or _fields(history[0].text if history else None, original, tag)
        aliases = {person.id: person.alias for person in await self._services.staff.accounts.everyone()}
        looked = _looked(note, section or Section.RELEASES, place) if note.about == "looked" else None
        return draw(
            request,
            signed,
            "desk/library_text.html",
            name=name,
            spoken=LANGUAGES[tag],
            note=note,
            fields=fields,
            is_page=section is None or section in PAGES,
            sections=list(Section) if section is None else [],
            countries=[country.id for country in numbers().countries],
            original=original if original is not None and original[0] != tag else None,
            is_stale=stock.is_stale(name, tag),
            shown=shown,
            history=[(each, aliases.get(each.by, "")) for each in history],
            longest=LONGEST,
            looked=looked,
            body=drawn(looked.body) if looked is not None else "",
            strange=strange_numbers(looked) if looked is not None else [],
            is_new=name == _NEW,
        )

    async def look(self, request: Request, signed: Signed) -> Response:
        """Draw what was typed as readers would see it; nothing is kept."""
        told = typed(posted(request))
        try:
            await self._read(request, told)
        except FormWrong as wrong:
            return await self._back(request, Note(wrongs=wrong.wrongs, typed=told))
        return await self._back(request, Note(about="looked", typed=told))

    async def write(self, request: Request, signed: Signed) -> Response:
        """Keep what was typed as a new version. Readers see it when somebody shows it."""
        told, name = typed(posted(request)), request.path_params["name"]
        try:
            text = await self._read(request, told)
            await self._library.write(signed, name, _tag(request), text)
        except FormWrong as wrong:
            return await self._back(request, Note(wrongs=wrong.wrongs, typed=told))
        except LibraryFull as full:
            return await self._back(request, Note(wrongs={"title": full.phrase}, typed=told))
        return await self._back(request, Note(about="written"))

    async def begin(self, request: Request, signed: Signed) -> Response:
        """Keep what was typed as the first version of a new piece, in the language it was written in."""
        told, tag = typed(posted(request)), posted(request).get("tag", "")
        if tag not in LANGUAGES:
            return see_other(LIBRARY)
        to = f"{LIBRARY}/{_NEW}/{tag}"
        try:
            section, place = read_section(told)
            name = await self._library.begin(signed, tag, read_text(told, section, place))
        except FormWrong as wrong:
            return see_other(await leave_note(self._services.passes, to, Note(wrongs=wrong.wrongs, typed=told)))
        except LibraryFull as full:
            note = Note(wrongs={"title": full.phrase}, typed=told)
            return see_other(await leave_note(self._services.passes, to, note))
        return see_other(await leave_note(self._services.passes, f"{LIBRARY}/{name}/{tag}", Note(about="written")))

    async def show(self, request: Request, signed: Signed) -> Response:
        """Show a version to everybody, an older one too, or none."""
        name, tag, form = request.path_params["name"], _tag(request), posted(request)
        await self._known(await self._library.now(), name)
        number = _number(form.get("number", ""))
        reader = " ".join(form.get("reader", "").split())[:_LONGEST_READER]
        if number is None or not await self._library.show(signed, name, tag, number, reader):
            return await self._back(request, Note())
        return await self._back(request, Note(about="away" if number == AWAY else "shown"))

    async def _read(self, request: Request, told: dict[str, str]) -> Text:
        name = request.path_params["name"]
        if name == _NEW:
            return read_text(told, *read_section(told))
        return read_text(told, *await self._known(await self._library.now(), name))

    async def _known(self, stock: Stock, name: str) -> tuple[Section, str]:
        """Where a piece stands. Raises NotThere for one that nobody wrote and that does not ship."""
        original = stock.original(name)
        if original is not None:
            return original[1].section, original[1].place
        for tag in LANGUAGES:
            for version in await self._library.history(name, tag):
                return version.text.section, version.text.place
        raise NotThere("no such piece")

    async def _title(self, stock: Stock, name: str, tongue: str) -> str:
        """In the language of whoever looks, where the piece stands in it."""
        if hers := stock.shown(name, tongue).text:
            return hers.title
        original = stock.original(name)
        if original is not None:
            return original[1].title
        found = [each for tag in LANGUAGES for each in await self._library.history(name, tag)]
        return found[0].text.title if found else name

    async def _back(self, request: Request, note: Note) -> Response:
        to = f"{LIBRARY}/{request.path_params['name']}/{_tag(request)}"
        return see_other(await leave_note(self._services.passes, to, note))


def _number(typed: str) -> int | None:
    """The version that is named, or that nothing is to be shown; None for what is no version a house could have."""
    digits = typed.removeprefix("-")
    number = int(typed) if digits.isascii() and digits.isdecimal() and len(digits) < 5 else None
    return number if number is not None and number >= AWAY else None


def _tag(request: Request) -> str:
    tag = str(request.path_params["tag"])
    if tag not in LANGUAGES:
        raise NotThere("no such language")
    return tag


def _counted(stock: Stock, drafted: dict[tuple[str, str], int], name: str) -> tuple[int, int, int]:
    """In how many languages it stands, is behind its original, waits to be shown."""
    here = [(stock.shown(name, tag), tag) for tag in LANGUAGES]
    waiting = sum(drafted.get((name, tag), 0) > max(shown.number, 0) for shown, tag in here)
    stale = sum(stock.is_stale(name, tag) for _, tag in here)
    return sum(shown.text is not None for shown, _ in here), stale, waiting


def _fields(text: Text | None, original: tuple[str, Text] | None, tag: str) -> dict[str, str]:
    """What stands in the form: the words in this language, and which original they are to follow."""
    is_own = original is None or original[0] == tag
    of = "" if is_own or original is None else original[1].digest
    found = {name: str(getattr(text, name, "")) for name in FIELDS} if text is not None else dict.fromkeys(FIELDS, "")
    return {**found, "of": of}


def _looked(note: Note, section: Section, place: str) -> Text | None:
    try:
        told = dict(note.typed)
        return read_text(told, Section(told["section"]) if told.get("section") else section, place)
    except (FormWrong, ValueError):
        return None
