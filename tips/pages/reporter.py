"""The reporter's way in: the form, and what stands on the page after it was sent."""

import logging
from datetime import timedelta
from typing import Final

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from i18n.languages import Language, find_language
from portal.crowd import step_aside
from portal.errors import NotThere, PorchlightError
from portal.handover import WordsLeft
from portal.pages import not_open
from portal.services import Services
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other, site_of
from tips import form as tip_form
from tips.access import Doors
from tips.asked import NOTE, Fold, asked
from tips.crowd.door import FilingDoor, TurnedAway
from tips.crowd.lanes import lane_of
from tips.crowd.moments import Moments
from tips.intake import Filed, Filing, Intake
from tips.pages import carried
from tips.pages.behind import Behind
from tips.pages.carried import Asked, Compared, FormAgain, Making, NotePage, Sent
from tips.pages.checking import CheckingPages
from tips.pages.emergency import emergency_of, partner_lines, places_of
from tips.pages.hint import hint_in, hinted
from tips.pages.typed import is_now, path_of
from tips.talking import Talking

# A letter can be twelve bytes in a posted form, and 13,700 letters fit into its fields.
FORM_LIMIT: Final = 192 * KIB

# What the button beside "happening now" says: show me whom to call, send nothing.
SHOW_NUMBERS: Final = "3"

ASK_AGAIN_SECONDS: Final = 3

PASS_LENGTH: Final = 43

_KIND: Final = next(ask.name for ask in NOTE if ask.fold is Fold.WORK)

_log = logging.getLogger("porchlight.tips")


