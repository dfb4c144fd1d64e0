"""The door of the desk: signing in, and coming in with an invitation."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import Away, PorchlightError
from portal.staff.acts import Acts
from portal.staff.door import signed_in_even_locked
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong, check_new_sign_in
from portal.staff.guard import SIGN_IN, open_desk_page, posted
from portal.staff.invitations import InvitationOver, NameTaken
from portal.staff.note import Note, leave_note, read_note
from portal.staff.pages.second import SECOND
from portal.staff.passphrase import NameWrong, PassphraseWeak
from portal.staff.proofs.second import SecondTyped
from portal.staff.sessions.cookie import with_cookie
from portal.staff.sessions.devices import DEVICE, with_device
from portal.staff.sessions.session import Signed, SignInNeeded
from portal.staff.signin import SignedIn
from portal.staff.unlock import TooManyTries, WrongPassphrase
from portal.vault.errors import PoolFull
from portal.web.forms import Form
from portal.web.page import see_other

WELCOME: Final = "/desk/welcome"


class SignInPages:
    """What can be reached without a session."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route(SIGN_IN, open_desk_page(self.ask), methods=["GET"]),
            Route(SIGN_IN, open_desk_page(self.come_in), methods=["POST"]),
            Route(f"{SIGN_IN}/{{note}}", open_desk_page(self.ask), methods=["GET"]),
            Route(WELCOME, open_desk_page(self.welcome), methods=["GET"]),
            Route(WELCOME, open_desk_page(self.accept), methods=["POST"]),
            Route(f"{WELCOME}/{{note}}", open_desk_page(self.welcome), methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The sign-in form; before set-up it leads there."""
        if not request.state.site.is_set_up and not (await self._acts.house.facts()).is_set_up:
            return see_other("/desk/setup")
        note = await read_note(self._acts.services.passes, request.path_params)
        passkeys = self._acts.seconds.passkeys.are_possible
        return draw(request, None, "desk/signin.html", note=note, passkeys=passkeys)

    async def come_in(self, request: Request) -> Response:
        """A new session for who knows the passphrase; one and the same answer for everybody else."""
        form, kept = posted(request), request.cookies.get(DEVICE, "")
        name = form.get("name", "")
        try:
            device = await self._acts.devices.known(kept, name)
            before = await self._who_came(request)
            second = SecondTyped(form.get("code", ""), form.get("passkey", ""))
            new = await self._acts.sign_in.sign_in(
                name, form.get("passphrase", ""), before, device=device, second=second
            )
        except (WrongPassphrase, TooManyTries, PoolFull) as wrong:
            phrase = "coming.signin.wrong" if isinstance(wrong, WrongPassphrase) else wrong.phrase
            return see_other(await leave_note(self._acts.services.passes, SIGN_IN, Note(phrase=phrase)))
        answer = with_cookie(see_other(await self._first_page(new)), new.token)
        return with_device(answer, await self._acts.devices.add(kept, name))

    async def welcome(self, request: Request) -> Response:
        """The form for somebody with an invitation."""
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(request, None, "desk/welcome.html", note=note)

    async def accept(self, request: Request) -> Response:
        """Make the account, and sign its person in."""
        form = posted(request)
        try:
            name, passphrase = check_new_sign_in(form)
            unlocked = await self._acts.invitations.accept(form.get("code", ""), name, passphrase)
        except FormWrong as wrong:
            return await self._again(form, wrong.wrongs)
        except InvitationOver as wrong:
            return await self._again(form, {"code": wrong.phrase})
        except (NameTaken, NameWrong) as wrong:
            return await self._again(form, {"name": wrong.phrase})
        except (PassphraseWeak, PoolFull) as wrong:
            return await self._again(form, {"passphrase": wrong.phrase})
        try:
            new = await self._acts.sign_in.let_in(unlocked)
            answer = with_cookie(see_other(await self._first_page(new)), new.token)
            kept = request.cookies.get(DEVICE, "")
            return with_device(answer, await self._acts.devices.add(kept, form.get("name", "")))
        except Away:
            # Her account is made and the code used up: sent again it would be told to be over. She signs in.
            return see_other(SIGN_IN)

    async def _first_page(self, new: SignedIn) -> str:
        """Where she begins: at her second proof while she has none, else at the desk."""
        if new.is_asked:
            return SECOND
        if not new.wrong:
            return "/desk"
        # Somebody knows her passphrase. She is told before she does anything else.
        note = Note(about="tried", typed={"times": str(new.wrong)})
        return await leave_note(self._acts.services.passes, SECOND, note)

    async def _who_came(self, request: Request) -> Signed | None:
        try:
            return await signed_in_even_locked(request)
        except (SignInNeeded, PorchlightError):
            return None

    async def _again(self, form: Form, wrongs: dict[str, str]) -> Response:
        note = Note(wrongs=wrongs, typed={"name": form.get("name", "")[:200], "code": form.get("code", "")[:60]})
        return see_other(await leave_note(self._acts.services.passes, WELCOME, note))
