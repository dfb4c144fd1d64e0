"""The pages for a forgotten passphrase: the code a granter makes, and the form of the person who begins anew."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import NotThere, PorchlightError
from portal.ids import from_text
from portal.staff.acts import Acts
from portal.staff.anew import AnewOver
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong, check_new_sign_in
from portal.staff.guard import SIGN_IN, desk_page, open_desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.passphrase import NameWrong, PassphraseWeak
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.vault.errors import PoolFull
from portal.web.forms import Form
from portal.web.page import see_other

ANEW: Final = "/desk/anew"
CODE: Final = "/desk/anew/code"
CODE_LASTS: Final = timedelta(minutes=10)


class AnewPages:
    """One half is behind the right to give keys; the other is reached by whoever cannot sign in."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route("/desk/staff/{person}/reset", desk_page(self.begin, Right.GRANT_KEYS), methods=["POST"]),
            Route(f"{CODE}/{{note}}", desk_page(self.code, Right.GRANT_KEYS), methods=["GET"]),
            Route(ANEW, open_desk_page(self.ask), methods=["GET"]),
            Route(ANEW, open_desk_page(self.accept), methods=["POST"]),
            Route(f"{ANEW}/{{note}}", open_desk_page(self.ask), methods=["GET"]),
        ]

    async def begin(self, request: Request, signed: Signed) -> Response:
        """Take a person's keys and make the code she begins anew with."""
        try:
            holder = from_text(request.path_params["person"], 16)
        except ValueError:
            raise NotThere("nobody") from None
        passes, back = self._acts.services.passes, f"/desk/staff/{request.path_params['person']}"
        try:
            code = await self._acts.anew.begin(signed, posted(request).get("passphrase", ""), holder)
        except NotThere:
            raise
        except PorchlightError as wrong:
            if wrong.status >= 500:
                raise
            return see_other(await leave_note(passes, back, Note(phrase=wrong.phrase)))
        person = await self._acts.services.staff.accounts.person(holder)
        note = Note(lines=[code], typed={"alias": person.alias if person else ""})
        return see_other(await leave_note(passes, CODE, note, lasts=CODE_LASTS))

    async def code(self, request: Request, signed: Signed) -> Response:
        """The code, while its pass lasts."""
        note = await read_note(self._acts.services.passes, request.path_params)
        if not note.lines:
            return see_other("/desk/staff")
        return draw(request, signed, "desk/reset_code.html", note=note)

    async def ask(self, request: Request) -> Response:
        """The form for whoever has a code; without one it says how to come by one."""
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(request, None, "desk/anew.html", note=note)

    async def accept(self, request: Request) -> Response:
        """Make her new keys. She signs in then as everybody does, with her second proof where she has one."""
        form = posted(request)
        try:
            name, passphrase = check_new_sign_in(form)
            await self._acts.anew.accept(form.get("code", ""), name, passphrase)
        except FormWrong as wrong:
            return await self._again(form, wrong.wrongs)
        except AnewOver as wrong:
            return await self._again(form, {"code": wrong.phrase})
        except (NameWrong, PassphraseWeak, PoolFull) as wrong:
            return await self._again(form, {"passphrase": wrong.phrase})
        return see_other(SIGN_IN)

    async def _again(self, form: Form, wrongs: dict[str, str]) -> Response:
        typed = {name: form.get(name, "")[:200] for name in ("code", "name")}
        return see_other(await leave_note(self._acts.services.passes, ANEW, Note(wrongs=wrongs, typed=typed)))
