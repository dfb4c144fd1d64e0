"""The privacy desk's pages that ask no store anything: the replies, what could exist, what was lost or taken."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n.languages import DESK_TAGS
from portal.errors import NotThere
from portal.privacy.form import typed
from portal.privacy.kept import KINDS as KEPT, NEVER
from portal.privacy.kinds import KINDS
from portal.privacy.letters import LETTER_LIMIT, Letters
from portal.privacy.lost import PARTS, TAKEN
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other, site_of

if TYPE_CHECKING:
    from portal.services import Services

LETTERS: Final = "/desk/requests/letters"


class PrivacyWordsPages:
    """Three pages, the same in a full house and in an empty one."""

    def __init__(self, services: "Services", letters: Letters) -> None:
        self._services = services
        self._letters = letters

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        may = Right.PRIVACY_OFFICER
        return [
            Route(LETTERS, desk_page(self.letters, may), methods=["GET"]),
            Route(LETTERS, desk_page(self.write, may), methods=["POST"]),
            Route(f"{LETTERS}/{{note}}", desk_page(self.letters, may), methods=["GET"]),
            Route("/desk/requests/kept", desk_page(self.kept, may), methods=["GET"]),
            Route("/desk/requests/lost", desk_page(self.lost, may), methods=["GET"]),
        ]

    async def letters(self, request: Request, signed: Signed) -> Response:
        """Every reply in one language, with what may be edited and what may not."""
        asked = request.query_params.get("in", "")
        note = await read_note(self._services.passes, request.path_params)
        spoken = note.typed.get("tongue") or (asked if asked in DESK_TAGS else tongue_of(request, signed))
        return draw(
            request,
            signed,
            "desk/privacy_letters.html",
            letters=[(kind, self._letters.body(kind, spoken), self._letters.fixed(kind, spoken)) for kind in KINDS],
            house=site_of(request).name,
            own={kind for kind in KINDS if self._letters.is_own(kind, spoken)},
            spoken=spoken,
            tongues=DESK_TAGS,
            limit=LETTER_LIMIT,
            note=note,
        )

    async def write(self, request: Request, signed: Signed) -> Response:
        """The house's own wording of one."""
        form = posted(request)
        kind = next((each for each in KINDS if each == form.get("kind")), None)
        tongue, body = form.get("tongue", ""), typed(form, "body")
        if kind is None or tongue not in DESK_TAGS:
            raise NotThere("no such letter")
        if len(body) > LETTER_LIMIT:
            note = Note(wrongs={f"body-{kind}": "pdesk.wrong.long"}, typed={"tongue": tongue})
        else:
            await self._letters.set(signed, kind, tongue, "" if form.get("do") == "back" else body)
            note = Note(about="letter", typed={"tongue": tongue})
        return see_other(await leave_note(self._services.passes, LETTERS, note))

    async def kept(self, request: Request, signed: Signed) -> Response:
        """What could exist, by kind: of the settings and a list, of no row."""
        now = self._services.now
        rows = [(each, None if each.days is None else each.days(now)) for each in KEPT]
        return draw(request, signed, "desk/privacy_kept.html", rows=rows, never=NEVER)

    async def lost(self, request: Request, signed: Signed) -> Response:
        """What whoever took a thing of ours now has, and what to do first."""
        return draw(request, signed, "desk/privacy_lost.html", taken=TAKEN, parts_of=PARTS)
