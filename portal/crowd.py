"""Turns the newest away kindly when more ask at once than one process serves well."""

from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import TooBusy

# Asked by watchers and by pages that are already open: they cost nothing and must not fail first.
_ALWAYS_SERVED = ("/health/", "/a/")


class Crowd:
    """Counts the requests under way and raises ``TooBusy`` beyond ``most``.

    Done here and not by the server's own limit, which answers a posted form with 503: a browser then keeps the
    posted words. Open sockets are not counted; they have bounds of their own.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or raise ``TooBusy``."""
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS_SERVED):
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._most:
            raise TooBusy
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1
