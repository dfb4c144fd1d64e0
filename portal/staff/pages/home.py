"""The desk's first page after sign-in, and the page about oneself."""

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from i18n import formats
from i18n.languages import LANGUAGES
from portal.ids import to_text
from portal.rotation.pages import late_since
from portal.staff.acts import Acts
from portal.staff.drawing import TONGUES, draw, tongue_of
from portal.staff.forms import FormWrong, read_alias
from portal.staff.guard import SIGN_IN, desk_page, posted
from portal.staff.household.engine_line import engine_line
from portal.staff.household.house import KnownByThisName
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.granting import standing
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.cookie import without_cookie
from portal.staff.sessions.session import Signed
from portal.web.page import see_other


class HomePages:
    """Where a person begins, and what she can see and change about herself."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route("/", self.door, methods=["GET"]),
            Route("/desk", desk_page(self.home), methods=["GET"]),
            Route("/desk/me", desk_page(self.me), methods=["GET"]),
            Route("/desk/me", desk_page(self.change_me), methods=["POST"]),
            Route("/desk/me/alias", desk_page(self.change_alias), methods=["POST"]),
            Route("/desk/me/{note}", desk_page(self.me), methods=["GET"]),
            Route("/desk/me/sessions", desk_page(self.end_sessions), methods=["POST"]),
        ]

    async def door(self, request: Request) -> Response:
        """The desk's bare address leads to the desk."""
        return see_other("/desk")

    async def home(self, request: Request, signed: Signed) -> Response:
        """Links to what this person may do, and what she waits for."""
        engine = await engine_line(self._acts.services, tongue_of(request, signed)) if signed.rights else None
        return draw(
            request,
            signed,
            "desk/home.html",
            digits=await self._digits(signed),
            engine=engine,
            walk=await self._acts.services.first_shifts.of(signed.staff_id) if signed.may(Right.TAKE_CHATS) else None,
            keys_late=await late_since(self._acts.services, request, signed) if signed.may(Right.SEE_STAFF) else "",
            since=_moment(request, signed),
        )

    async def me(self, request: Request, signed: Signed) -> Response:
        """Her alias, language, keys and sessions."""
        ledger = await self._acts.services.staff.ledger.current()
        return draw(
            request,
            signed,
            "desk/sessions.html",
            digits=await self._digits(signed),
            standing=standing(ledger, signed.staff_id),
            sessions=await self._acts.own_sessions.all(signed),
            to_text=to_text,
            tongues=TONGUES,
            note=await read_note(self._acts.services.passes, request.path_params),
        )

    async def change_me(self, request: Request, signed: Signed) -> Response:
        """Let the desk speak another language to her."""
        tongue = posted(request).get("tongue", "")
        if tongue in TONGUES:
            await self._acts.house.speak(signed, tongue)
        return see_other("/desk/me")

    async def change_alias(self, request: Request, signed: Signed) -> Response:
        """Take another name for work: told to visitors from the next conversation on."""
        try:
            await self._acts.house.call_her(signed, read_alias(posted(request)))
        except FormWrong as wrong:
            return see_other(await leave_note(self._acts.services.passes, "/desk/me", Note(wrongs=wrong.wrongs)))
        except KnownByThisName as wrong:
            return see_other(await leave_note(self._acts.services.passes, "/desk/me", Note(phrase=wrong.phrase)))
        return see_other("/desk/me")

    async def end_sessions(self, request: Request, signed: Signed) -> Response:
        """Sign her out everywhere, here too."""
        await self._acts.sign_in.sign_out_everywhere(signed)
        return without_cookie(see_other(SIGN_IN))

    async def _digits(self, signed: Signed) -> list[str]:
        person = await self._acts.services.staff.accounts.person(signed.staff_id)
        return [] if person is None else spoken_digits(person.open_public, person.sign_public)


def _moment(request: Request, signed: Signed) -> Callable[[datetime], str]:
    """A day and its hour, by the house's own clock."""
    spoken, doors = LANGUAGES[tongue_of(request, signed)], request.state.doors

    def written(at: datetime) -> str:
        here = at.astimezone(doors.clock)
        return f"{formats.day(spoken, here)} {formats.clock(spoken, here)}"

    return written
