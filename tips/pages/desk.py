"""The desk's pages of one tip: the tip itself, a reply, a status."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.languages import LANGUAGES
from portal.errors import NotThere
from portal.ids import ID_SIZE, from_text, random_id, to_text
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import posted
from portal.staff.note import NOTHING, Note, read_note
from portal.staff.rights import Right
from portal.staff.session import Signed
from portal.web.page import see_other
from tips import form as tip_form
from tips.asked import FACTS, Fold
from tips.consents import Consent
from tips.inbox import Listing
from tips.pages.desk_files import DeskFilePages
from tips.pages.desk_work import WorkPages
from tips.pages.inbox import told_by
from tips.review import ReadTip, Review
from tips.shelf import CLOSED, EVERYTHING
from tips.tip import Kind, Status
from tips.work.openings import ReasonNeeded
from tips.work.reasons import Reason

LIST: Final = "/desk/tips"


class DeskPages:
    """The pages of one tip, the list beside it."""

    def __init__(
        self, services: Services, review: Review, listing: Listing, files: DeskFilePages, work: WorkPages
    ) -> None:
        self._services = services
        self._review = review
        self._work = work
        self._listing = listing
        self._files = files

    async def tip(self, request: Request, signed: Signed) -> Response:
        """One tip, opened; the opening is written down. What is not hers to open asks for a reason first."""
        note = await read_note(self._services.passes, request.path_params)
        return await self._opened(request, signed, note=note)

    async def reply(self, request: Request, signed: Signed) -> Response:
        """Leave a reply; with nothing or too much in it the page says so and keeps what was typed."""
        tip_id, form = _id(request), posted(request)
        read = tip_form.read_addition(form.get("words", ""))
        if isinstance(read, tip_form.Mend):
            wrong = "desktips.answer.empty" if not form.get("words", "").strip() else "desktips.answer.too_long"
            return await self._opened(request, signed, wrong=wrong, typed=form.get("words", ""))
        await self._review.reply(signed, tip_id, read, _part(form.get("part", "")))
        return see_other(f"{LIST}/{to_text(tip_id)}#end")

    async def status(self, request: Request, signed: Signed) -> Response:
        """Close a tip, take it up, or open it again."""
        tip_id = _id(request)
        try:
            wanted = Status(posted(request).get("status", ""))
        except ValueError:
            raise NotThere("no such status") from None
        await self._review.set_status(signed, tip_id, wanted)
        return see_other(f"{LIST}/{to_text(tip_id)}")

    async def _opened(
        self, request: Request, signed: Signed, *, wrong: str = "", typed: str = "", note: Note = NOTHING
    ) -> Response:
        tip_id = _id(request)
        try:
            read = await self._review.open(signed, tip_id)
        except ReasonNeeded:
            return draw(request, signed, "desk/tip_why.html", id=to_text(tip_id), reasons=list(Reason), note=note)
        return await self._tip(request, signed, read, wrong=wrong, typed=typed, note=note)

    async def _tip(
        self, request: Request, signed: Signed, read: ReadTip, *, wrong: str, typed: str, note: Note
    ) -> Response:
        told = [words for words in read.words if words.kind is Kind.TOLD]
        inbox = await self._listing.page(signed, CLOSED if read.status is Status.CLOSED else EVERYTHING)
        return draw(
            request,
            signed,
            "desk/tip.html",
            inbox=inbox,
            shows_closed=read.status is Status.CLOSED,
            tip=read,
            told=told,
            facts=_facts(read),
            consents=list(Consent),
            says=_says,
            thread=read.words[len(told) :],
            part=to_text(random_id()),
            wrong=wrong,
            typed=typed,
            limit=tip_form.ADDITION_LIMIT,
            may_answer=signed.may(Right.ANSWER_TIPS),
            files=await self._files.shown(signed, read.id),
            work=await self._work.shown(signed, read),
            note=note,
            moment=self._moment(request, signed),
            **told_by(request, signed),
        )

    def _moment(self, request: Request, signed: Signed) -> Callable[[datetime], str]:
        """How a day and its hour are written, by the house's own clock."""
        spoken, zone = LANGUAGES[tongue_of(request, signed)], request.state.doors.clock
        return lambda at: f"{formats.day(spoken, at.astimezone(zone))} {formats.clock(spoken, at.astimezone(zone))}"


# As the desk reads them: what kind of situation, where, and then the people, each side by itself.
_GROUPS: Final = ((Fold.KIND, Fold.SIGNS), (Fold.WHERE,), (Fold.THEM,), (Fold.DOING,), (Fold.LAST,))


def _facts(read: ReadTip) -> list[tuple[str, list[tuple[str, list[tuple[str, ...]]]]]]:
    """Group, and in it each fact that was said with every time it was said; nothing that was not."""
    groups = []
    for folds in _GROUPS:
        facts = [fact for fact, ask in FACTS.items() if ask.fold in folds]
        said = [(fact, [told.said[fact] for told in read.facts if fact in told.said]) for fact in facts]
        groups.append((folds[0].value, [(fact, times) for fact, times in said if times]))
    return [(group, said) for group, said in groups if said]


def _says(fact: str, answer: str) -> str:
    """The phrase of an answer that was tapped; nothing for one that was typed, or that this house does not know."""
    ask = FACTS[fact]
    if fact == "region":
        return f"region.{answer}" if answer in ask.choices else ""
    number = next((number for number, choice in ask.values.items() if choice == answer), "")
    return f"note.{ask.name}.{number}" if number else ""


def _id(request: Request) -> bytes:
    try:
        return from_text(request.path_params["id"], ID_SIZE)
    except ValueError:
        raise NotThere("no such tip") from None


def _part(typed: str) -> bytes:
    try:
        return from_text(typed, ID_SIZE)
    except ValueError:
        return random_id()
