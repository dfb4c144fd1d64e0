"""The reporter's way back: the number, the thread, an addition, and erasing."""

import logging
from collections.abc import Awaitable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from i18n.languages import Language, find_language
from portal.errors import NotThere, PorchlightError
from portal.ids import random_id, to_text
from portal.services import Services
from portal.vault.errors import PoolFull
from portal.web.forms import Form, read_form
from portal.web.page import language_of, see_other, site_of
from tips import form as tip_form
from tips.access import Doors, Visit
from tips.consents import Consent, Identity
from tips.followup import FollowUp
from tips.pacing import in_steps
from tips.pages import carried
from tips.pages.carried import AskErase, AskWithdraw, BackAgain, BackPage, Erased, ThreadPage, Waiting
from tips.pages.emergency import emergency_of
from tips.pages.files import FilePages
from tips.pages.named import part_of
from tips.pages.reporter import FORM_LIMIT
from tips.pages.thread import ThreadDrawing
from tips.receipt import Mistyped, Receipt, read_receipt

ASK_AGAIN_SECONDS: Final = 5
LONGEST_TYPED: Final = 200

# By their numbers on the page: what stands in its source says nothing over a shoulder.
_CONSENTS: Final = {str(number): consent for number, consent in enumerate(Consent, start=1)}
_IDENTITIES: Final = {str(number): identity for number, identity in enumerate(Identity, start=1)}

_log = logging.getLogger("porchlight.tips")


