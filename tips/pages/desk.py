"""The desk's pages of one tip: the tip itself, a reply, a status."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.languages import ENGLISH, LANGUAGES
from portal.consent.about import about_tip
from portal.consent.shown import gated
from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import posted
from portal.staff.note import NOTHING, Note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other
from tips import form as tip_form
from tips.consents import Consent, live
from tips.crowd.together import closing_of
from tips.inbox import Listing
from tips.links.linking import Linking
from tips.pages.desk_files import DeskFilePages
from tips.pages.desk_stay import stay_words
from tips.pages.desk_translation import TranslationPages
from tips.pages.desk_work import WorkPages
from tips.pages.inbox import told_by
from tips.pages.named import part_of, tip_of
from tips.replying import kept_reply, read_reply
from tips.report.course import reports
from tips.report.files import reference
from tips.review import ReadTip, Review
from tips.said import by_group, phrase_of
from tips.shelf import CLOSED, EVERYTHING
from tips.staying.holding import Holding
from tips.talking import TALKED
from tips.tip import Kind, Made, Status
from tips.work.entries import of_acts
from tips.work.openings import ReasonNeeded
from tips.work.reasons import Reason

LIST: Final = "/desk/tips"


class DeskPages:
    """The pages of one tip, the list beside it."""

    def __init__(
        self,
        services: Services,
        review: Review,
        listing: Listing,
        files: DeskFilePages,
        work: WorkPages,
        holding: Holding,
        linking: Linking,
        translation: TranslationPages,
    ) -> None:
        self._services = services
        self._review = review
        self._work = work
        self._linking = linking
        self._listing = listing
        self._files = files
        self._holding = holding
        self._translation = translation

    async def tip(self, request: Request, signed: Signed) -> Response:
        """One tip, opened; the opening is written down. What is not hers to open asks for a reason first."""
        note = await read_note(self._services.passes, request.path_params)
        return await self._opened(request, signed, note=note)

    async def reply(self, request: Request, signed: Signed) -> Response:
        """Leave a reply; with nothing or too much in it the page says so and keeps what was typed."""
        tip_id, form = tip_of(request), posted(request)
        # The page chooses both languages already: these count only where a post leaves them out.
        read = read_reply(form, own=tongue_of(request, signed), theirs=ENGLISH.tag)
        if isinstance(read, tip_form.Mend):
            return await self._opened(request, signed, wrong=read, typed=kept_reply(form))
        part = part_of(form.get("part", ""))
        await self._review.reply(signed, tip_id, read.text, part, language=read.language, same=read.same)
        return see_other(f"{LIST}/{to_text(tip_id)}#end")

    async def status(self, request: Request, signed: Signed) -> Response:
        """Close a tip, take it up, or open it again."""
        tip_id = tip_of(request)
        try:
            wanted = Status(posted(request).get("status", ""))
        except ValueError:
            raise NotThere("no such status") from None
        await self._review.set_status(signed, tip_id, wanted)
        return see_other(f"{LIST}/{to_text(tip_id)}")

    async def _opened(
        self,
        request: Request,
        signed: Signed,
        *,
        wrong: tip_form.Mend | None = None,
        typed: Mapping[str, str] = MappingProxyType({}),
        note: Note = NOTHING,
    ) -> Response:
        tip_id = tip_of(request)
        try:
            read = await self._review.open(signed, tip_id)
        except ReasonNeeded:
            return draw(request, signed, "desk/tip_why.html", id=to_text(tip_id), reasons=list(Reason), note=note)
        return await self._tip(request, signed, read, wrong=wrong, typed=typed, note=note)

    async def _tip(
        self,
        request: Request,
        signed: Signed,
        read: ReadTip,
        *,
        wrong: tip_form.Mend | None,
        typed: Mapping[str, str],
        note: Note,
    ) -> Response:
        told = [words for words in read.words if words.kind is Kind.TOLD]
        choice = CLOSED if read.status is Status.CLOSED else EVERYTHING
        inbox = await self._listing.page(signed, choice, folds=True)
        stay = await self._holding.stay(read.id, read.entries)
        if stay.is_left:  # What she agreed to went with her way in.
            read = replace(read, standing=live([]))
        return draw(
            request,
            signed,
            "desk/tip.html",
            **await gated(self._services, signed, about_tip(read.id)),
            inbox=inbox,
            shows_closed=read.status is Status.CLOSED,
            tip=read,
            told=told,
            facts=by_group(read.facts),
            consents=list(Consent),
            says=phrase_of,
            thread=read.words[len(told) :],
            part=to_text(random_id()),
            wrong=wrong,
            typed=typed,
            made=list(Made),
            talked=of_acts(read.entries, TALKED),
            own=tongue_of(request, signed),
            limit=tip_form.ADDITION_LIMIT,
            may_answer=signed.may(Right.ANSWER_TIPS),
            files=await self._files.shown(signed, read.id),
            work=await self._work.shown(signed, read),
            note=note,
            moment=self._moment(request, signed),
            machine=await self._translation.shown(request, signed, read),
            linked=await self._linking.of(signed, read),
            me=signed.staff_id,
            stay=stay,
            closing=closing_of(read.status, read.entries),
            reports=reports(read.entries),
            reference=reference,
            **stay_words(signed),
            **told_by(request, signed),
        )

    def _moment(self, request: Request, signed: Signed) -> Callable[[datetime], str]:
        """How a day and its hour are written, by the house's own clock."""
        spoken, zone = LANGUAGES[tongue_of(request, signed)], request.state.doors.clock
        return lambda at: f"{formats.day(spoken, at.astimezone(zone))} {formats.clock(spoken, at.astimezone(zone))}"
