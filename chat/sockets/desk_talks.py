"""The conversations open on one desk's line: opens what is hers, wipes what is not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from chat.access import EmberLost
from chat.cards import Speech
from chat.conversation import DeskTalk
from chat.errands import Errands
from chat.protocol import server
from chat.protocol.advocate import HeldTalk
from chat.refusals import ConversationOver, NotThisDesk
from chat.relay import Relay
from chat.sockets.desk_lock import DeskLock
from chat.sockets.desk_look import DeskLook
from chat.sockets.desk_talk import TalkOnDesk
from chat.watch import Watch
from portal.errors import Away
from portal.ids import to_text
from portal.staff.sessions.session import Signed
from portal.store.channels import Channels

# For so long an act waits until what it is about is open on a new line.
OPENS_WITHIN_S: Final = 2.0

# Who has a conversation that was hers, empty while it waits, None where nothing is to be told. Raises Away.
Whose = Callable[[bytes], Coroutine[Any, Any, str | None]]


class TalksOnDesk:
    """Owns the tasks of every conversation on one line."""

    def __init__(
        self, relay: Relay, errands: Errands, channels: Channels, page: DeskLock, whose: Whose, speech: Speech
    ) -> None:
        self._relay = relay
        self._errands = errands
        self._channels = channels
        self._page = page
        self._tell = page.tell
        self._whose = whose
        # Told that they wait again; who takes them is told too.
        self._left_waiting: set[bytes] = set()
        self._speech = speech
        self._open: dict[bytes, TalkOnDesk] = {}
        self._shown_before: dict[bytes, HeldTalk] = {}
        self._shown_still: dict[bytes, HeldTalk] = {}  # ended here, and the page was not told to wipe it yet
        self._changing: set[bytes] = set()
        self._has_looked = False  # which are hers
        self._turned_up = asyncio.Event()  # that, or one of those the page showed is open here, or another's
        self._look = DeskLook(Watch(relay), self._open.values)
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def are_held(self) -> bool:
        """Whether any conversation is open here."""
        return bool(self._open)

    def remember(self, shown: dict[bytes, HeldTalk]) -> None:
        """How far the page got before its line was cut."""
        self._shown_before = shown

    def get(self, conversation: bytes) -> TalkOnDesk | None:
        """One that is open here, or None."""
        return self._open.get(conversation)

    async def when_open(self, conversation: str, act: Coroutine[Any, Any, None]) -> None:
        """Do it once what it is about is open here, or known not to be hers.

        A page says again what has no answer with the first frame it hears, and one that was locked has forgotten what
        it showed. Raises Away when it takes too long.
        """
        try:
            async with asyncio.timeout(OPENS_WITHIN_S):
                while conversation and (not self._has_looked or conversation in map(to_text, self._shown_before)):
                    await self._turned_up.wait()
        except TimeoutError:
            act.close()
            raise Away from None
        await act

    def held(self, conversation: bytes) -> TalkOnDesk:
        """One that this advocate holds, or may still read after its end. Raises NotThisDesk."""
        here = self._open.get(conversation)
        if here is None or here.talk.role != "owner":
            raise NotThisDesk
        return here

    async def run(self) -> None:
        """Live as long as the line."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                await self._look.run()
            finally:
                for held in self._open.values():
                    held.end()

    async def hold(self, talk: DeskTalk, key: str = "") -> None:
        """Open one on the desk; `key` is that of the take it answers. Open already, it is only told again."""
        held = self._open.get(talk.id)
        if held is not None and (held.talk.fence, held.talk.role) == (talk.fence, talk.role):
            await held.opened(key)
            return
        if held is not None:
            held.leave()
        shown = self._shown_before.get(talk.id) or self._shown_still.pop(talk.id, None)
        if held is not None and held.talk.role != "owner":
            # What she read before it was hers, or hers next, or before she joined, stands on her page.
            shown = _shown(held)
        held = TalkOnDesk(
            talk,
            self._relay,
            self._errands,
            self._channels,
            self._page,
            self._speech,
            self._look.soon,
            self._left,
            last=shown.last if shown else 0,
            last_note=shown.last_note if shown else 0,
        )
        # Entered first: the queue's own round must not open it a second time meanwhile.
        self._open[talk.id] = held
        try:
            await held.opened(key)
        except BaseException:
            self._let_go(held)
            raise
        self._has_turned_up(talk.id)
        if self._tasks is None:
            raise RuntimeError("the line is not running")
        held.begin(self._tasks)
        self._look.soon(held)

    @asynccontextmanager
    async def changes(self, conversation: bytes) -> AsyncIterator[None]:
        """While she becomes something else to it: the end of what she was wipes nothing that is opened anew."""
        self._changing.add(conversation)
        try:
            yield
        finally:
            self._changing.discard(conversation)
            if conversation in self._shown_still:
                await self._wiped(conversation)

    async def reconcile(self, signed: Signed, mine: list[bytes]) -> bool:
        """Open what is hers and not open here yet; what her page still shows and is not hers is wiped.

        False when something of hers cannot be opened yet: its ember is on its way back, so ask again soon.
        """
        is_whole = True
        for conversation in mine:
            if conversation not in self._open:
                is_told = await self._hold_again(signed, conversation)
                is_whole &= is_told
                if not is_told:
                    # Whatever is said there waits for it, also from a page that has forgotten it.
                    anew = HeldTalk(conversation=to_text(conversation), last=0, last_note=0)
                    self._shown_before.setdefault(conversation, anew)
        for conversation in self._shown_before.keys() - set(mine):
            # One she reads along in is hers by its own mark alone.
            is_told = await self._hold_again(signed, conversation)
            is_whole &= is_told
            if conversation in self._open or not is_told:
                continue
            self._has_turned_up(conversation)
            await self._wiped(conversation)
        self._has_looked = True
        self._wake()
        for conversation in tuple(self._left_waiting):
            await self._look_whose(conversation)
        return is_whole

    async def _hold_again(self, signed: Signed, conversation: bytes) -> bool:
        opening = self._relay.access.conversation_at_desk(signed, conversation)
        try:
            await self.hold(await self._errands.finish(opening))
        except EmberLost:
            await self._errands.finish(self._relay.kindling.ask_others(conversation))
            return False
        except (NotThisDesk, ConversationOver):
            pass
        return True

    def _has_turned_up(self, conversation: bytes) -> None:
        self._shown_before.pop(conversation, None)
        self._wake()

    def _wake(self) -> None:
        self._turned_up.set()
        self._turned_up = asyncio.Event()

    def _left(self, held: TalkOnDesk) -> None:
        if self._tasks is not None:
            self._tasks.create_task(self._over(held))

    async def _over(self, held: TalkOnDesk) -> None:
        is_replaced = self._open.get(held.talk.id) is not held
        self._let_go(held)
        # One that was taken anew meanwhile stands on the page already.
        if not is_replaced:
            if held.talk.role != "owner":
                self._shown_still[held.talk.id] = _shown(held)
            await self._wiped(held.talk.id)

    async def _wiped(self, conversation: bytes) -> None:
        """Nothing of it is left here; who has it now is told to the one it was taken from."""
        by = await self._has_now(conversation)
        if conversation in self._open or conversation in self._changing:
            return  # opened anew while this asked, or about to be: it stands on the page
        self._shown_still.pop(conversation, None)
        if by == "":
            self._left_waiting.add(conversation)
        await self._tell(server.ConversationErased(conversation=to_text(conversation), by=by))

    async def _look_whose(self, conversation: bytes) -> None:
        by = await self._has_now(conversation)
        if by == "":
            return
        self._left_waiting.discard(conversation)
        if by is not None:
            await self._tell(server.ConversationErased(conversation=to_text(conversation), by=by))

    async def _has_now(self, conversation: bytes) -> str | None:
        try:
            return await self._errands.finish(self._whose(conversation))
        except Away:
            return None

    def _let_go(self, held: TalkOnDesk) -> None:
        if self._open.get(held.talk.id) is held:
            del self._open[held.talk.id]


def _shown(held: TalkOnDesk) -> HeldTalk:
    """How far its page shows one."""
    return HeldTalk(conversation=to_text(held.talk.id), last=held.feed.last, last_note=held.feed.last_note)
