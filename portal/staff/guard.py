"""Stands at every door of the desk: session, origin, token and right, before a page's own code runs."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal, cast

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from portal.errors import NotThere, PorchlightError
from portal.staff.door import signed_in, signed_in_even_locked
from portal.staff.keys.reading import asks_again
from portal.staff.rights import Right
from portal.staff.sessions.session import DeskLocked, Signed, SignInNeeded
from portal.web.forms import KIB, Form, read_form
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services
    from portal.staff.trail.journal import Journal

TOKEN_FIELD: Final = "csrf"  # noqa: S105 (the name of a field, not a secret)
FORM_LIMIT: Final = 64 * KIB
SIGN_IN: Final = "/desk/signin"
LOCKED: Final = "/desk/locked"
AGAIN: Final = "/desk/again"
_GUARD: Final = "guard"

Handler = Callable[[Request, Signed], Awaitable[Response]]
OpenHandler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Guard:
    """What stands before one address: reached before sign-in (`open`), behind the lock, or by whoever has `right`."""

    kind: Literal["open", "lock", "desk"]
    right: Right | None = None


def guard_of(endpoint: object) -> Guard | None:
    """What stands before this endpoint of a route; None where nothing does."""
    found = getattr(endpoint, "__dict__", {}).get(_GUARD)
    return found if isinstance(found, Guard) else None


class NotFromHere(PorchlightError):
    """A change was asked for by a page that is not ours, or with another session's token."""

    phrase: ClassVar[str] = "desk.error.not_from_here"
    status: ClassVar[int] = 403


def desk_page(
    handler: Handler, right: Right | None = None, *, limit: int = FORM_LIMIT, is_hand: bool = True
) -> OpenHandler:
    """Wrap `handler(request, signed)` into an endpoint that only the right person reaches.

    Without a session: 303 to the sign-in page; with a locked one: 303 to the page that asks for the passphrase, and
    nothing of the form is read; where her time to read what is kept is over, to the one that asks for it in place of a
    lock. A POST must come from this very origin and carry the session's own
    token in the field `csrf`, or it answers 403 and changes nothing. A person without `right` gets exactly the
    answer of a page that does not exist. The form of a POST, of at most `limit` bytes, is read once here; the handler
    takes it by `posted`. `is_hand` False: a page of ours asks for it by itself, again and again, and her idle time
    goes on.
    """

    async def endpoint(request: Request) -> Response:
        changes = request.method not in ("GET", "HEAD")
        if changes:
            require_own_origin(request)
        else:
            _refuse_parts(request)
        try:
            signed = await (signed_in if is_hand else signed_in_even_locked)(request)
        except SignInNeeded:
            return see_other(SIGN_IN)
        except DeskLocked:
            return see_other(LOCKED)
        request.state.tongue = signed.tongue  # for a page about an error
        if signed.is_locked:
            return see_other(LOCKED)
        if asks_again(signed, right, begins=not changes):
            return see_other(AGAIN)
        if right is not None and not signed.may(right):
            _journal(request).count("desk.refused", signed.staff_id)
            raise NotThere("no such page for this person")
        request.state.signed = signed
        request.state.doors = await cast("Services", request.app.state.services).doors.doors()
        if changes:
            await _read_with_token(request, signed, limit)
        return await handler(request, signed)

    endpoint.__dict__[_GUARD] = Guard("desk", right)
    return endpoint


def lock_page(handler: Handler) -> OpenHandler:
    """Wrap what alone is reached behind the lock: the form for the passphrase, and its answer."""

    async def endpoint(request: Request) -> Response:
        changes = request.method not in ("GET", "HEAD")
        if changes:
            require_own_origin(request)
        else:
            _refuse_parts(request)
        try:
            signed = await signed_in_even_locked(request)
        except SignInNeeded:
            return see_other(SIGN_IN)
        if changes:
            await _read_with_token(request, signed)
        return await handler(request, signed)

    endpoint.__dict__[_GUARD] = Guard("lock")
    return endpoint


async def _read_with_token(request: Request, signed: Signed, limit: int = FORM_LIMIT) -> None:
    form = await read_form(request, limit=limit)
    # Compared as bytes: a token with foreign letters is a wrong token, not an error.
    if not hmac.compare_digest(form.get(TOKEN_FIELD, "").encode(), signed.csrf.encode()):
        _journal(request).count("desk.wrong_token", signed.staff_id)
        raise NotFromHere("wrong token")
    request.state.form = form


def open_desk_page(handler: OpenHandler) -> OpenHandler:
    """Wrap a page that is reached before anybody is signed in; a POST still has to come from this very origin."""

    async def endpoint(request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            require_own_origin(request)
            request.state.form = await read_form(request)
        return await handler(request)

    endpoint.__dict__[_GUARD] = Guard("open")
    return endpoint


def posted(request: Request) -> Form:
    """The form of a POST that passed the guard."""
    return cast(Form, request.state.form)


def _refuse_parts(request: Request) -> None:
    """Raise NotFromHere for what another page asks for as a part of itself: a picture, a frame, a fetch.

    It reads nothing of the answer, but every look at the desk is written down under her name and is a hand that keeps
    her session open. A link that somebody follows is answered as ever. Browsers that tell nothing are not refused: the
    cookie goes along with pages of this same site alone.
    """
    site, dest = request.headers.get("sec-fetch-site", "none"), request.headers.get("sec-fetch-dest", "document")
    if site not in ("none", "same-origin") and dest != "document":
        _journal(request).count("desk.foreign")
        raise NotFromHere("a part of a foreign page")


def require_own_origin(connection: HTTPConnection) -> None:
    """Raise NotFromHere unless the Origin is exactly the desk's own.

    Exact, whole, once: a missing Origin, `null`, another port, a sibling host or a longer name that begins alike
    are all foreign.
    """
    services = cast("Services", connection.app.state.services)
    origins, site = connection.headers.getlist("origin"), connection.headers.get("sec-fetch-site", "same-origin")
    if origins != [services.settings.desk_origin] or site != "same-origin":
        services.staff.journal.count("desk.foreign")
        raise NotFromHere("foreign origin or site")


def _journal(request: Request) -> "Journal":
    return cast("Services", request.app.state.services).staff.journal
