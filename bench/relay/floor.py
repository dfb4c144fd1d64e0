"""The floor: the shortest relay one would write with Starlette and redis-py, acknowledging, keeping nothing."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

# The library's own bound of 100 connections raises instead of waiting, and a hundred people write at once here.
store = Redis.from_url(os.environ["REDIS_URL"], max_connections=1000, protocol=3)
heard = store.pubsub()
listeners: dict[bytes, set[WebSocket]] = {}
somebody_came = asyncio.Event()
OTHER = {"visitor": "advocate", "advocate": "visitor"}


async def relay(websocket: WebSocket) -> None:
    """One socket: joins its conversations; then each of its words is published, and acknowledged when it was."""
    await websocket.accept()
    joining = json.loads(await websocket.receive_text())
    side, names = joining["as"], joining["join"]
    channels = [f"{name}:{side}".encode() for name in names]
    for channel in channels:
        listeners.setdefault(channel, set()).add(websocket)
    await heard.subscribe(*channels)
    somebody_came.set()
    await websocket.send_text(json.dumps({"joined": len(names)}))
    with suppress(WebSocketDisconnect):
        async for text in websocket.iter_text():
            said = json.loads(text)
            await store.publish(f"{said['talk']}:{OTHER[side]}", text)
            await websocket.send_text(json.dumps({"talk": said["talk"], "taken": said["key"]}))
    for channel in channels:
        listeners[channel].discard(websocket)


async def hear() -> None:
    """One subscriber for the process: hands each word to the sockets of the other side."""
    await somebody_came.wait()
    async for message in heard.listen():
        if message["type"] == "message":
            text = message["data"].decode()
            for websocket in tuple(listeners.get(message["channel"], ())):
                with suppress(WebSocketDisconnect, RuntimeError):
                    await websocket.send_text(text)


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Hears for as long as the process serves."""
    hearing = asyncio.create_task(hear())
    yield
    hearing.cancel()


app = Starlette(routes=[WebSocketRoute("/relay", relay)], lifespan=lifespan)
