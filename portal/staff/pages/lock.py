"""The desk's lock: the press that sets it, the page that stands for every other one meanwhile, and the passphrase."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.staff.acts import Acts
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import LOCKED, desk_page, lock_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.cookie import with_cookie
from portal.staff.sessions.session import Signed
from portal.staff.unlock import TooManyTries, WrongPassphrase
from portal.vault.errors import PoolFull
from portal.web.page import see_other

HOME: Final = "/desk"
CHATS: Final = "/desk/chats"


class LockPages:
    """What is reached while the desk is locked; all else leads here."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route("/desk/lock", desk_page(self.lock), methods=["POST"]),
            Route(LOCKED, lock_page(self.ask), methods=["GET"]),
            Route(f"{LOCKED}/{{note}}", lock_page(self.ask), methods=["GET"]),
            Route("/desk/unlock", lock_page(self.unlock), methods=["POST"]),
        ]

    async def lock(self, _request: Request, signed: Signed) -> Response:
        """One press: from here on nothing of the desk is shown or done."""
        await self._acts.services.staff.sessions.lock(signed.session)
        return see_other(LOCKED)

    async def ask(self, request: Request, signed: Signed) -> Response:
        """The form for the passphrase; a desk that is not locked has none."""
        if not signed.is_locked:
            return see_other(HOME)
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(
            request,
            None,
            "desk/locked.html",
            speaks=tongue_of(request, signed),
            note=note,
            alias=signed.alias,
            csrf=signed.csrf,
            hears=signed.may(Right.TAKE_CHATS),
        )

    async def unlock(self, request: Request, signed: Signed) -> Response:
        """A new session in place of the locked one; one and the same answer for every wrong passphrase."""
        if not signed.is_locked:
            return see_other(HOME)
        try:
            new = await self._acts.sign_in.unlock(signed, posted(request).get("passphrase", ""))
        except (WrongPassphrase, TooManyTries, PoolFull) as wrong:
            phrase = "desk.lock.wrong" if isinstance(wrong, WrongPassphrase) else wrong.phrase
            return see_other(await leave_note(self._acts.services.passes, LOCKED, Note(phrase=phrase)))
        holds = signed.may(Right.TAKE_CHATS) and await self._acts.services.is_holding(signed.staff_id)
        return with_cookie(see_other(CHATS if holds else HOME), new.token)
