"""The hand that takes the chat the house holds with itself: a key of its own, made for one walk, and no staff's.

No process of a running house may open what is sealed to staff. So this chat is not sealed to them: its staff copy goes
to a pair that lives in memory for the length of a walk, and opens nothing else.
"""

from datetime import timedelta
from typing import Final

from starlette.websockets import WebSocket

from chat.apart import Apart, ApartDuty
from chat.kindling import Kindling
from chat.protocol.closing import Closing
from chat.relay import Relay
from chat.sockets.advocate import DeskLine
from chat.sockets.gate import admit, wire_of
from chat.sockets.loop import LineClosed
from chat.trained import Trained
from portal.errors import Away
from portal.ids import random_key
from portal.services import Services
from portal.staff.rights import Right, Role
from portal.staff.sessions.session import Signed
from portal.staff.training import CHAT
from portal.vault.sealing import public_of

HAND: Final = b"own-chat-hand"  # in the store without a disk: the private half, for the length of a walk
LASTS: Final = timedelta(minutes=3)
STAFF_ID: Final = b"porchlight-hand!"
VERSION: Final = 1
ALIAS: Final = "Porchlight"
DOOR: Final = "own-door"
LINE: Final = "own-line"


async def begin_hand(apart: Apart) -> tuple[str, str]:
    """Make the pair of one walk; answers the passes of its page and of its desk's line. Raises `ValkeyAway`."""
    await apart.services.embers.put(HAND, random_key(), LASTS)
    passes = apart.services.passes
    return await passes.issue(DOOR, b"", lasts=LASTS), await passes.issue(LINE, b"", lasts=LASTS)


class OwnKindling(Kindling):
    """Seals to that pair where the chat seals to the compartment of staff."""

    def __init__(self, apart: Apart) -> None:
        services = apart.services
        super().__init__(apart.relay.talks, services.embers, services.staff.ledger)
        self._hands = services.embers

    async def _chat_compartment(self) -> tuple[int, bytes]:
        private = await self._hands.get(HAND)
        if private is None:
            raise Away("no walk is on")
        return VERSION, public_of(private)


class OwnDuty(ApartDuty):
    """The shift of a hand that is nobody's."""

    def __init__(self, relay: Relay, services: Services) -> None:
        super().__init__(relay, services)
        self.trained = _NobodyIsAsked(services.staff.accounts)

    async def alias_of(self, staff_id: bytes) -> str:
        """What stands on the words it says."""
        return ALIAS if staff_id == STAFF_ID else await super().alias_of(staff_id)


class _NobodyIsAsked(Trained):
    async def as_she_is(self, signed: Signed) -> Signed:
        """The hand has no row."""
        return signed


class OwnLine(DeskLine):
    """A desk's line that a pass of this walk opens, where people's are opened by a session."""

    duty_type = OwnDuty

    async def _sign_in(self, csrf: str) -> Signed:
        opened = await self._services.passes.open(csrf, LINE)
        private = await self._services.embers.get(HAND)
        if opened is None or private is None:
            raise LineClosed(Closing.SIGNED_OUT)
        return Signed(
            staff_id=STAFF_ID,
            alias=ALIAS,
            role=Role.ADVOCATE,
            session=random_key(),
            rights=frozenset({Right.TAKE_CHATS}),
            csrf=csrf,
            languages=("en",),
            is_vouched=True,
            training=frozenset({CHAT}),
            _keys={"chat": {VERSION: private}},
        )

    async def _look_at_session(self, *, is_used: bool) -> None:
        """It has none; the line ends with the walk."""


async def serve_hand(websocket: WebSocket, apart: Apart) -> None:
    """The line of one walk's hand, from handshake to end."""
    if await admit(websocket, apart.services.settings.desk_origin):
        line = OwnLine(websocket, apart.relay, apart.errands, apart.services, apart.desks)
        wire_of(websocket).carry_on(line.run)
