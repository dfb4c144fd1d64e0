"""Tells who is behind a request or a websocket of the desk."""

from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from portal.staff.sessions.session import COOKIE, Signed, SignInNeeded

if TYPE_CHECKING:
    from portal.services import Services


async def signed_in(connection: HTTPConnection) -> Signed:
    """Who is behind a request or a websocket of the desk.

    Raises SignInNeeded when nobody is, or when the session is over, idle too long, of an older generation, or its
    person was deactivated; DeskLocked when only her passphrase opens it. Raises ChainBroken when the key book does not
    match: nobody works on a book that lies.
    """
    services, cookie = _asked(connection)
    return await services.staff.who(cookie, services.is_holding)


async def signed_in_even_locked(connection: HTTPConnection) -> Signed:
    """The same, and a locked session is handed over as one (`is_locked`): for what must go on behind the lock."""
    services, cookie = _asked(connection)
    return await services.staff.who_even_locked(cookie, services.is_holding)


async def tongue_behind(services: "Services", connection: HTTPConnection) -> str:
    """The language of whoever is behind a request, locked or not; empty where nobody is. It is no hand of hers."""
    cookie = connection.cookies.get(COOKIE)
    try:
        return (await services.staff.who_even_locked(cookie, services.is_holding)).tongue if cookie else ""
    except SignInNeeded:
        return ""


def _asked(connection: HTTPConnection) -> "tuple[Services, str]":
    cookie = connection.cookies.get(COOKIE)
    if not cookie:
        raise SignInNeeded("no cookie")
    return cast("Services", connection.app.state.services), cookie
