"""Tells who is behind a request or a websocket of the desk."""

from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from portal.staff.session import COOKIE, Signed, SignInNeeded

if TYPE_CHECKING:
    from portal.services import Services


async def signed_in(connection: HTTPConnection) -> Signed:
    """Who is behind a request or a websocket of the desk.

    Raises SignInNeeded when nobody is, or when the session is over, idle too long, of an older generation, or its
    person was deactivated. Raises ChainBroken when the key book does not match: nobody works on a book that lies.
    """
    cookie = connection.cookies.get(COOKIE)
    if not cookie:
        raise SignInNeeded("no cookie")
    services = cast("Services", connection.app.state.services)
    return await services.staff.who(cookie)
