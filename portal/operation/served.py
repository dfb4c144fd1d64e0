"""Answers those who collect metrics, on a port of their own that no proxy leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.health import health_routes
from portal.operation.metrics import HouseCollector

if TYPE_CHECKING:
    from portal.services import Services


def build_metrics(services: Services) -> ASGIApp:
    """`/metrics`, and the two questions of health; everything else is not there, and so is all of it for a browser."""
    # Made anew: the library's own registry would tell of this process and its Python too.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(HouseCollector(services.tally, services.lookout))

    async def metrics(request: Request) -> Response:
        encode, kind = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"content-type": kind, "cache-control": "no-store"})

    router = Router([Route("/metrics", metrics, methods=["GET"]), *health_routes(services)], default=_not_there)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        # Whoever collects is no browser: a page that somebody opened on this machine has nothing to ask here.
        if scope["type"] == "http" and not any(name.startswith(b"sec-fetch-") for name, _ in scope["headers"]):
            await router(scope, receive, send)
        else:
            await _not_there(scope, receive, send)

    return serve


async def _not_there(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    await PlainTextResponse("not there\n", 404)(scope, receive, send)
