"""The desk's pages for somebody on the phone: the form, filled by an advocate, and the number to read aloud."""

import logging
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import LANGUAGES
from portal.errors import PorchlightError
from portal.ids import to_text
from portal.services import Services
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.forms import KIB
from portal.web.page import see_other
from tips.asked import MORE, NOTE, Ask, Fold, asked
from tips.intake import Filing, Intake
from tips.work import phone
from tips.work.phone import PhoneEntry

NEW: Final = "/desk/tips/new"
CARRIED: Final = "desk phone"
ASK_AGAIN_SECONDS: Final = 3

# A letter can be twelve bytes in a posted form, and 15,000 letters fit into its fields.
FORM_LIMIT: Final = 192 * KIB

# In the order in which somebody tells it on the phone. Questions that stand on both pages of the form are asked once.
_GROUPS: Final = (
    (NOTE, Fold.VIEW), (MORE, Fold.WHERE), (NOTE, Fold.THEM), (NOTE, Fold.DOING), (MORE, Fold.KIND),
    (MORE, Fold.SIGNS), (MORE, Fold.LAST), (NOTE, Fold.HIDDEN), (NOTE, Fold.LOST),
    (NOTE, Fold.SHARE), (NOTE, Fold.REACH),
)  # fmt: skip

_log = logging.getLogger("porchlight.tips")


class Written(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """The form with everything typed still in it, for one session. `mends` as on the public page."""

    session: bytes
    start: str
    typed: dict[str, str] = {}
    mends: list[tuple[str, str]] = []
    say: str = ""

    def __repr__(self) -> str:
        return "Written(...)"


class Kept(msgspec.Struct, frozen=True, tag=True, array_like=True):
    """A tip that is filed, for the session that filed it. Carries the filing."""

    session: bytes
    filing: bytes

    def __repr__(self) -> str:
        return "Kept(...)"


_carried: Final[msgspec.msgpack.Decoder[Written | Kept]] = msgspec.msgpack.Decoder(Written | Kept)


class PhonePages:
    """The form and what stands after it. Every post is answered 303."""

    def __init__(self, services: Services, intake: Intake, entry: PhoneEntry) -> None:
        self._services = services
        self._intake = intake
        self._entry = entry

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.ENTER_TIPS
        return [
            Route(NEW, desk_page(self.form, right), methods=["GET"]),
            Route(NEW, desk_page(self.send, right, limit=FORM_LIMIT), methods=["POST"]),
            Route(f"{NEW}/{{key}}", desk_page(self.after, right), methods=["GET"]),
        ]

    async def form(self, request: Request, signed: Signed) -> Response:
        """The form, empty."""
        return self._form(request, signed, Written(signed.session, self._services.start_tokens.make()))

    async def send(self, request: Request, signed: Signed) -> Response:
        """File it; where something is to be mended, the form again with all that was typed."""
        form = posted(request)
        typed = phone.kept_typing(form) | {"spoken": form.get("spoken", "")[:20]}
        again = Written(signed.session, form.get("k", ""), typed)
        read = phone.read(form)
        mends = [(mend.field, mend.phrase) for mend in read] if isinstance(read, tuple) else []
        if typed["spoken"] not in LANGUAGES:
            mends.insert(0, ("spoken", "deskwork.phone.spoken.choose"))
        if mends or isinstance(read, tuple):
            return await self._go(msgspec.structs.replace(again, mends=mends))
        if self._services.start_tokens.judge(again.start) not in ("fresh", "young"):
            fresh = msgspec.structs.replace(again, start=self._services.start_tokens.make())
            return await self._go(msgspec.structs.replace(fresh, say="deskwork.phone.again"))
        try:
            filed = await self._entry.file(
                signed, read, language=typed["spoken"], start_token=again.start, wants_number=form.get("keep") == "1"
            )
        except PorchlightError as error:
            _log.error("tip_not_entered error=%s", type(error).__name__)
            return await self._go(msgspec.structs.replace(again, say="deskwork.phone.away"))
        return await self._go(Kept(signed.session, filed.filing.encode()), filed.filing.visit.group)

    async def after(self, request: Request, signed: Signed) -> Response:
        """What a pass leads to: the form again, or the number; the empty form once the pass has run out."""
        opened = await self._services.passes.open(request.path_params["key"], CARRIED)
        page = None if opened is None else _carried.decode(opened)
        if page is None or page.session != signed.session:
            return see_other(NEW)
        if isinstance(page, Written):
            return self._form(request, signed, page)
        return await self._number(request, signed, page)

    async def _number(self, request: Request, signed: Signed, page: Kept) -> Response:
        filing = Filing.decode(page.filing)
        groups: tuple[str, ...] = ()
        wait = ""
        if filing.wants_number:
            try:
                receipt = await self._intake.make_receipt(filing)
                groups = () if receipt is None else receipt.groups
            except PorchlightError as error:
                _log.warning("tip_number_waits error=%s", type(error).__name__)
                wait = await self._address(page, filing.visit.group)
        where = f"/desk/tips/{to_text(filing.tip)}"
        response = draw(
            request, signed, "desk/tip_entered.html", groups=groups, wait=wait, where=where, wanted=filing.wants_number
        )
        if wait:
            response.headers["refresh"] = f"{ASK_AGAIN_SECONDS};url={wait}"
        return response

    async def _go(self, page: Written | Kept, group: bytes | None = None) -> Response:
        return see_other(await self._address(page, group))

    async def _address(self, page: Written | Kept, group: bytes | None) -> str:
        token = await self._services.passes.issue(CARRIED, msgspec.msgpack.encode(page), group=group)
        return f"{NEW}/{token}"

    def _form(self, request: Request, signed: Signed, page: Written) -> Response:
        return draw(
            request,
            signed,
            "desk/tip_phone.html",
            groups=questions(),
            start=page.start,
            typed=page.typed,
            wrongs=dict(page.mends),
            say=page.say,
            spoken=page.typed.get("spoken", ""),
        )


def questions() -> list[tuple[str, list[Ask]]]:
    """Every question of both pages of the form once, by the group it stands in at the desk."""
    known: set[str] = set()
    groups = []
    for sheet, fold in _GROUPS:
        new = [ask for ask in asked(sheet, fold) if ask.name not in known]
        known |= {ask.name for ask in new}
        groups.append((fold.value, new))
    return groups
