"""One's own second proofs: making them and taking them away, and what a browser is told to ask for a passkey."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import PorchlightError
from portal.ids import from_text, to_text
from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, open_desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.proofs import totp
from portal.staff.proofs.enrolling import LONGEST_NAME
from portal.staff.proofs.factors import Slip, slips_left
from portal.staff.sessions.session import Signed
from portal.store.passes import LASTS
from portal.web.forms import Form
from portal.web.page import see_other

SECOND: Final = "/desk/me/second"
BEGUN: Final = "second"  # the kind of pass that carries a secret to the page that shows it
# As long as it takes to find a phone and put an app on it.
BEGUN_LASTS: Final = timedelta(minutes=15)
SLIP_LASTS: Final = timedelta(minutes=5)

Act = Callable[[Signed, Form], Coroutine[Any, Any, list[str]]]  # Any: what a coroutine sends and yields, never used


class SecondPages:
    """Reached by everybody who is signed in; of one who has to make a second proof first, nothing else is."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route(SECOND, desk_page(self.mine), methods=["GET"]),
            Route(f"{SECOND}/code", desk_page(self.begin_code), methods=["POST"]),
            Route(f"{SECOND}/code/add", desk_page(self.add_code), methods=["POST"]),
            Route(f"{SECOND}/code/{{begun}}", desk_page(self.show_code), methods=["GET"]),
            Route(f"{SECOND}/passkey", desk_page(self.options), methods=["GET"]),
            Route(f"{SECOND}/passkey", desk_page(self._page(self._add_passkey)), methods=["POST"]),
            Route(f"{SECOND}/slip", desk_page(self._page(self._new_slip)), methods=["POST"]),
            Route(f"{SECOND}/remove", desk_page(self._page(self._remove)), methods=["POST"]),
            Route(f"{SECOND}/{{note}}", desk_page(self.mine), methods=["GET"]),
            Route("/desk/signin/passkey", open_desk_page(self.sign_in_options), methods=["GET"]),
        ]

    async def mine(self, request: Request, signed: Signed) -> Response:
        """What she has, and the three ways to have more."""
        held = await self._acts.enrolling.mine(signed)
        left = [slips_left(each) for each in held if isinstance(each.opened, Slip)]
        asking, today = self._acts.services.staff.asking, self._acts.services.clock.now().date()
        is_asked = asking.asks(signed.role, signed.second)
        return draw(
            request,
            signed,
            "desk/second.html",
            held=[(to_text(each.id), each) for each in held if not isinstance(each.opened, Slip)],
            left=sum(left),
            has_slip=bool(left),
            is_asked=is_asked,
            days=asking.days_left(signed.role, signed.second, today) if is_asked else 0,
            passkeys=self._acts.seconds.passkeys.are_possible,
            note=await read_note(self._acts.services.passes, request.path_params),
        )

    async def begin_code(self, request: Request, signed: Signed) -> Response:
        """Her passphrase, then the page with the secret; it stands in no address and in no row yet."""
        try:
            secret = await self._acts.enrolling.begin_code(signed, posted(request).get("passphrase", ""))
        except PorchlightError as wrong:
            return await self._back(wrong)
        carried = signed.staff_id + secret
        return see_other(f"{SECOND}/code/{await self._acts.services.passes.issue(BEGUN, carried, lasts=BEGUN_LASTS)}")

    async def show_code(self, request: Request, signed: Signed) -> Response:
        """The picture for her app, the secret to type, and the field for the first digits."""
        begun = request.path_params["begun"]
        secret = await self._begun(begun, signed)
        if secret is None:
            return see_other(SECOND)
        facts = await self._acts.house.facts()
        size, path = totp.picture(totp.address(secret, facts.name, signed.alias))
        spelled = totp.spelled(secret)
        return draw(
            request,
            signed,
            "desk/second_code.html",
            begun=begun,
            size=size,
            path=path,
            spelled=[spelled[at : at + 4] for at in range(0, len(spelled), 4)],
            wrong=request.query_params.get("again") == "1",
        )

    async def add_code(self, request: Request, signed: Signed) -> Response:
        """The first digits of her app make it a second proof."""
        form = posted(request)
        begun = form.get("begun", "")
        secret = await self._begun(begun, signed)
        if secret is None:
            return see_other(SECOND)
        try:
            codes = await self._acts.enrolling.add_code(signed, secret, _name(form), form.get("code", ""))
        except PorchlightError as wrong:
            if wrong.status >= 500:
                raise
            # The same secret once more: her app has it already.
            return see_other(f"{SECOND}/code/{begun}?again=1")
        await self._acts.services.passes.spend(begun, BEGUN)
        return await self._done("added", codes)

    async def options(self, _request: Request, signed: Signed) -> Response:
        """What her browser is told to make a passkey."""
        return _json(await self._acts.enrolling.ask_passkey(signed))

    async def sign_in_options(self, _request: Request) -> Response:
        """What a browser is told to show a passkey, before anybody is known: alike for everyone."""
        return _json(await self._acts.seconds.passkeys.ask())

    async def _add_passkey(self, signed: Signed, form: Form) -> list[str]:
        return await self._acts.enrolling.add_passkey(
            signed, form.get("passphrase", ""), _name(form), form.get("passkey", "")
        )

    async def _new_slip(self, signed: Signed, form: Form) -> list[str]:
        return await self._acts.enrolling.new_slip(signed, form.get("passphrase", ""))

    async def _remove(self, signed: Signed, form: Form) -> list[str]:
        try:
            factor = from_text(form.get("factor", ""), 16)
        except ValueError:
            factor = b""
        await self._acts.enrolling.remove(signed, form.get("passphrase", ""), factor)
        return []

    def _page(self, act: Act) -> Callable[[Request, Signed], Coroutine[Any, Any, Response]]:
        async def page(request: Request, signed: Signed) -> Response:
            try:
                codes = await act(signed, posted(request))
            except PorchlightError as wrong:
                return await self._back(wrong)
            return await self._done("slip" if act == self._new_slip else "changed", codes)

        return page

    async def _begun(self, begun: str, signed: Signed) -> bytes | None:
        carried = await self._acts.services.passes.open(begun, BEGUN)
        return carried[16:] if carried is not None and carried[:16] == signed.staff_id else None

    async def _done(self, about: str, codes: list[str]) -> Response:
        note, lasts = Note(about=about, lines=codes), SLIP_LASTS if codes else LASTS
        return see_other(await leave_note(self._acts.services.passes, SECOND, note, lasts=lasts))

    async def _back(self, wrong: PorchlightError) -> Response:
        if wrong.status >= 500 or wrong.status == 404:
            raise wrong
        return see_other(await leave_note(self._acts.services.passes, SECOND, Note(phrase=wrong.phrase)))


def _name(form: Form) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in form.get("name", ""))
    return " ".join(text.split())[:LONGEST_NAME]


def _json(text: str) -> Response:
    return Response(text, headers={"cache-control": "no-store"}, media_type="application/json")
