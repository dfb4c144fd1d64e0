"""The desk's page on which something of a case is handed over: to whom, of which person, which things, as what."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.consent.about import of_case
from portal.consent.form import ORGANISATION, PERSON
from portal.consent.pages import CONSENTS, offered
from portal.consent.rule import NOBODY, MayNotLeave
from portal.consent.terms import FITS, LEVELS, Purpose, Recipient, What, Whom
from portal.duty.reading_out import reading
from portal.errors import Away, NotThere, PorchlightError
from portal.ids import from_text, to_text
from portal.records.case_file import FORMS, OFFERED, as_json, as_text
from portal.records.case_handing import CaseHanding, Wish
from portal.records.case_page import case_named
from portal.records.case_pages import CASES
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.proving import Proving
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.headers import FILE_POLICY
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

# Which police is said here: a file goes to somebody, not to anybody.
OFFICES: Final = {
    **{f"police.{level}": Recipient(Whom.POLICE, level) for level in LEVELS[1:]},
    **{whom.value: Recipient(whom) for whom in (Whom.CHILD_PROTECTION, Whom.EMERGENCY, Whom.COURT, Whom.HERSELF)},
}
_LONGEST: Final = 120
_FIELDS: Final = ("to", "name", "purpose", "person", "form")


class CaseHandingPages:
    """The form, and the file behind its pass. A passphrase is asked for: whoever finds a desk open takes no file."""

    def __init__(self, services: "Services", proving: Proving) -> None:
        self._services = services
        self._proving = proving
        self._handing = CaseHanding(services)

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        work, one = Right.WORK_CASES, f"{CASES}/{{case}}/hand"
        return [
            Route(one, desk_page(self.page, work), methods=["GET"]),
            Route(one, desk_page(self.ask, work), methods=["POST"]),
            Route(f"{one}/file/{{key}}", desk_page(self.file, work), methods=["GET"]),
            Route(f"{one}/{{note}}", desk_page(self.page, work), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """To whom, which things, of whom."""
        case_id = case_named(request)
        whole = await self._services.cases.whole(signed, case_id)
        about = of_case(whole)
        rows = await self._services.consents.of(signed, about.family)
        return draw(
            request,
            signed,
            "desk/case_hand.html",
            at=to_text(case_id),
            about=about.text,
            whose=[(to_text(each.id), each) for each in whole.people if each.body],
            services=await offered(self._services, signed, about, rows),
            offices=tuple(OFFICES),
            person_reader=PERSON,
            things=OFFERED,
            purposes=tuple(Purpose),
            forms=FORMS,
            consents=CONSENTS,
            note=await read_note(self._services.passes, request.path_params),
        )

    async def ask(self, request: Request, signed: Signed) -> Response:
        """A way to the file for a minute, where the gate would let it go and she proved that it is her."""
        case_id, form = case_named(request), posted(request)
        try:
            wish = _wish(case_id, form)
            await self._proving.prove(signed, form.get("passphrase", ""))
            key = await self._handing.ask(signed, wish)
        except (Away, NotThere):
            raise
        except MayNotLeave as refused:
            await self._services.staff.journal.refused("gate.refused", signed.staff_id, case_id)
            return await self._again(
                case_id, form, refused.phrase, [each.value for each in What if each in refused.missing]
            )
        except PorchlightError as refused:
            return await self._again(case_id, form, refused.phrase)
        return see_other(f"{CASES}/{to_text(case_id)}/hand/file/{key}")

    async def file(self, request: Request, signed: Signed) -> Response:
        """The file itself: the gate is asked once more, nothing on the way keeps it, no browser shows it as ours."""
        handed = await self._handing.leave(signed, request.path_params["key"])
        if handed.wish.case != case_named(request):
            raise NotThere("not the file of this case")
        if handed.wish.form == "json":
            body, kind, end = as_json(handed.sheet), "application/json", "json"
        else:
            spoken = tongue_of(request, signed)
            says = partial(self._services.pages.catalogue.phrase, LANGUAGES[spoken])
            said = reading(self._services.pages.catalogue, spoken)
            body, kind, end = as_text(handed.sheet, says, said), "text/plain; charset=utf-8", "txt"
        response = Response(body, 200, headers={"content-type": kind})
        name = f"case-{handed.sheet.number.replace(' ', '-')}.{end}"
        response.headers["content-disposition"] = f'attachment; filename="{name}"'
        response.headers["content-security-policy"] = FILE_POLICY
        response.headers["cache-control"] = "no-store"
        return response

    async def _again(self, case_id: bytes, form: Form, phrase: str, missing: Sequence[str] = ()) -> Response:
        typed = {name: form.get(name, "")[:_LONGEST] for name in _FIELDS}
        ticked = {"what": form.many("what")[: len(What)], "missing": list(missing)}
        note = Note(phrase=phrase, typed=typed, ticked=ticked)
        return see_other(await leave_note(self._services.passes, f"{CASES}/{to_text(case_id)}/hand", note))


class NotChosen(PorchlightError):
    """To whom, or which things, was left open."""

    phrase: ClassVar[str] = "gate.wrong.hand"
    status: ClassVar[int] = 422


def _wish(case_id: bytes, form: Form) -> Wish:
    """What a form asks for. Raises NotChosen, NotThere."""
    to, name = form.get("to", ""), " ".join(form.get("name", "").split())[:_LONGEST]
    reader = OFFICES.get(to)
    if to == PERSON:
        reader = Recipient(Whom.PERSON, name)
    elif to.startswith(ORGANISATION):
        reader = Recipient(Whom.ORGANISATION, to.removeprefix(ORGANISATION)[:_LONGEST])
    what = tuple(each for each in OFFERED if each.value in form.many("what"))
    if reader is None or not reader.is_whole or not what:
        raise NotChosen("nobody, or nothing")
    # Of an office that only an exception reaches it is a report; of the others what fits first, unless she said.
    fitting = FITS.get(reader.whom, (Purpose.REPORT,))
    purpose = next((each for each in fitting if each.value == form.get("purpose", "")), fitting[0])
    try:
        person = from_text(form.get("person", ""), 16) if form.get("person", "") else NOBODY
    except ValueError:
        raise NotThere("no such person") from None
    chosen = next((each for each in FORMS if each == form.get("form", "")), FORMS[0])
    return Wish(case=case_id, whom=reader.whom, key=reader.key, what=what, purpose=purpose, person=person, form=chosen)
