"""Stands before every line: the exact origin and the protocol's version, or no line at all."""

from starlette.websockets import WebSocket

from chat.protocol.kinds import SUBPROTOCOL


async def admit(websocket: WebSocket, origin: str) -> bool:
    """Accept the handshake, or refuse it with 403 before there is a line.

    The Origin must be there once and be exactly ours: a sibling host, another port, a longer name that begins alike
    and `null` are all foreign. A page that speaks another version of the protocol is refused too.
    """
    headers = websocket.headers
    is_ours = headers.getlist("origin") == [origin] and headers.get("sec-fetch-site", "same-origin") == "same-origin"
    if not is_ours or SUBPROTOCOL not in websocket.scope.get("subprotocols", ()):
        await websocket.close()  # Before accept: the handshake is answered 403.
        return False
    await websocket.accept(subprotocol=SUBPROTOCOL)
    return True