class ReturningPages:
    """The pages of a reporter who comes back. Her visit's token stands only in hidden fields, never in an address."""

    def __init__(self, services: Services, follow_up: FollowUp, doors: Doors, files: FilePages) -> None:
        self._services = services
        self._follow_up = follow_up
        self._doors = doors
        self._files = files
        self._threads = ThreadDrawing(services, follow_up, doors, files)

    async def back(self, request: Request) -> Response:
        """The page that asks for the number; a post of it tries one."""
        language = language_of(request)
        if request.method != "POST":
            if not site_of(request).is_set_up:
                return see_other(f"/{language.tag}/note")
            return self._ask(request, BackAgain("", ""), own_pass="")
        form = await read_form(request, limit=FORM_LIMIT)
        typed, draft = form.get("number", "")[:LONGEST_TYPED], tip_form.kept_addition(form)
        asked = form.get("p", "")[:LONGEST_TYPED] or to_text(random_id())
        read = read_receipt(typed)
        if isinstance(read, Mistyped):
            return await self._go(language, BackAgain(typed, read.phrase, read.count, draft, asked))
        return await self._try(language, read, typed, draft, asked)

    async def after(self, request: Request) -> Response:
        """The page a pass leads to; the question for the number once the pass has run out."""
        language = language_of(request)
        own_pass = request.path_params["key"]
        opened = await self._services.passes.open(own_pass, carried.BACK)
        match None if opened is None else carried.decode_back(opened):
            case BackAgain() as again:
                return self._ask(request, again, own_pass)
            case Waiting() as waiting:
                held = Receipt(waiting.code)
                return await self._try(language, held, "", waiting.draft, waiting.asked, waiting_at=request)
            case ThreadPage() as page:
                drawn = await self._threads.draw(request, page)
                return self._ask(request, drawn, own_pass="") if isinstance(drawn, BackAgain) else drawn
            case AskErase() as ask:
                days, is_on = self._services.settings.key_backup_days, await self._files.is_on()
                return self._render(request, "tips/erase.html", visit=ask.visit, copies_days=days, takes_files=is_on)
            case AskWithdraw() as ask:
                days = self._services.settings.key_backup_days
                return self._render(request, "tips/withdraw.html", visit=ask.visit, file=ask.file, copies_days=days)
            case Erased():
                return self._plain(request, "erased")
        return self._plain(request, "note.gone")

    async def more(self, request: Request) -> Response:
        """What is done inside a visit: open the thread, add words, ask before erasing, erase."""
        language = language_of(request)
        if request.method != "POST":
            return see_other(f"/{language.tag}/note/back")
        form = await read_form(request, limit=FORM_LIMIT)
        visit = await self._doors.visit_for_token(token := form.get("t", ""))
        if visit is None:
            return await self._go(language, BackAgain("", "back.error.over", draft=tip_form.kept_addition(form)))
        match form.get("do"):
            case "add":
                return await self._add(language, visit, token, form)
            case "ok" | "who" as what:
                return await self._agree(language, visit, token, form, what)
            case "reach" | "unreach" as what:
                return await self._reach(language, visit, token, {} if what == "unreach" else form)
            case "keep":
                return await self._done(language, visit, token, self._follow_up.keep(visit), "thread.kept")
            case "ask":
                return await self._go(language, AskErase(token), visit)
            case "talk":
                return await self._talk(language, visit, token)
            case "item":
                return await self._go(language, AskWithdraw(token, form.get("p", "")[:LONGEST_TYPED]), visit)
            case "gone":
                gone = self._files.withdraw(visit, form.get("p", ""))
                return await self._done(language, visit, token, gone, "files.gone", unless="files.not_gone")
            case "erase":
                await in_steps(self._follow_up.erase(visit))
                return await self._go(language, Erased())
        other = find_language(form.get("to", ""))
        return await self._go(other or language, ThreadPage(token, typed=tip_form.kept_addition(form)), visit)

    async def leave(self, token: str) -> None:
        """Destroy what a leaving page could still open by this token: its visit, or its one pass and those before."""
        await self._doors.end_visit(token)
        opened = await self._services.passes.spend(token, carried.BACK)
        page = None if opened is None else carried.decode_back(opened)
        if isinstance(page, BackAgain | Waiting) and page.asked:
            await self._services.passes.drop(carried.asking(page.asked))

    async def _try(
        self,
        language: Language,
        receipt: Receipt,
        typed: str,
        draft: str,
        asked: str,
        *,
        waiting_at: Request | None = None,
    ) -> Response:
        """Try a number. Never given, given wrongly and erased take the same steps and get the same answer."""
        try:
            visit = await self._doors.tip_for_receipt(receipt, has_waited=waiting_at is not None)
        except PoolFull:
            address = await self._address(language, Waiting(str.__str__(receipt.code), draft, asked), None)
            return see_other(address) if waiting_at is None else self._wait(waiting_at, address)
        except PorchlightError as error:
            _log.error("tip_not_opened error=%s", type(error).__name__)
            return await self._go(language, BackAgain(typed, "back.error.away", draft=draft, asked=asked))
        if visit is None:
            return await self._go(language, BackAgain(typed, "back.error.unknown", draft=draft, asked=asked))
        token = await self._doors.begin_visit(visit)
        opened = await self._go(language, ThreadPage(token, typed=draft), visit)
        await self._services.passes.drop(carried.asking(asked))
        return opened

    async def _add(self, language: Language, visit: Visit, token: str, form: Form) -> Response:
        typed = tip_form.kept_addition(form)
        read = tip_form.read_addition(form.get("words", ""))
        if isinstance(read, tip_form.Mend):
            return await self._go(language, ThreadPage(token, "", typed, [(read.field, read.phrase)]), visit)
        adding = self._follow_up.add(visit, read, part_of(form.get("p", "")))
        return await self._done(language, visit, token, adding, "thread.added", typed)

    async def _talk(self, language: Language, visit: Visit, token: str) -> Response:
        """To where a talk begins, as for everybody; staff will see beside it that there is this note."""
        try:
            self._follow_up.keep_pace(visit)
            note = await self._doors.begin_talking(visit)
            return see_other(await self._services.between.talk_from(language, note))
        except PorchlightError as error:
            _log.error("talk_not_opened error=%s", type(error).__name__)
            return await self._go(language, ThreadPage(token, "thread.talk_away"), visit)

    async def _agree(self, language: Language, visit: Visit, token: str, form: Form, what: str) -> Response:
        """One tap on what she agrees to: `which` and, for a consent, `yes`. Anything else does nothing."""
        part, which = part_of(form.get("p", "")), form.get("which", "")
        consent, identity = _CONSENTS.get(which), _IDENTITIES.get(which)
        if what == "ok" and consent is not None and form.get("yes") in ("0", "1"):
            yes = form["yes"] == "1"
            saying = self._follow_up.agree(visit, consent, yes, language=language.tag, part=part)
        elif what == "who" and identity is not None:
            saying = self._follow_up.choose(visit, identity, language=language.tag, part=part)
        else:
            return await self._go(language, ThreadPage(token), visit)
        return await self._done(language, visit, token, saying, "thread.agreed", unless="thread.not_agreed")

    async def _reach(self, language: Language, visit: Visit, token: str, typed: Mapping[str, str]) -> Response:
        """How she may be reached from now on; what could not be kept stands in its fields again."""
        kept, read = tip_form.kept_typing(typed, tip_form.REACH), tip_form.read_names(typed)
        if isinstance(read, tuple):
            mends = [(mend.field, mend.phrase) for mend in read]
            return await self._go(language, ThreadPage(token, mends=mends, reach=kept), visit)
        changing = self._follow_up.reach(visit, read)
        return await self._done(
            language, visit, token, changing, "thread.reach.saved", unless="thread.not_agreed", reach=kept
        )

    async def _done(
        self,
        language: Language,
        visit: Visit,
        token: str,
        act: Awaitable[None],
        say: str,
        typed: str = "",
        *,
        unless: str = "thread.away",
        reach: dict[str, str] | None = None,
    ) -> Response:
        try:
            await act
        except NotThere:
            return await self._go(language, BackAgain("", "back.error.unknown"))
        except PorchlightError as error:
            _log.error("tip_not_added_to error=%s", type(error).__name__)
            return await self._go(language, ThreadPage(token, unless, typed, reach=reach), visit)
        return await self._go(language, ThreadPage(token, say), visit)

    async def _go(self, language: Language, page: BackPage, visit: Visit | None = None) -> Response:
        return see_other(await self._address(language, page, None if visit is None else visit.group))

    async def _address(self, language: Language, page: BackPage, group: bytes | None) -> str:
        if isinstance(page, BackAgain | Waiting) and page.asked:
            group = carried.asking(page.asked)
        token = await self._services.passes.issue(carried.BACK, carried.encode(page), group=group)
        return f"/{language.tag}/note/back/{token}"

    def _ask(self, request: Request, again: BackAgain, own_pass: str) -> Response:
        catalogue = self._services.pages.catalogue
        language = language_of(request)
        error = ""
        if again.error == "back.error.count":
            error = catalogue.plural(language, again.error, again.count)
        elif again.error:
            error = catalogue.phrase(language, again.error)
        return self._render(
            request,
            "tips/back.html",
            typed=again.typed,
            error=error,
            draft=again.draft,
            asked=again.asked or to_text(random_id()),
            own_pass=own_pass,
        )

    def _wait(self, request: Request, address: str) -> Response:
        response = self._render(request, "tips/wait.html", own_pass=address.rpartition("/")[2], wait=address)
        response.headers["refresh"] = f"{ASK_AGAIN_SECONDS};url={address}"
        return response

    def _plain(self, request: Request, about: str) -> Response:
        return self._services.pages.render(request, "tips/plain.html", about=about, emergency=emergency_of(request))

    def _render(self, request: Request, template: str, **words: Any) -> Response:
        return self._services.pages.render(request, template, private=True, **words)
