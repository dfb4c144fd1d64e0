"""The desk's page that asks the gate what of a case an office may be told, and then shows exactly that, to read out."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.consent.about import Things
from portal.consent.rule import NOBODY, Leaving, MayNotLeave
from portal.consent.terms import Kind, Purpose, Subject, What
from portal.duty.form import OFFICES
from portal.duty.reading_out import reading
from portal.duty.telling import to_tell
from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.records.case_page import case_named
from portal.records.case_pages import CASES
from portal.records.case_words import spoken
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

NOTHING_CHOSEN: Final = "gate.wrong.what"
NOBODY_CHOSEN: Final = "gate.wrong.to"


class TellingPages:
    """Nothing is sent. What is shown stands behind a pass of a minute: she reads it out, and it is gone."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._things = Things(services)

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        work, one = Right.WORK_CASES, f"{CASES}/{{case}}/tell"
        return [
            Route(one, desk_page(self.page, work), methods=["GET"]),
            Route(one, desk_page(self.ask, work), methods=["POST"]),
            Route(f"{one}/{{note}}", desk_page(self.page, work), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """To whom, what, and whose; after the gate has answered, what may be read out, or what is missing."""
        case_id = case_named(request)
        about = await self._things.open(signed, Subject(Kind.CASE, case_id))
        note = await read_note(self._services.passes, request.path_params)
        return draw(
            request,
            signed,
            "desk/case_tell.html",
            at=to_text(case_id),
            number=spoken(case_id),
            about=about,
            whose=[(to_text(each.id), each) for each in about.people if each.body],
            offices=tuple(OFFICES),
            things=tuple(What),
            note=note,
        )

    async def ask(self, request: Request, signed: Signed) -> Response:
        """Ask the gate, in the name of whoever reads it out: all that was ticked, or nothing."""
        case_id, form = case_named(request), posted(request)
        about = await self._things.open(signed, Subject(Kind.CASE, case_id))
        to, what = OFFICES.get(form.get("to", "")), frozenset(each for each in What if each in form.many("what"))
        wrongs = {} if to else {"to": NOBODY_CHOSEN}
        wrongs |= {} if what else {"what": NOTHING_CHOSEN}
        if to is None or wrongs:
            return await self._again(case_id, form, Note(wrongs=wrongs))
        whole = await self._services.cases.whole(signed, case_id)
        leaving = Leaving(
            about=about.family, to=to, what=what, purpose=Purpose.REPORT, person=about.key_of(_person(form))
        )
        try:
            passage = await self._services.gate.may_leave(signed, leaving)
        except MayNotLeave as refused:
            missing = [each.value for each in What if each in refused.missing]
            return await self._again(case_id, form, Note(phrase=refused.phrase, ticked={"missing": missing}))
        said = reading(self._services.pages.catalogue, tongue_of(request, signed))
        told = {what.value: [said(fact) for fact in facts] for what, facts in to_tell(passage, whole).items()}
        return await self._again(case_id, form, Note(about=passage.ground, ticked={"told": list(told), **told}))

    async def _again(self, case_id: bytes, form: Form, note: Note) -> Response:
        typed = {name: form.get(name, "")[:40] for name in ("to", "person")}
        ticked = {"what": [each.value for each in What if each in form.many("what")], **note.ticked}
        kept = Note(about=note.about, phrase=note.phrase, wrongs=note.wrongs, typed=typed, ticked=ticked)
        return see_other(await leave_note(self._services.passes, f"{CASES}/{to_text(case_id)}/tell", kept))


def _person(form: Form) -> bytes:
    """Whose words they are; empty for whoever made contact. Raises NotThere."""
    typed = form.get("person", "")
    try:
        return from_text(typed, 16) if typed else NOBODY
    except ValueError:
        raise NotThere("no such person") from None
