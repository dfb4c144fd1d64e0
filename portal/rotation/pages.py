"""The desk's page of the house's keys: how each stands, what was taken from whom, and changing one that is due now."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import LANGUAGES
from portal.errors import PorchlightError
from portal.ids import to_text
from portal.rotation.overdue import Overdue
from portal.rotation.overview import Overviews
from portal.rotation.turning import Turning
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services
    from portal.staff.proving import Proving

KEYS: Final = "/desk/keys"


class KeyPages:
    """One page, and the act on it."""

    def __init__(self, services: "Services", proving: "Proving") -> None:
        self._services = services
        self._proving = proving
        self._overviews = Overviews(services)
        self._turning = Turning(services)

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        return [
            Route(KEYS, desk_page(self.page, Right.SEE_STAFF), methods=["GET"]),
            Route(KEYS, desk_page(self.turn, Right.GRANT_KEYS), methods=["POST"]),
            Route(f"{KEYS}/after/{{note}}", desk_page(self.page, Right.SEE_STAFF), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """Every compartment and everybody something was taken from."""
        overview = await self._overviews.read()
        spoken = LANGUAGES[tongue_of(request, signed)]
        return draw(
            request,
            signed,
            "desk/keys.html",
            states=overview.states,
            past=[(person, to_text(person.id), rows) for person, rows in overview.past],
            day=lambda at: formats.day(spoken, at),
            keys_late=await late_since(self._services, request, signed),
            is_due=any(state.due for state in overview.states),
            note=await read_note(self._services.passes, request.path_params),
        )

    async def turn(self, request: Request, signed: Signed) -> Response:
        """Change what is due at once, with her passphrase, in place of waiting for a sign-in."""
        try:
            unlocked = await self._proving.prove(signed, posted(request).get("passphrase", ""))
            note = Note(about="turned" if await self._turning.turn(unlocked) else "nothing")
        except PorchlightError as wrong:
            if wrong.status >= 500:
                raise
            note = Note(phrase=wrong.phrase)
        return see_other(await leave_note(self._services.passes, f"{KEYS}/after", note))


async def late_since(services: "Services", request: Request, signed: Signed) -> str:
    """Since when a key is due that has waited too long, in words; empty where none has. Raises DatabaseAway."""
    late = await Overdue(services).now()
    return formats.day(LANGUAGES[tongue_of(request, signed)], min(each.since for each in late)) if late else ""
