"""The page on which somebody changes her own passphrase."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import PorchlightError
from portal.staff.acts import Acts
from portal.staff.changing import AnotherName
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong, check_new_sign_in
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.sessions.session import Signed
from portal.staff.unlock import TooManyTries, WrongPassphrase
from portal.vault.errors import PoolFull
from portal.web.page import see_other

CHANGE: Final = "/desk/me/passphrase"


class PassphrasePages:
    """Reached from the page about oneself."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        return [
            Route(CHANGE, desk_page(self.ask), methods=["GET"]),
            Route(CHANGE, desk_page(self.change), methods=["POST"]),
            Route(f"{CHANGE}/{{note}}", desk_page(self.ask), methods=["GET"]),
        ]

    async def ask(self, request: Request, signed: Signed) -> Response:
        """The form."""
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(request, signed, "desk/own_passphrase.html", note=note)

    async def change(self, request: Request, signed: Signed) -> Response:
        """Lock her keys under the new one. The name she typed stands in the form again, a passphrase never."""
        form, passes = posted(request), self._acts.services.passes
        try:
            name, newer = check_new_sign_in(form)
            await self._acts.changing.change(signed, name, form.get("now", ""), newer)
            note = Note(about="passphrase")
        except FormWrong as wrong:
            note = Note(wrongs=wrong.wrongs)
        except AnotherName as wrong:
            note = Note(wrongs={"name": wrong.phrase})
        except (WrongPassphrase, TooManyTries) as wrong:
            note = Note(wrongs={"now": _of_now(wrong)})
        except PoolFull as wrong:
            note = Note(wrongs={"passphrase": wrong.phrase})
        if note.wrongs:
            note.typed["name"] = form.get("name", "")[:200]
        return see_other(await leave_note(passes, CHANGE, note))


def _of_now(wrong: PorchlightError) -> str:
    # The phrase of the sign-in speaks of a name and a passphrase; here only one of them was asked.
    return "coming.passphrase.wrong" if isinstance(wrong, WrongPassphrase) else wrong.phrase
