"""The advocate's line: proves itself by the session, then carries the queue, her conversations and her acts."""

import asyncio
import contextlib
import hmac
from collections.abc import Coroutine
from time import monotonic
from typing import Any, Final

from starlette.websockets import WebSocket

from chat.aside import Aside
from chat.calling import Calling
from chat.cards import Speech
from chat.company import LOOKED_CHANNEL, Company
from chat.duty import QUEUE_CHANNEL, Duty, OpenedCards
from chat.errands import Errands
from chat.guests import Guests
from chat.handing import Handing
from chat.phone import Phone
from chat.protocol import advocate, codec, server
from chat.protocol.calls import SayYes
from chat.protocol.closing import Closing
from chat.protocol.company import CompanyAsked
from chat.protocol.handing import HandingAsked, UseWord
from chat.refusals import Refusal, TakenBefore
from chat.relay import Relay
from chat.sockets.desk_acts import Act, DeskActs
from chat.sockets.desk_company import DeskCompany
from chat.sockets.desk_handing import DeskHanding
from chat.sockets.desk_lock import DeskLock
from chat.sockets.desk_talks import TalksOnDesk
from chat.sockets.frame_rights import may_say
from chat.sockets.gate import admit_to_desk, wire_of
from chat.sockets.loop import Line, LineClosed
from chat.sockets.session import RENEW_EVERY_S, SessionWatch
from chat.sockets.shares import Proven, Shares
from chat.watch import Watch
from portal.alerts.store import CALLS_CHANNEL
from portal.errors import Away, NotThere
from portal.ids import from_text
from portal.services import Services
from portal.staff.door import signed_in_even_locked
from portal.staff.household.doorkeeping import DOORS_CHANNEL
from portal.staff.rights import Right
from portal.staff.sessions.session import ENDED_CHANNEL, LOCKED_CHANNEL, Signed, SignInNeeded
from portal.store.channels import Gap

HERE_EVERY_S: Final = 5.0
SNAPSHOT_PAUSE_S: Final = 1.0
SNAPSHOT_EVERY_S: Final = 15.0
SESSION_EVERY_S: Final = 5.0
TYPING_EVERY_S: Final = 2.0


