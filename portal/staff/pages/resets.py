"""A colleague's lost second proof: asking for it to be taken away, and doing so as the second person."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere, PorchlightError
from portal.ids import from_text, to_text
from portal.staff.acts import Acts
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other


class ResetPages:
    """One address, three presses; the page about a person shows how it stands."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        act = desk_page(self.act, Right.RESET_SECOND)
        return [Route("/desk/staff/{person}/second", act, methods=["POST"])]

    async def act(self, request: Request, signed: Signed) -> Response:
        """Ask, do, or say no."""
        form, resets = posted(request), self._acts.resets
        try:
            person = from_text(request.path_params["person"], 16)
        except ValueError:
            raise NotThere("nobody") from None
        passphrase, word = form.get("passphrase", ""), form.get("do", "")
        try:
            if word == "ask":
                await resets.ask(signed, passphrase, person)
            elif word == "reset":
                await resets.do(signed, passphrase, person)
            else:
                await resets.refuse(signed, person)
            note = Note(about=f"second_{word}" if word in ("ask", "reset") else "second_no")
        except NotThere:
            raise
        except PorchlightError as wrong:
            if wrong.status >= 500:
                raise
            note = Note(phrase=wrong.phrase)
        return see_other(await leave_note(self._acts.services.passes, f"/desk/staff/{to_text(person)}", note))
