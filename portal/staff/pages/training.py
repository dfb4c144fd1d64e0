"""Signing a person off for what she has learned, on the page about her."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.staff.acts import Acts
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.staff.training import CHAT, NotHerself
from portal.web.page import see_other


class TrainingPages:
    """One press each way; the page about a person shows how it stands."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        sign_off = desk_page(self.sign_off, Right.SIGN_OFF_TRAINING)
        return [Route("/desk/staff/{person}/training", sign_off, methods=["POST"])]

    async def sign_off(self, request: Request, signed: Signed) -> Response:
        """She has learned it, or is to learn it anew."""
        form, training = posted(request), self._acts.training
        try:
            person = from_text(request.path_params["person"], 16)
        except ValueError:
            raise NotThere("nobody") from None
        is_learned = form.get("learned", "") == "yes"
        try:
            await (training.sign_off if is_learned else training.take_back)(signed, person, form.get("what", CHAT))
            kind = "trained" if form.get("what", CHAT) == CHAT else "skilled"
            note = Note(about=kind if is_learned else f"un{kind}")
        except NotHerself as wrong:
            note = Note(phrase=wrong.phrase)
        return see_other(await leave_note(self._acts.services.passes, f"/desk/staff/{to_text(person)}", note))
