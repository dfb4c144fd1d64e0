"""The relay job on python-socketio with its Redis manager: a room for each side of each conversation."""

from __future__ import annotations

import os
from typing import Any

import socketio

server = socketio.AsyncServer(
    async_mode="asgi",
    client_manager=socketio.AsyncRedisManager(os.environ["REDIS_URL"], redis_options={"max_connections": 1000}),
    transports=["websocket"],
    http_compression=False,
)
app = socketio.ASGIApp(server)
OTHER = {"visitor": "advocate", "advocate": "visitor"}
sides: dict[str, str] = {}


@server.event  # type: ignore[untyped-decorator]
async def join(sid: str, side: str, names: list[str]) -> int:
    """Enter these conversations."""
    sides[sid] = side
    for name in names:
        await server.enter_room(sid, f"{name}:{side}")
    return len(names)


@server.event  # type: ignore[untyped-decorator]
async def say(sid: str, said: dict[str, Any]) -> bool:
    """Words for the other side; what is returned acknowledges them, once they were published."""
    await server.emit("said", said, room=f"{said['talk']}:{OTHER[sides[sid]]}")
    return True


@server.event  # type: ignore[untyped-decorator]
async def disconnect(sid: str, _reason: str) -> None:
    """It is gone."""
    sides.pop(sid, None)
