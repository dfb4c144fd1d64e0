"""Writes the cookie of a session, and takes it away."""

from starlette.responses import Response

from portal.staff.sessions.session import COOKIE


def with_cookie(response: Response, token: str) -> Response:
    """The answer with a session's cookie: this host only, never to a script, never with another site's request."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")
    return response


def without_cookie(response: Response) -> Response:
    """The answer that takes the cookie away and tells the browser to forget all else of the desk.

    But not that somebody signed in here (`devices.py`): that opens nothing, and keeps strangers from
    keeping her out.
    """
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response