class ReporterPages:
    """The form and the pages after it. Every post is answered 303; what the next page shows waits under a pass."""

    def __init__(
        self,
        services: Services,
        intake: Intake,
        doors: Doors,
        door: FilingDoor,
        behind: Behind,
        checking: CheckingPages,
        talking: Talking,
    ) -> None:
        self._services = services
        self._talking = talking
        self._intake = intake
        self._doors = doors
        self._door = door
        self._behind = behind
        self._checking = checking
        self._moments = Moments()

    async def note(self, request: Request) -> Response:
        """The form; a post of it files a tip.

        At its second address for whoever lost the number of an older note; at its third for whoever comes from the page
        about rights at work, with what only work is asked in view, and nothing chosen for her.
        """
        language = language_of(request)
        if request.method == "POST":
            return await self._send(request, language)
        if not site_of(request).is_open:
            return not_open(self._services.pages, request)
        typed = {"again": "1"} if request.scope["path"].endswith("/again") else {}
        return self._form(request, FormAgain(typed, self._services.start_tokens.make()), own_pass="")

    async def after(self, request: Request) -> Response:
        """The page a pass leads to; a closed page once the pass has run out."""
        language_of(request)
        own_pass = request.path_params["key"]
        opened = await self._services.passes.open(own_pass, carried.NOTE)
        match None if opened is None else carried.decode_note(opened):
            case FormAgain() as again:
                return self._form(request, again, own_pass)
            case Making() as making:
                return await self._number(request, Filing.decode(making.filing), own_pass)
            case Sent() as sent:
                filing = Filing.decode(sent.filing)
                adds = await self._doors.begin_telling(filing.visit) if sent.may_add else ""
                return self._sent(request, filing, own_pass, why_none=sent.why, adds=adds)
            case Compared() as page:
                return await self._compared(request, page, own_pass)
        return self._plain(request, "note.gone")

    async def leave_words(self, left: WordsLeft) -> str:
        """File what was said in a chat that nobody took; answers the address of the page with the number.

        Where the chat began from a tip, the words are added to that one, whose number she has.
        Raises NotThere when there are no words and never were any, DatabaseAway, ValkeyAway: then nothing was promised.
        """
        added = await self._talking.add_left(left)
        if added is not None:
            await self._intake.remember(left.once, added)
            # Before the page that follows is made: the end of the talk takes along whatever still opens the tip.
            await self._talking.forget(left.note)
            return await self._added(left.language, added)
        forms = tip_form.from_talk(left)
        filed = None if forms else await self._intake.filed_before(left.once)
        for form in forms:
            filed = await self._intake.file_tip(
                form, language=left.language.tag, start_token=left.once, wants_number=True, from_talk=True
            )
        if filed is None:
            raise NotThere
        if not filed.filing.code:
            return await self._added(left.language, filed.filing)
        return await self._where(left.language, filed)

    async def _added(self, language: Language, filing: Filing) -> str:
        return await self._address(language, Sent(filing.encode(), "sent.added"), filing.visit.group)

    async def _send(self, request: Request, language: Language) -> Response:
        form = await read_form(request, limit=FORM_LIMIT)
        before, off = form.get("before", "")[:PASS_LENGTH], form.get("off") == "1"
        typed, said = tip_form.kept_typing(form), form.get("g") == "1"
        again = FormAgain(typed, form.get("k", ""), before=before, off=off, is_hinted=said)
        other = find_language(form.get("to", ""))
        if other is not None:
            return await self._again(other, again)
        if not site_of(request).is_open:
            return see_other(f"/{language.tag}/note")
        if form.get("keep") == SHOW_NUMBERS:
            return await self._again(language, again, place="#now")
        read = tip_form.read(form)
        if isinstance(read, tuple):
            mends = [(mend.field, mend.phrase) for mend in read]
            return await self._again(language, replace(again, mends=mends))
        if self._services.start_tokens.judge(again.start) != "fresh":
            return await self._again(language, again, say="note.again")
        # From here on it waits its turn in a line that has bounds of its own.
        step_aside(request)
        try:
            filed = await self._file(read, form, language)
        except TurnedAway as turned:
            return await self._again(language, replace(again, wait=turned.minutes), say="note.busy")
        except PorchlightError as error:
            # Whatever it was, nothing was promised: the words go back onto the page.
            _log.error("tip_not_filed error=%s", type(error).__name__)
            return await self._again(language, again, say="note.away")
        address = await self._where(language, filed, is_held=True)
        await self._behind.sent(again.before, again.start)
        return see_other(address)

    async def _file(self, read: tip_form.TipForm, form: Form, language: Language) -> Filed:
        start = form["k"]
        age = self._services.start_tokens.age(start) or timedelta()
        opened = self._services.clock.now() - age
        async with self._door.entered(lane_of(read.urgency, age, self._moments.of_its_second(opened))):
            filed = await self._intake.file_tip(
                read, language=language.tag, start_token=start, wants_number=form.get("keep") != "2"
            )
        self._moments.kept(opened)
        return filed

    async def _where(self, language: Language, filed: Filed, *, is_held: bool = False) -> str:
        packed = filed.filing.encode()
        page: NotePage = Making(packed)
        if not filed.may_show_number:
            # Whoever finds the tab and sends the form once more is offered nothing that leads to the tip.
            why = "sent.shown" if filed.filing.wants_number else "sent.alone"
            page = Sent(packed, why, may_add=filed.is_fresh and not filed.filing.wants_number)
        return await self._address(language, page, filed.filing.visit.group, is_held=is_held)

    async def _again(self, language: Language, again: FormAgain, *, say: str = "", place: str = "") -> Response:
        # A token that was only pressed too fast stays: by the next press it is old enough, and it still counts once.
        is_ours = self._services.start_tokens.judge(again.start) in ("fresh", "young")
        start = again.start if is_ours else self._services.start_tokens.make()
        again = await hinted(self._services, language, replace(again, start=start, say=say))
        address = await self._address(language, again, None, is_held=True)
        await self._behind.again(again.before)
        return see_other(address + place)

    async def _number(self, request: Request, filing: Filing, own_pass: str) -> Response:
        """The number when it is made and kept; until then the page holds the place and asks again by itself."""
        try:
            receipt = await self._intake.make_receipt(filing)
        except PorchlightError as error:
            _log.warning("tip_number_waits error=%s", type(error).__name__)
            wait = await self._address(language_of(request), Making(filing.encode()), filing.visit.group)
            response = self._sent(request, filing, own_pass, wait=wait)
            response.headers["refresh"] = f"{ASK_AGAIN_SECONDS};url={wait}"
            return response
        if receipt is None:
            return self._plain(request, "note.gone")
        visit = await self._doors.begin_visit(filing.visit)
        check = await self._checking.begins(filing)
        return self._sent(request, filing, visit, groups=receipt.groups, adds=visit, check=check)

    async def _compared(self, request: Request, page: Compared, own_pass: str) -> Response:
        """One group was typed back: that it is the same, or the number once more with the question."""
        if page.is_same:
            return self._services.pages.render(request, "tips/same.html", private=True, token=own_pass)
        filing = Filing.decode(page.filing)
        visit = await self._doors.begin_visit(filing.visit)
        groups, check = filing.receipt.groups, Asked(page.token, page.which)
        return self._sent(request, filing, visit, groups=groups, adds=visit, check=check, is_other=True)

    async def _address(self, language: Language, page: NotePage, group: bytes | None, *, is_held: bool = False) -> str:
        token = await self._services.passes.issue(carried.NOTE, carried.encode(page), group=group, is_held=is_held)
        return f"/{language.tag}/note/{token}"

    def _form(self, request: Request, again: FormAgain, own_pass: str) -> Response:
        language = language_of(request)
        phrase = self._services.pages.catalogue.phrase
        response = self._services.pages.render(
            request,
            "tips/note.html",
            # 203 keeps Chromium from holding the filled form for its Back button. A fresh form holds nobody's words
            # and a token anyone may have, so it alone may travel compressed.
            status=203,
            private=bool(own_pass),
            typed=again.typed,
            wrong={name: phrase(language, key) for name, key in again.mends},
            say=again.say,
            wait=again.wait,
            start=again.start,
            own_pass=own_pass,
            before=again.before,
            off="1" if again.off else "",
            hint=hint_in(self._services, again.guess),
            is_hinted=again.is_hinted,
            asks={fold.value: asked(NOTE, fold, path_of(again)) for fold in Fold},
            places=places_of(request, again.typed.get("area", "")) if is_now(again) or again.wait else (),
            is_now=is_now(again),
            is_work=request.scope["path"].endswith("/job") or _KIND in again.typed,
            emergency=emergency_of(request),
        )
        response.headers["x-robots-tag"] = "noindex, noarchive"
        return response

    def _sent(
        self,
        request: Request,
        filing: Filing,
        token: str,
        *,
        groups: tuple[str, ...] = (),
        wait: str = "",
        why_none: str = "",
        adds: str = "",
        check: Asked | None = None,
        is_other: bool = False,
    ) -> Response:
        return self._services.pages.render(
            request,
            "tips/sent.html",
            private=True,
            token=token,
            groups=groups,
            wait=wait,
            why_none=why_none,
            adds=adds,
            check=check,
            is_other=is_other,
            places=places_of(request, filing.region) if filing.is_urgent else (),
            lines=partner_lines(request, filing.region),
            is_recent=filing.is_recent,
        )

    def _plain(self, request: Request, about: str) -> Response:
        return self._services.pages.render(request, "tips/plain.html", about=about, emergency=emergency_of(request))
