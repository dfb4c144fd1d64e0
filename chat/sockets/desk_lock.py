"""Stands between a desk's line and its page: once the session is locked it lets nothing through, and only counts."""

import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.websockets import WebSocket

from chat.aside import Aside
from chat.behind import may_open_notes
from chat.errands import Errands
from chat.own_words import COUNTS_OWN
from chat.protocol import advocate, server
from chat.protocol.closing import Closing
from chat.protocol.kinds import Reason
from chat.sockets.gate import speaks
from chat.sockets.loop import LineClosed
from portal.errors import Away
from portal.staff.sessions.session import Signed

# The version of the line whose page takes every word away when it is told `Locked`.
KNOWS_LOCKED: Final = "line.5"

Tell = Callable[[server.ToDesk], Awaitable[None]]
TellNow = Callable[[server.ToDesk], bool]
_PASSES = (server.Here, server.SignedOut, server.DeskRefused)


class DeskLock:
    """One line's lock. It is never taken away: the passphrase begins another session, and that another line."""

    def __init__(self, websocket: WebSocket, aside: Aside, errands: Errands, tell: Tell, tell_now: TellNow) -> None:
        self._is_understood = speaks(websocket, KNOWS_LOCKED)
        self.counts_own = speaks(websocket, COUNTS_OWN)
        self._aside = aside
        self._errands = errands
        self._tell = tell
        self._tell_now = tell_now
        self._told: server.Locked | None = None
        self._unanswered: Counter[str] = Counter()  # conversation -> her messages since the last answer, told here
        self._open: set[str] = set()  # conversations that stand on the page
        self._waiting = self._calls = 0
        self._heard = True

    @property
    def is_locked(self) -> bool:
        """Whether nothing may be shown or done."""
        return self._told is not None

    @property
    def reads_notes(self) -> Signed | None:
        """Who sits here, if she may open the notes people send."""
        return self._signed if may_open_notes(self._signed) else None

    async def begin(self, signed: Signed) -> None:
        """The line is proven: locked from its beginning, or she takes conversations again as she said before."""
        self._signed = signed
        if signed.is_locked:
            await self.lock()
            return
        with contextlib.suppress(Away):
            await self._errands.finish(self._aside.take_up(signed))

    async def lock(self) -> None:
        """From here on nothing is told but that something is there, and she is counted on by nobody new."""
        if self.is_locked:
            return
        if not self._is_understood:
            # An older page would go on showing what it has. What she holds stays hers: she signs in again at once.
            await self._tell(server.SignedOut())
            raise LineClosed(Closing.SIGNED_OUT)
        await self._say()
        with contextlib.suppress(Away):
            await self._errands.finish(self._aside.set_aside(self._signed))

    async def tell(self, told: server.ToDesk) -> None:
        """Tell the page, or count what it is not told."""
        if isinstance(told, server.TalkOpened):
            self._open.add(told.conversation)
        elif isinstance(told, server.ConversationErased):
            self._open.discard(told.conversation)
        if not self.is_locked or isinstance(told, _PASSES):
            await self._tell(told)
            return
        if isinstance(told, server.QueueSnapshot):
            # Called for as before she locked it: whoever hears it can open the desk again.
            is_free = sum(each.state == "talking" for each in told.mine) < told.capacity
            is_called = is_free and await self._errands.finish(self._aside.is_called(self._signed))
            self._waiting = len(told.waiting) + len(told.offers) if is_called else 0
            # A visitor said yes to her meanwhile: nobody else is meant, whatever else she takes.
            self._waiting += sum(each.guest and each.conversation not in self._open for each in told.watchable)
            self._calls = sum(each.loud for each in told.calls)
            self._heard = told.heard
        elif isinstance(told, server.DeskMessagePosted):
            self._count(told)
        elif isinstance(told, server.DeskMessageAccepted) and told.unsend_s:
            # Her own words, on their way as it was locked: an answer, and told in no other way.
            del self._unanswered[told.conversation]
        elif isinstance(told, server.ConversationErased):
            del self._unanswered[told.conversation]
        await self._say()

    def tell_now(self, told: server.ToDesk) -> bool:
        """The same where the network takes it at once, and nothing stands between."""
        return not self.is_locked and self._tell_now(told)

    async def refuse(self, frame: advocate.Spoken) -> None:
        """Answer what would be an act: it is not done, of a locked desk or for whoever has no right to it."""
        if not isinstance(frame, advocate.Typing):
            key, conversation = getattr(frame, "key", ""), getattr(frame, "conversation", "")
            reason: Reason = "locked" if self.is_locked else "not_there"
            await self._tell(server.DeskRefused(key=key, conversation=conversation, reason=reason))

    def _count(self, told: server.DeskMessagePosted) -> None:
        if told.author == "visitor":
            self._unanswered[told.conversation] += 1
        elif told.author == "advocate":
            del self._unanswered[told.conversation]

    async def _say(self) -> None:
        words = self._unanswered.total()
        now = server.Locked(waiting=self._waiting, calls=self._calls, words=words, heard=self._heard)
        if now != self._told:
            self._told = now
            await self._tell(now)
