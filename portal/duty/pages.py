"""The desk's pages of decisions on reports: what waits, a new one, one with a second person's look and its outcome."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.consent.about import About, Things, read_about, written
from portal.consent.terms import Basis, What
from portal.duty.book import LOOKS
from portal.duty.calling import settled, tell
from portal.duty.decision import LONG, OUTCOMES, PLANS, SHORT, Look, WordsMissing, fits
from portal.duty.form import FIELDS, OFFICES, read_decision
from portal.duty.regional import regional
from portal.duty.rows import Row
from portal.errors import Away, NotThere, PorchlightError
from portal.ids import from_text, random_id, to_text
from portal.numbers import region_ids
from portal.protection import protection
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other
from portal.web.sanitise import strip_markup, tidy_text

if TYPE_CHECKING:
    from portal.services import Services

DUTY: Final = "/desk/duty"
NEW: Final = f"{DUTY}/new"
ONE: Final = f"{DUTY}/one"


class DutyPages:
    """Nothing on these pages sends anything anywhere: a person reports, and then writes down that she did."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.duty
        self._things = Things(services)

    def routes(self) -> list[Route]:
        """The addresses of these pages. Whoever may open the thing may write a decision; a supervisor looks at it."""
        write, look, one = Right.WRITE_RECORDS, Right.SUPERVISE_CASES, f"{ONE}/{{row}}"
        return [
            Route(DUTY, desk_page(self.page, write), methods=["GET"]),
            Route(NEW, desk_page(self.new, write), methods=["GET"]),
            Route(NEW, desk_page(self.write, write), methods=["POST"]),
            Route(f"{NEW}/{{note}}", desk_page(self.new, write), methods=["GET"]),
            Route(one, desk_page(self.one, write), methods=["GET"]),
            Route(f"{one}/look", desk_page(self.look, look), methods=["POST"]),
            Route(f"{one}/outcome", desk_page(self.settle, write), methods=["POST"]),
            Route(f"{one}/{{note}}", desk_page(self.one, write), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What waits for a second person, and her own of which nobody has said what came of it."""
        waiting = await self._book.waiting(signed) if signed.may(Right.SUPERVISE_CASES) else ()
        own = await self._book.own(signed)
        others = [row for row in waiting if row.part.by != signed.staff_id]
        return draw(request, signed, "desk/duty.html", waiting=_listed(others), own=_listed(own), things=tuple(What))

    async def new(self, request: Request, signed: Signed) -> Response:
        """The form, beside the rule and the numbers of the region. `about`, `basis`, `region` in the address."""
        note = await read_note(self._services.passes, request.path_params)
        asked = {name: note.typed.get(name) or request.query_params.get(name, "") for name in FIELDS}
        about = await self._about(signed, asked["about"])
        region = asked["region"] if asked["region"] in region_ids() else about.region
        here = (await self._services.opening.facts()).region
        return draw(
            request,
            signed,
            "desk/duty_new.html",
            about=about,
            typed=asked,
            ticked=note.ticked.get("what", ()),
            wrongs=note.wrongs,
            bases=tuple(Basis),
            whose=[(to_text(each.id), each) for each in about.people if each.body],
            offices=tuple(OFFICES),
            plans=PLANS,
            things=tuple(What),
            region=region,
            regions=region_ids(),
            regional=regional(region, await self._services.protocols.all(), here),
            rules_read=protection().checked,
            long=LONG,
            short=SHORT,
            row=asked["row"] or to_text(random_id()),
        )

    async def write(self, request: Request, signed: Signed) -> Response:
        """Write one down; a supervisor is told that it waits. Nothing is sent to anybody else."""
        form = posted(request)
        about, row = await self._about(signed, form.get("about", "")), _named(form.get("row", ""))
        try:
            decision = read_decision(form, about, signed.alias, self._services.clock.now().date())
        except FormWrong as wrong:
            return await self._again(form, wrong.wrongs)
        await self._book.write(signed, decision, row=row)
        await tell(self._services.alerts, row, is_urgent=decision.at_once)
        return see_other(f"{ONE}/{to_text(row)}")

    async def one(self, request: Request, signed: Signed) -> Response:
        """One decision: what was weighed, who stands behind it, what may be said of it now."""
        row = await self._row(request, signed)
        part = row.part
        outcomes = [each for each in OUTCOMES if fits(part, each)]
        return draw(
            request,
            signed,
            "desk/duty_one.html",
            at=row,
            row=to_text(row.id),
            part=part,
            decision=row.decision,
            about=written(part.about),
            things=tuple(What),
            looks=LOOKS,
            may_look=part.waits and part.by != signed.staff_id and signed.may(Right.SUPERVISE_CASES),
            is_own=part.by == signed.staff_id,
            outcomes=outcomes,
            today=self._services.clock.now().date(),
            long=LONG,
            note=await read_note(self._services.passes, request.path_params),
        )

    async def look(self, request: Request, signed: Signed) -> Response:
        """The second person's word, at her own desk."""
        row, form = await self._row(request, signed), posted(request)
        said: Look = "agreed" if form.get("do", "") == "agree" else "returned"
        try:
            await self._book.look(signed, row.id, said, _words(form))
            await settled(self._services.alerts, row.id, signed.staff_id)
        except Away:
            raise
        except PorchlightError as refused:
            return await self._said_again(row, form, refused)
        return see_other(f"{ONE}/{to_text(row.id)}")

    async def settle(self, request: Request, signed: Signed) -> Response:
        """What came of it."""
        row, form = await self._row(request, signed), posted(request)
        outcome = next((each for each in OUTCOMES if each == form.get("outcome", "")), None)
        try:
            if outcome is None:
                raise WordsMissing("nothing chosen")
            await self._book.settle(signed, row.id, outcome, _words(form))
        except Away:
            raise
        except PorchlightError as refused:
            return await self._said_again(row, form, refused)
        return see_other(f"{ONE}/{to_text(row.id)}")

    async def _row(self, request: Request, signed: Signed) -> Row:
        """A decision: for whoever wrote it, for supervisors, and for whoever may open what it is about."""
        found = await self._book.one(signed, _named(request.path_params["row"]))
        if found is None:
            raise NotThere("no such decision")
        if found.part.by != signed.staff_id and not signed.may(Right.SUPERVISE_CASES):
            await self._things.open(signed, found.part.about)
        return found

    async def _about(self, signed: Signed, text: str) -> About:
        return await self._things.open(signed, read_about(text))

    async def _again(self, form: Form, wrongs: Mapping[str, str]) -> Response:
        typed = {name: form.get(name, "")[: 2 * LONG] for name in FIELDS}
        note = Note(wrongs=dict(wrongs), typed=typed, ticked={"what": list(form.many("what"))[: len(What)]})
        return see_other(await leave_note(self._services.passes, NEW, note))

    async def _said_again(self, row: Row, form: Form, refused: PorchlightError) -> Response:
        note = Note(phrase=refused.phrase, typed={"words": form.get("words", "")[: 2 * LONG]})
        return see_other(await leave_note(self._services.passes, f"{ONE}/{to_text(row.id)}", note))


def _listed(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    return [(to_text(row.id), row) for row in rows]


def _words(form: Form) -> str:
    return tidy_text(strip_markup(form.get("words", "").replace("\r\n", "\n")))[:LONG]


def _named(row: str) -> bytes:
    try:
        return from_text(row, 16)
    except ValueError:
        raise NotThere("no such decision") from None
