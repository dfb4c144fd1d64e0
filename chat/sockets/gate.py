"""Stands before every line: the exact origin and the protocol's version, or no line at all."""

from starlette.websockets import WebSocket

from chat.protocol.kinds import SUBPROTOCOLS
from portal.line_wire import WIRE, BoundedLine
from portal.services import Services


async def admit(websocket: WebSocket, origin: str) -> bool:
    """Accept the handshake, or refuse it with 403 before there is a line.

    The Origin must be there once and be exactly ours: a sibling host, another port, a longer name that begins alike
    and `null` are all foreign. Of the versions a page offers the newest we speak is answered; a page that offers none
    of ours is refused too.
    """
    headers = websocket.headers
    is_ours = headers.getlist("origin") == [origin] and headers.get("sec-fetch-site", "same-origin") == "same-origin"
    offered = websocket.scope.get("subprotocols", ())
    spoken = next((version for version in SUBPROTOCOLS if version in offered), None)
    if not is_ours or spoken is None:
        await websocket.close()  # Before accept: the handshake is answered 403.
        return False
    await websocket.accept(subprotocol=spoken)
    return True


async def admit_to_desk(websocket: WebSocket, services: Services) -> bool:
    """The same before the lines of the desk, where no visitor ever calls: what is refused there is counted."""
    is_in = await admit(websocket, services.settings.desk_origin)
    if not is_in:
        services.staff.journal.count("desk.foreign")
    return is_in


def speaks(websocket: WebSocket, version: str) -> bool:
    """Whether its page knows this version or a newer one; to be asked while there is a handshake."""
    newer = SUBPROTOCOLS[: SUBPROTOCOLS.index(version) + 1]
    return any(each in newer for each in websocket.scope.get("subprotocols", ()))


def wire_of(websocket: WebSocket) -> BoundedLine:
    """The connection itself, past the layers between."""
    wire: BoundedLine = websocket.scope["extensions"][WIRE]
    return wire
