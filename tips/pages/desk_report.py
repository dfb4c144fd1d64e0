"""The desk's pages of reports: those on a tip, the form of a draft, one report, its file."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import DESK_TAGS, LANGUAGES
from portal.errors import NotThere, PorchlightError
from portal.ids import ID_SIZE, from_text, random_id, to_text
from portal.protection import protection
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.headers import FILE_POLICY
from portal.web.page import see_other
from tips.consents import Consent
from tips.pages.named import part_of, tip_of
from tips.pages.report_offer import offered, regions, typed_of
from tips.report.course import APPROVED, RETURNED, SEEN
from tips.report.draft import LONG, LONGEST_ACCOUNT, SHORT, read_draft, wrongs
from tips.report.files import Files, House, reference
from tips.report.forms import Form as FileForm
from tips.report.reading import Opened
from tips.report.refusing import REACHING, ground_of
from tips.report.reporting import Reporting, Step
from tips.report.rules import GOES_TO, Basis, Ground, Recipient, stopped

AT: Final = "/desk/tips/{id}/report"
Act = Callable[[bytes, str, Step], Awaitable[str]]
_JUDGED: Final = {"approve": APPROVED, "return": RETURNED, "seen": SEEN}


class ReportPages:
    """Reports on one tip. Nothing on these pages sends anything anywhere."""

    def __init__(self, services: Services, reporting: Reporting, files: Files) -> None:
        self._services = services
        self._reporting = reporting
        self._files = files

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        write, approve = Right.WRITE_REPORTS, Right.APPROVE_REPORTS
        return [
            Route(AT, desk_page(self.all, write), methods=["GET"]),
            Route(f"{AT}/draft", desk_page(self.draft, write), methods=["POST"]),
            Route(f"{AT}/on/{{basis}}", desk_page(self.form, write), methods=["GET"]),
            Route(f"{AT}/on/{{basis}}/{{note}}", desk_page(self.form, write), methods=["GET"]),
            Route(f"{AT}/{{report}}", desk_page(self.one, write), methods=["GET"]),
            Route(f"{AT}/{{report}}/again", desk_page(self.again, write), methods=["GET"]),
            Route(f"{AT}/{{report}}/judge", desk_page(self.judge, approve), methods=["POST"]),
            Route(f"{AT}/{{report}}/export", desk_page(self.export, write), methods=["POST"]),
            Route(f"{AT}/{{report}}/file/{{key}}", desk_page(self.file, write), methods=["GET"]),
            Route(f"{AT}/{{report}}/{{note}}", desk_page(self.one, write), methods=["GET"]),
        ]

    async def all(self, request: Request, signed: Signed) -> Response:
        """The reports on a tip, and on what a new one could rest."""
        opened = await self._reporting.look(signed, tip_of(request))
        bases = {basis: _ground(opened, basis).lets_facts for basis in Basis}
        return self._draw(request, signed, "desk/reports.html", opened, bases=bases)

    async def form(self, request: Request, signed: Signed) -> Response:
        """The form of a draft: only what may leave on this basis is offered."""
        note = await read_note(self._services.passes, request.path_params)
        opened = await self._reporting.look(signed, tip_of(request))
        return self._form(request, signed, opened, _basis(request), note)

    async def again(self, request: Request, signed: Signed) -> Response:
        """The same form, with the draft that stands in it."""
        opened = await self._reporting.look(signed, tip_of(request))
        report = opened.report(request.path_params["report"])
        typed = {"report": report.id, "step": str(report.steps), **typed_of(report.draft)}
        return self._form(request, signed, opened, report.draft.basis, Note(typed=typed))

    async def draft(self, request: Request, signed: Signed) -> Response:
        """Keep a draft for a second person to look at; with something missing the form says what, still filled."""
        tip_id, form = tip_of(request), posted(request)
        basis = _known_basis(form.get("basis", ""))
        read = read_draft(form, basis)
        report_id, number = _report_id(form), _number(form)
        missing, phrase = wrongs(read), ""
        if not missing:
            try:
                step = Step(number, part_of(form.get("part", "")))
                await self._reporting.draft(signed, tip_id, report_id, step, read, form.get("seen", ""))
                return see_other(f"{_at(tip_id)}/{report_id}")
            except NotThere:
                raise
            except PorchlightError as refused:
                if refused.status >= 500:
                    raise
                phrase = refused.phrase
        typed = {"report": report_id, "step": str(number), **typed_of(read)}
        note = Note(phrase=phrase, wrongs=missing, typed=typed)
        return see_other(await leave_note(self._services.passes, f"{_at(tip_id)}/on/{basis}", note))

    async def one(self, request: Request, signed: Signed) -> Response:
        """One report: who decided what, what would leave now, and what may be done with it."""
        note = await read_note(self._services.passes, request.path_params)
        opened = await self._reporting.look(signed, tip_of(request))
        report = opened.report(request.path_params["report"])
        spoken = LANGUAGES[tongue_of(request, signed)]
        return self._draw(
            request,
            signed,
            "desk/report.html",
            opened,
            report=report,
            note=note,
            sheet=self._files.sheet(opened, report, spoken, await self._house()),
            stopped=stopped(report.draft.fields, ground_of(opened, report.draft)),
            is_stale=frozenset(report.draft.parts) != frozenset(opened.parts),
            may_judge=signed.may(Right.APPROVE_REPORTS) and report.may_be_judged_by(signed.staff_id),
            hides_names=not opened.has_names and bool(REACHING & report.draft.fields.keys()),
            agreed=opened.standing.given.get(Consent.FACTS),
            part=to_text(random_id()),
        )

    async def judge(self, request: Request, signed: Signed) -> Response:
        """The second person's word."""
        form = posted(request)
        act = _JUDGED.get(form.get("do", ""))
        if act is None:
            raise NotThere("no such word")

        async def judged(tip_id: bytes, report_id: str, step: Step) -> str:
            await self._reporting.judge(signed, tip_id, report_id, step, act, form.get("reason", ""))
            return f"{_at(tip_id)}/{report_id}"

        return await self._back(request, judged, form)

    async def export(self, request: Request, signed: Signed) -> Response:
        """A way to the file, for a minute and for this person, once she has proved that it is her."""
        form = posted(request)
        wanted = next((each for each in get_args(FileForm) if each == form.get("form")), None)
        if wanted is None:
            raise NotThere("no such form")
        language = form.get("language", "")
        if language not in DESK_TAGS:
            language = tongue_of(request, signed)

        async def exported(tip_id: bytes, report_id: str, step: Step) -> str:
            passphrase = form.get("passphrase", "")
            key = await self._reporting.export(signed, tip_id, report_id, step, passphrase, wanted, language)
            return f"{_at(tip_id)}/{report_id}/file/{key}"

        return await self._back(request, exported, form)

    async def file(self, request: Request, signed: Signed) -> Response:
        """The file itself: kept by nobody on the way, and nothing a browser would open as a page of ours."""
        leave, opened, report = await self._reporting.leaving(signed, request.path_params["key"])
        if leave.tip != tip_of(request) or leave.report != request.path_params["report"]:
            raise NotThere("not the file of this report")
        passage = self._reporting.passage(opened, report)
        file = await self._files.file(passage, opened, report, leave.form, leave.language, await self._house())
        response = Response(file.body, 200, headers={"content-type": file.kind})
        response.headers["content-disposition"] = f'attachment; filename="{file.name}"'
        response.headers["content-security-policy"] = FILE_POLICY
        response.headers["cache-control"] = "no-store"
        return response

    def _form(self, request: Request, signed: Signed, opened: Opened, basis: Basis, note: Note) -> Response:
        ground = _ground(opened, basis)
        if not ground.lets_facts:
            raise NotThere("nothing may leave on this basis")
        spoken = LANGUAGES[tongue_of(request, signed)]
        told = opened.told(opened.parts)
        return self._draw(
            request,
            signed,
            "desk/report_form.html",
            opened,
            basis=basis,
            recipients=sorted(GOES_TO[basis], key=list(Recipient).index),
            offered=offered(told, ground, note.typed, self._files.says(spoken), spoken),
            may_point=ground.lets_who,
            regions=regions(told) if basis is Basis.MINOR else (),
            rule_of=protection().rule,
            rules_read=formats.day(spoken, protection().checked),
            note=note,
            report_id=note.typed.get("report") or to_text(random_id()),
            step=note.typed.get("step") or "0",
            seen=opened.mark,
            part=to_text(random_id()),
            bounds={"short": SHORT, "long": LONG, "account": LONGEST_ACCOUNT},
        )

    def _draw(self, request: Request, signed: Signed, template: str, opened: Opened, **words: Any) -> Response:
        # Any: what a template is handed, typed by nobody
        shown = {
            "where": _at(opened.tip.sealed.id),
            "tip_page": f"/desk/tips/{to_text(opened.tip.sealed.id)}",
            "reports": opened.reports,
            "reference": reference,
            "has_names": opened.has_names,
            "day": lambda when: formats.day(LANGUAGES[tongue_of(request, signed)], when),
            "tongues": [LANGUAGES[tag] for tag in DESK_TAGS],
        }
        return draw(request, signed, template, **{"note": Note(), **shown, **words})

    async def _back(self, request: Request, act: Act, form: Form) -> Response:
        """Do it and go on, or go back to the report, which says why not."""
        tip_id, report_id = tip_of(request), request.path_params["report"]
        try:
            return see_other(await act(tip_id, report_id, Step(_number(form), part_of(form.get("part", "")))))
        except NotThere:
            raise
        except PorchlightError as refused:
            if refused.status >= 500:
                raise
            phrase = refused.phrase
        note = Note(phrase=phrase, typed={"reason": form.get("reason", "")[:LONG]})
        return see_other(await leave_note(self._services.passes, f"{_at(tip_id)}/{report_id}", note))

    async def _house(self) -> House:
        facts = await self._services.opening.facts()
        return House(facts.name, facts.phone_line or "", self._services.clock.now().date())


def _at(tip_id: bytes) -> str:
    return f"/desk/tips/{to_text(tip_id)}/report"


def _ground(opened: Opened, basis: Basis) -> Ground:
    """On this basis, to whom it may go at all."""
    return Ground(basis, sorted(GOES_TO[basis])[0], opened.standing)


def _basis(request: Request) -> Basis:
    return _known_basis(request.path_params["basis"])


def _known_basis(said: str) -> Basis:
    if said not in set(Basis):
        raise NotThere("no such basis")
    return Basis(said)


def _report_id(form: Form) -> str:
    try:
        return to_text(from_text(form.get("report", ""), ID_SIZE))
    except ValueError:
        raise NotThere("no such report") from None


def _number(form: Form) -> int:
    said = form.get("step", "")
    if not (said.isascii() and said.isdigit() and len(said) < 5):
        raise NotThere("no such step")
    return int(said)
