"""The desk's page of one case, and what is pressed on it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.consent.about import of_case
from portal.consent.shown import gated
from portal.directory.referrals import Row
from portal.errors import Away, NotThere, PorchlightError
from portal.ids import from_text, to_text
from portal.records.case_fields import CASE_FIELDS, CASE_WORDS, NAMES, PERSON_FIELDS
from portal.records.case_holds import HeldNow
from portal.records.case_pages import CASES, GONE
from portal.records.case_room import CaseRoom
from portal.records.case_shapes import Whole
from portal.records.case_words import STATUSES, spoken
from portal.records.fields import FIELDS
from portal.records.form import tongue_names
from portal.records.htcds import said_as
from portal.records.supervising import FIELDS as WEIGHED, VERDICTS, WEIGHED_LIMIT, EntryWrong, read_form, typed_words
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import Form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

OPENED: Final = "case.opened"
NOTE_LIMIT: Final = 800

Act = Callable[[Signed, bytes, Form], Awaitable[bytes | None]]


class CasePages:
    """One case: its page, the acts of whoever works on it, and those of a supervisor."""

    def __init__(self, services: "Services", room: CaseRoom) -> None:
        self._services = services
        self._room = room
        self._acts: Mapping[str, Act] = {
            "note": self._note,
            "status": self._status,
            "ask": self._ask,
            "give": self._give,
            "off": self._off,
            "keep": self._keep,
            "out": self._out,
            "move": self._move,
            "merge": self._merge,
        }

    def routes(self) -> list[Route]:
        """The addresses of this page; behind those of the list, whose words are no case."""
        work, supervise, one = Right.WORK_CASES, Right.SUPERVISE_CASES, f"{CASES}/{{case}}"
        return [
            Route(one, desk_page(self.page, work), methods=["GET"]),
            Route(f"{one}/do", desk_page(self.do, work), methods=["POST"]),
            Route(f"{one}/entry", desk_page(self.entry, supervise), methods=["POST"]),
            Route(f"{one}/hold", desk_page(self.hold, supervise), methods=["POST"]),
            Route(f"{one}/erase", desk_page(self.erase, supervise), methods=["POST"]),
            Route(f"{one}/at/{{note}}", desk_page(self.page, work), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """One case with all that hangs on it. That she opened it is written down before anything is shown."""
        case_id = case_named(request)
        whole = await self._room.book.whole(signed, case_id)
        if whole.case.id != case_id:
            return see_other(f"{CASES}/{to_text(whole.case.id)}")
        await self._services.staff.journal.write(OPENED, signed.staff_id, case_id)
        async with self._services.database.read() as connection:
            hold, asked_by = (await self._room.holds.read(connection)).of(case_id)
        colleagues = {each.id: each for each in await self._room.deciding.colleagues()}
        records = await self._room.contacts_of(signed, whole)
        return draw(
            request,
            signed,
            "desk/case.html",
            at=to_text(case_id),
            number=spoken(case_id),
            case=whole.case,
            body=whole.case.body,
            standard=said_as(whole.case.body),
            people=[(to_text(each.id), each) for each in whole.people],
            contacts=[
                (to_text(each.id), each, "" if each.link is None else to_text(each.link.ref), records.get(each.id))
                for each in whole.contacts
            ],
            notes=list(reversed(whole.notes)),
            referrals=await self._referrals(signed, whole),
            **await gated(self._services, signed, of_case(whole)),
            hands=[(to_text(each), colleagues[each].alias if each in colleagues else "") for each in whole.case.hands],
            others=[(to_text(each.id), each.alias) for each in colleagues.values() if _may_have(each, whole)],
            me=to_text(signed.staff_id),
            hold=hold,
            goes=self._services.case_staying.terms.goes(whole.case.touched),
            may_decide=asked_by != signed.staff_id,
            case_fields=CASE_FIELDS,
            person_fields=PERSON_FIELDS,
            record_fields=FIELDS,
            names=NAMES,
            statuses=STATUSES,
            verdicts=VERDICTS,
            weighed_limit=WEIGHED_LIMIT,
            note_limit=NOTE_LIMIT,
            closure_limit=CASE_WORDS["closure"],
            tongue_name=tongue_names(tongue_of(request, signed)),
            note=await read_note(self._services.passes, request.path_params),
        )

    async def _referrals(self, signed: Signed, whole: Whole) -> list[tuple[str, Row]]:
        """What the people of this case were led to: of the case itself, of its contacts and of its tips."""
        if not signed.may(Right.SEE_DIRECTORY):
            return []
        links = [each.link for each in whole.contacts if each.link is not None]
        about = {("case", to_text(each)) for each in whole.case.ids} | {
            (each.kind, to_text(each.ref)) for each in links
        }
        first = min([whole.case.day, *(each.day for each in links if each.day)])
        found = await self._services.referrals.between(signed, first)
        return [(to_text(row.id), row) for row in found if (row.referral.about, row.referral.about_id) in about]

    async def do(self, request: Request, signed: Signed) -> Response:
        """One act of whoever works on it, by its word in the form."""
        case_id, form = case_named(request), posted(request)
        act = self._acts.get(form.get("do", ""))
        if act is None:
            raise NotThere("no such act")
        try:
            leads = await act(signed, case_id, form)
        except Away:
            raise
        except PorchlightError as refused:
            # Said beside its form, with what was typed; a case that is not hers is not there, as ever.
            await self._room.book.open(signed, case_id)
            phrase = "cases.wrong.no_number" if isinstance(refused, NotThere) else refused.phrase
            return await self._again(case_id, form, form.get("do", ""), phrase)
        return see_other(CASES if leads is None else f"{CASES}/{to_text(leads)}")

    async def entry(self, request: Request, signed: Signed) -> Response:
        """A supervisor's entry."""
        case_id, form = case_named(request), posted(request)
        try:
            written = read_form(form, signed.alias)
        except EntryWrong as wrong:
            typed = {name: form.get(name, "")[: 2 * WEIGHED_LIMIT] for name in ("verdict", *WEIGHED)}
            note = Note(about="entry", wrongs=wrong.wrongs, typed=typed)
            return see_other(await leave_note(self._services.passes, f"{CASES}/{to_text(case_id)}/at", note))
        await self._room.deciding.write(signed, case_id, written)
        return see_other(f"{CASES}/{to_text(case_id)}")

    async def hold(self, request: Request, signed: Signed) -> Response:
        """The next word of a legal hold."""
        case_id, form = case_named(request), posted(request)
        try:
            await self._room.deciding.hold(signed, case_id, typed_words(form, "words")[:NOTE_LIMIT])
        except (Away, NotThere):
            raise
        except PorchlightError as refused:
            return await self._again(case_id, form, "hold", refused.phrase)
        return see_other(f"{CASES}/{to_text(case_id)}")

    async def erase(self, request: Request, signed: Signed) -> Response:
        """Erase it, all of it, for good; asked twice on the page itself."""
        case_id, form = case_named(request), posted(request)
        try:
            await self._services.case_staying.erase(signed, case_id)
        except HeldNow as refused:
            return await self._again(case_id, form, "erase", refused.phrase)
        return see_other(GONE)

    async def _again(self, case_id: bytes, form: Form, about: str, phrase: str) -> Response:
        typed = {name: form.get(name, "")[: 2 * NOTE_LIMIT] for name in ("words", "number", "status", "to", "row")}
        note = Note(about=about, phrase=phrase, typed=typed)
        return see_other(await leave_note(self._services.passes, f"{CASES}/{to_text(case_id)}/at", note))

    async def _note(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        words = typed_words(form, "words")
        whole = await self._room.book.whole(signed, case_id)
        if len(words) > NOTE_LIMIT:
            raise TooLongNote("a note is short")
        if await self._room.repeats(signed, whole, [words]):
            raise HerOwnWords("it repeats what somebody wrote")
        await self._room.deciding.add_note(signed, case_id, words)
        return whole.case.id

    async def _status(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        status = next((each for each in STATUSES if each == form.get("status", "")), None)
        if status is None:
            raise NotThere("no such status")
        reason = typed_words(form, "words")
        if len(reason) > CASE_WORDS["closure"]:
            raise TooLongNote("a reason is short")
        await self._room.deciding.set_status(signed, case_id, status, reason)
        return case_id

    async def _ask(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        await self._room.deciding.ask(signed, case_id)
        return case_id

    async def _give(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        await self._room.deciding.give(signed, case_id, named(form, "to"))
        return case_id

    async def _off(self, signed: Signed, case_id: bytes, form: Form) -> bytes | None:
        staff = named(form, "to")
        await self._room.deciding.take_off(signed, case_id, staff)
        return None if staff == signed.staff_id else case_id

    async def _keep(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        await self._room.deciding.keep(signed, case_id)
        return case_id

    async def _out(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        await self._room.links.take_out(signed, case_id, named(form, "row"))
        return case_id

    async def _move(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        to = await self._room.list.by_number(signed, form.get("number", ""))
        await self._room.links.move(signed, case_id, named(form, "row"), to)
        return case_id

    async def _merge(self, signed: Signed, case_id: bytes, form: Form) -> bytes:
        into = await self._room.list.by_number(signed, form.get("number", ""))
        return await self._room.links.merge(signed, case_id, into)


class HerOwnWords(PorchlightError):
    """It repeats what somebody wrote, word for word."""

    phrase = "cases.wrong.own_words"
    status = 400


class TooLongNote(PorchlightError):
    """It has more letters than it may."""

    phrase = "records.wrong.too_long"
    status = 400


def case_named(request: Request) -> bytes:
    """The case an address names. Raises NotThere."""
    try:
        return from_text(request.path_params["case"], 16)
    except ValueError:
        raise NotThere("no such case") from None


def named(form: Form, name: str) -> bytes:
    """The thing a field of a form names. Raises NotThere."""
    try:
        return from_text(form.get(name, ""), 16)
    except ValueError:
        raise NotThere("no such thing") from None


def _may_have(colleague: Any, whole: Whole) -> bool:  # Any: a Colleague
    return colleague.is_here and colleague.id not in whole.case.hands
