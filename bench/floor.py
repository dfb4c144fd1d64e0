"""The floor: the same server and the same loop with an application that does nothing but answer."""

from __future__ import annotations

import os
import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from portal.listening import listen
from portal.worker import serve


async def echo(websocket: WebSocket) -> None:
    """Say back what was said, unread, unkept and unchecked."""
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


async def nothing(_request: Request) -> Response:
    """A page of three letters."""
    return PlainTextResponse("ok\n")


def main(port: int) -> None:
    """Serve the floor on ``port`` until the parent ends."""
    app = Starlette(routes=[Route("/", nothing), WebSocketRoute("/echo", echo)])
    ready = os.open(os.devnull, os.O_WRONLY)
    serve(app, listen("127.0.0.1", port), parent=os.getppid(), ready=ready)


if __name__ == "__main__":
    main(int(sys.argv[1]))