class DeskLine:
    """One connection of one advocate's desk."""

    duty_type: type[Duty] = Duty
    aside_type: type[Aside] = Aside

    def __init__(
        self, websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares
    ) -> None:
        self._shares = shares
        self._websocket = websocket
        self._line = Line(wire_of(websocket), codec.read_advocate)
        self._lock = DeskLock(websocket, self.aside_type(relay), errands, self._line.tell, self._line.tell_now)
        self._tell = self._lock.tell
        self._relay = relay
        self._signs = Watch(relay)
        self._duty = self.duty_type(relay, services)
        self._errands = errands
        self._services = services
        speech = Speech(services.pages.catalogue)
        self._talks = TalksOnDesk(relay, errands, services.channels, self._lock, self._has_now, speech)
        self._acts = DeskActs(relay, errands, services.entries, self._tell, _raw, speech)
        company, guests, handing = Company(relay), Guests(relay), Handing(relay)
        self._company = DeskCompany(self._duty, company, guests, errands, self._talks, self._tell, _raw)
        phone = Phone(relay, handing, Calling(services, relay, handing))
        self._handing = DeskHanding(self._duty, handing, phone, errands, self._talks, self._tell, _raw)
        self._cards = OpenedCards()
        self._queue_changed = asyncio.Event()
        self._here_at, self._used_at = 0.0, float("-inf")  # a line that opens by itself is no hand
        self._typed_at: dict[bytes, float] = {}

    async def run(self) -> None:
        """Serve the line from its first frame to its end."""
        await self._line.live(self._shares, self._prove, self._carry)

    async def _prove(self, resume: advocate.Spoken) -> Proven:
        if not isinstance(resume, advocate.Resume):
            raise LineClosed(Closing.MALFORMED)
        self._signed = await self._sign_in(resume.csrf)
        self._talks.remember({_raw(held.conversation): held for held in resume.talks})
        return Proven(self._signed.session)

    async def _carry(self) -> None:
        self._session = SessionWatch(self._websocket, self._signed, self._services)
        await self._is_here()
        await self._lock.begin(self._signed)
        self._queue_changed.set()
        await self._line.serve(self._hear, self._talks.run, self._show_queue, self._hear_desk, self._watch_session)

    async def _sign_in(self, csrf: str) -> Signed:
        try:
            signed = await signed_in_even_locked(self._websocket)
        except SignInNeeded:
            raise LineClosed(Closing.SIGNED_OUT) from None
        except Away:
            raise LineClosed(Closing.AWAY) from None
        is_hers = hmac.compare_digest(csrf.encode(), signed.csrf.encode())
        if not is_hers or not self._may_sit_here(signed):
            self._services.staff.journal.count("desk.refused", signed.staff_id)
            raise LineClosed(Closing.GONE if is_hers else Closing.SIGNED_OUT)  # gone: as if there were no such line
        return signed

    def _may_sit_here(self, signed: Signed) -> bool:
        return signed.may(Right.TAKE_CHATS) and bool(signed.compartment_keys("chat"))

    # What she says

    async def _hear(self, frame: advocate.Spoken) -> None:
        await self._is_here()
        if not isinstance(frame, advocate.Here):
            if not (is_hers := may_say(self._signed, frame)):
                self._services.staff.journal.count("desk.refused", self._signed.staff_id)  # as a page that is not hers
            if self._lock.is_locked or not is_hers:
                await self._lock.refuse(frame)
                return
            self._used_at = monotonic()
        match frame:
            case advocate.Here():
                await self._tell(server.Here())
            case advocate.Ready(ready=ready):
                await self._answer("", "", self._says_ready(ready))
            case advocate.TurnShift():
                await self._answer("", "", self._turns(frame))
            case advocate.Take(key=key, conversation=conversation):
                await self._answer(key, conversation, self._takes(frame))
            case advocate.Typing(conversation=conversation):
                await self._types(_raw(conversation))
            case advocate.Resume():
                raise LineClosed(Closing.MALFORMED)
            case UseWord():
                await self._answer(frame.key, "", self._handing.use(frame, self._signed))
            case SayYes():
                await self._answer(frame.key, "", self._says_yes(frame))
            case _ if isinstance(frame, CompanyAsked):
                await self._answer(frame.key, frame.conversation, self._company.do(frame, self._signed))
            case _ if isinstance(frame, HandingAsked):
                await self._answer(frame.key, frame.conversation, self._handing.do(frame, self._signed))
            case _:
                await self._answer(frame.key, frame.conversation, self._acts_in(frame))

    async def _answer(self, key: str, conversation: str, act: Coroutine[Any, Any, None]) -> None:
        try:
            await self._talks.when_open(conversation, act)
        except TakenBefore as refusal:
            by = await self._alias_of(refusal.by)
            await self._tell(server.DeskRefused(key=key, conversation=conversation, reason=refusal.reason, by=by))
            self._queue_changed.set()
        except Refusal as refusal:
            await self._tell(server.DeskRefused(key=key, conversation=conversation, reason=refusal.reason))
            self._queue_changed.set()
        except Away:
            await self._tell(server.DeskRefused(key=key, conversation=conversation, reason="away"))

    async def _says_ready(self, is_ready: bool) -> None:
        await self._errands.finish(self._duty.say_ready(await self._as_she_is(), is_ready))
        self._queue_changed.set()

    async def _turns(self, frame: advocate.TurnShift) -> None:
        signed = await self._as_she_is()
        await self._errands.finish(self._duty.turn(signed, frame.state, knows=frame.knows, closes=frame.closes))
        self._queue_changed.set()

    async def _takes(self, frame: advocate.Take) -> None:
        why = "other" if frame.why is None else frame.why
        signed = await self._as_she_is()  # under the name she has now: she may have taken another since
        talk = await self._errands.finish(self._relay.take(signed, _raw(frame.conversation), why))
        self._services.tally.was_taken(talk.id, (self._relay.now_ms() - talk.facts.arrived_ms) / 1000)
        await self._talks.hold(talk, frame.key)
        if talk.passed_over:
            await self._errands.finish(self._duty.passed_over(self._signed, why))

    async def _says_yes(self, frame: SayYes) -> None:
        await self._errands.finish(self._duty.calls.says_yes(self._signed, _raw(frame.call)))
        self._queue_changed.set()

    async def _acts_in(self, act: Act) -> None:
        conversation = _raw(act.conversation)
        if isinstance(act, advocate.Say) and self._company.has_joined(conversation):
            await self._company.says(act, conversation)
            return
        await self._acts.do(act, self._talks.held(conversation))

    async def _types(self, conversation: bytes) -> None:
        held = self._talks.get(conversation)
        if held is None or held.talk.role not in ("owner", "joined", "guest"):
            return
        if monotonic() - self._typed_at.get(conversation, 0.0) < TYPING_EVERY_S:
            return
        self._typed_at[conversation] = monotonic()
        with contextlib.suppress(Away):
            await self._errands.finish(self._signs.advocate_types(held.talk))

    async def _as_she_is(self) -> Signed:
        return await self._errands.finish(self._duty.trained.as_she_is(self._signed))

    async def _has_now(self, conversation: bytes) -> str | None:
        return await self._duty.has_now(self._signed, conversation)

    async def _alias_of(self, staff_id: bytes) -> str:
        try:
            return await self._duty.alias_of(staff_id)
        except (Away, NotThere):
            return ""

    async def _is_here(self) -> None:
        """Renew her leases: any frame shows that she is here."""
        if monotonic() - self._here_at < HERE_EVERY_S:
            return
        self._here_at = monotonic()
        try:
            await self._errands.finish(self._duty.is_here(self._signed))
        except Away:
            self._here_at = 0.0

    # What the desk tells

    async def _show_queue(self) -> None:
        """A snapshot after each change, at most one a second, and every fifteen seconds whatever was heard."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SNAPSHOT_EVERY_S):
                    await self._queue_changed.wait()
            self._queue_changed.clear()
            try:
                await self._tell(await self._errands.finish(self._picture()))
                mine = await self._errands.finish(self._duty.at_her_desk(self._signed))
                if not await self._talks.reconcile(self._signed, mine):
                    self._queue_changed.set()
            except Away:
                self._queue_changed.set()
            await asyncio.sleep(SNAPSHOT_PAUSE_S)

    async def _picture(self) -> server.ToDesk:
        return await self._duty.snapshot(self._signed, self._cards)

    async def _hear_desk(self) -> None:
        channels = (QUEUE_CHANNEL, LOOKED_CHANNEL, ENDED_CHANNEL, LOCKED_CHANNEL, DOORS_CHANNEL, CALLS_CHANNEL)
        async with self._services.channels.listen(*channels) as listener:
            while True:
                heard = await listener.next()
                if isinstance(heard, Gap):
                    self._queue_changed.set()
                    await self._look_at_session(is_used=False)
                elif heard.channel in (QUEUE_CHANNEL, CALLS_CHANNEL) or heard.payload == self._signed.staff_id:
                    self._queue_changed.set()
                elif heard.channel == DOORS_CHANNEL:
                    self._services.doors.forget()
                    self._queue_changed.set()
                elif heard.payload == self._signed.session:
                    await (self._lock.lock() if heard.channel == LOCKED_CHANNEL else self._sign_out())

    async def _watch_session(self) -> None:
        while True:
            await self._look_at_session(is_used=monotonic() - self._used_at < RENEW_EVERY_S)
            self._signed = self._session.signed
            await asyncio.sleep(SESSION_EVERY_S)

    async def _look_at_session(self, *, is_used: bool) -> None:
        standing = await self._session.look(is_used=is_used, is_locked=self._lock.is_locked)
        if standing == "over":
            await self._sign_out()
        elif standing == "locked":
            await self._lock.lock()

    async def _sign_out(self) -> None:
        if await self._session.has_moved():
            raise LineClosed(Closing.RESTARTING)  # her page calls again, in the session that took the place of this one
        await self._tell(server.SignedOut())
        # Nobody sits there any more: what she held goes back to the front now, not after her lease.
        with contextlib.suppress(Away):
            await self._errands.finish(self._duty.depart(self._signed))
        raise LineClosed(Closing.SIGNED_OUT)


def _raw(text: str) -> bytes:
    try:
        return from_text(text, 16)
    except ValueError:
        raise LineClosed(Closing.MALFORMED) from None


async def serve_desk(websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares) -> None:
    """One advocate's line, from handshake to end."""
    if await admit_to_desk(websocket, services):
        wire_of(websocket).carry_on(DeskLine(websocket, relay, errands, services, shares).run)
