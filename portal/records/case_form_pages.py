"""The desk's forms of a case: its facts, and each person in it."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.records.case_fields import CASE_FIELDS, CASE_WORDS, NAMES, PERSON_FIELDS, PERSON_WORDS
from portal.records.case_page import case_named
from portal.records.case_pages import CASES
from portal.records.case_room import CaseRoom
from portal.records.case_shapes import ChangedMeanwhile, Person, Whole
from portal.records.case_words import PersonBody, WordsTooLong, case_of, person_of, read_words, spoken
from portal.records.contact import read_said
from portal.records.fields import MISSING
from portal.records.form import tongue_names
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

NEW: Final = "new"


class CaseFormPages:
    """Two forms, and what is posted from them."""

    def __init__(self, services: "Services", room: CaseRoom) -> None:
        self._services = services
        self._room = room

    def routes(self) -> list[Route]:
        """The addresses of these forms."""
        work, one = Right.WORK_CASES, f"{CASES}/{{case}}"
        return [
            Route(f"{one}/facts", desk_page(self.facts, work), methods=["GET"]),
            Route(f"{one}/facts", desk_page(self.keep_facts, work), methods=["POST"]),
            Route(f"{one}/facts/{{note}}", desk_page(self.facts, work), methods=["GET"]),
            Route(f"{one}/person/{{person}}", desk_page(self.person, work), methods=["GET"]),
            Route(f"{one}/person/{{person}}", desk_page(self.keep_person, work), methods=["POST"]),
            Route(f"{one}/person/{{person}}/{{note}}", desk_page(self.person, work), methods=["GET"]),
        ]

    async def facts(self, request: Request, signed: Signed) -> Response:
        """What a case says, to be changed."""
        case = await self._room.book.open(signed, case_named(request))
        note = await read_note(self._services.passes, request.path_params)
        said = {name: tuple(codes) for name, codes in note.ticked.items()} if note.typed else case.body.said
        return draw(
            request,
            signed,
            "desk/case_facts.html",
            at=to_text(case.id),
            number=spoken(case.id),
            case=case,
            said=said,
            words=note.typed or case.body.words,
            revision=note.typed.get("revision") or case.revision,
            note=note,
            fields=CASE_FIELDS,
            limits={name: limit for name, limit in CASE_WORDS.items() if name != "closure"},
            missing=MISSING,
        )

    async def keep_facts(self, request: Request, signed: Signed) -> Response:
        """What was said of it, unless somebody changed it meanwhile."""
        case_id, form = case_named(request), posted(request)
        whole = await self._room.book.whole(signed, case_id)
        wrongs: dict[str, str] = {}
        try:
            body = case_of(form, whole.case.body)
            if await self._repeats(signed, whole, body.words):
                wrongs["situation"] = "cases.wrong.own_words"
            else:
                await self._room.book.change(signed, whole.case.id, body, _number(form))
                return see_other(f"{CASES}/{to_text(whole.case.id)}")
        except WordsTooLong as long:
            wrongs = dict.fromkeys(long.names, "records.wrong.too_long")
        except ChangedMeanwhile as meanwhile:
            wrongs["meanwhile"] = meanwhile.phrase
        typed = {name: form.get(name, "")[: 2 * limit] for name, limit in CASE_WORDS.items()}
        # Her next press is meant: she has seen what stands there now.
        typed["revision"] = str(whole.case.revision)
        ticked = {name: list(codes) for name, codes in read_said(form, CASE_FIELDS).items()}
        note = Note(wrongs=wrongs, typed=typed, ticked=ticked)
        return see_other(await leave_note(self._services.passes, f"{CASES}/{to_text(case_id)}/facts", note))

    async def person(self, request: Request, signed: Signed) -> Response:
        """A person of a case, or a new one."""
        whole = await self._room.book.whole(signed, case_named(request))
        person = self._named(request, whole)
        note = await read_note(self._services.passes, request.path_params)
        body = PersonBody() if person is None or person.body is None else person.body
        names = {} if person is None or person.names is None else person.names.words
        said = {name: tuple(codes) for name, codes in note.ticked.items()} if note.typed else body.said
        return draw(
            request,
            signed,
            "desk/case_person.html",
            at=to_text(whole.case.id),
            number=spoken(whole.case.id),
            person=person,
            row=NEW if person is None else to_text(person.id),
            said=said,
            words=note.typed or body.words,
            names=note.typed or names,
            is_closed=person is not None and person.has_names and person.names is None,
            revision=note.typed.get("revision") or (1 if person is None else person.revision),
            note=note,
            fields=PERSON_FIELDS,
            limits=PERSON_WORDS,
            name_limits=NAMES,
            missing=MISSING,
            tongue_name=tongue_names(tongue_of(request, signed)),
        )

    async def keep_person(self, request: Request, signed: Signed) -> Response:
        """What was said of her. `do` is `gone`: she is taken out for good."""
        form = posted(request)
        whole = await self._room.book.whole(signed, case_named(request))
        person, back = self._named(request, whole), f"{CASES}/{to_text(whole.case.id)}"
        if form.get("do") == "gone":
            if person is not None:
                await self._room.people.remove(signed, whole.case.id, person.id)
            return see_other(back)
        wrongs: dict[str, str] = {}
        try:
            body, names = person_of(form, signed.alias), read_words(form, NAMES)
            if await self._repeats(signed, whole, body.words):
                wrongs["description"] = "cases.wrong.own_words"
            else:
                await self._put(signed, whole, person, body, names, form)
                return see_other(back)
        except WordsTooLong as long:
            wrongs = dict.fromkeys(long.names, "records.wrong.too_long")
        except ChangedMeanwhile as meanwhile:
            wrongs["meanwhile"] = meanwhile.phrase
        typed = {name: form.get(name, "")[: 2 * limit] for name, limit in {**PERSON_WORDS, **NAMES}.items()}
        typed["revision"] = str(1 if person is None else person.revision)
        ticked = {name: list(codes) for name, codes in read_said(form, PERSON_FIELDS).items()}
        note = Note(wrongs=wrongs, typed=typed, ticked=ticked)
        row = NEW if person is None else to_text(person.id)
        return see_other(await leave_note(self._services.passes, f"{back}/person/{row}", note))

    async def _put(
        self, signed: Signed, whole: Whole, person: Person | None, body: PersonBody, names: dict[str, str], form: Form
    ) -> None:
        if person is None:
            await self._room.people.add(signed, whole.case.id, body, names)
            return
        # Who cannot read the names leaves them as they are, unless she writes others in their place.
        is_kept = person.has_names and person.names is None and not names
        kept = None if is_kept else names
        await self._room.people.change(signed, whole.case.id, person.id, body, kept, _number(form))

    async def _repeats(self, signed: Signed, whole: Whole, words: dict[str, str]) -> bool:
        return await self._room.repeats(signed, whole, list(words.values()))

    def _named(self, request: Request, whole: Whole) -> Person | None:
        """The person an address names; None for a new one. Raises NotThere."""
        written = request.path_params["person"]
        if written == NEW:
            return None
        try:
            row = from_text(written, 16)
        except ValueError:
            raise NotThere("no such person") from None
        for person in whole.people:
            if person.id == row:
                return person
        raise NotThere("no such person")


def _number(form: Form) -> int:
    typed = form.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
