"""Does what a desk says where a conversation goes from one advocate to another."""

from collections.abc import Callable

from chat.duty import Duty
from chat.errands import Errands
from chat.handing import Handing
from chat.phone import Phone
from chat.protocol import handing as asked, server
from chat.refusals import NotThisDesk
from chat.sockets.desk_talk import Tell
from chat.sockets.desk_talks import TalksOnDesk
from portal.ids import to_text
from portal.staff.sessions.session import Signed


class DeskHanding:
    """Each act is answered by what it changed, or raises a refusal or Away."""

    def __init__(
        self,
        duty: Duty,
        handing: Handing,
        phone: Phone,
        errands: Errands,
        talks: TalksOnDesk,
        tell: Tell,
        raw: Callable[[str], bytes],
    ) -> None:
        self._errands = errands
        self._duty = duty
        self._handing = handing
        self._phone = phone
        self._talks = talks
        self._tell = tell
        self._raw = raw

    async def do(self, act: asked.HandingAsked, signed: Signed) -> None:
        """Do it, and tell the desk what came of it."""
        conversation, key = self._raw(act.conversation), self._raw(act.key)
        match act:
            case asked.AskColleagues():
                ready = await self._errands.finish(self._duty.colleagues(signed))
                await self._tell(server.Colleagues(key=act.key, conversation=act.conversation, ready=ready))
            case asked.HandOff():
                held = self._talks.held(conversation)
                to = self._raw(act.to) if act.to else b""
                if to and not await self._errands.finish(self._duty.trained.takes_chats(to)):
                    raise NotThisDesk  # somebody who only joins could never open it
                offered = self._handing.offer(held.talk, to, act.note, key, held.feed.last)
                await self._accepted(act, await self._errands.finish(offered))
            case asked.KeepHere():
                await self._errands.finish(self._handing.withdraw(self._talks.held(conversation).talk))
                await self._accepted(act, 0)
            case asked.Decline():
                await self._errands.finish(self._handing.decline(signed, conversation))
                await self._accepted(act, 0)
            case asked.TakeOver():
                await self._takes_over(signed, conversation, act.key)
            case asked.PhoneWord():
                held = self._talks.held(conversation)
                made = await self._errands.finish(self._phone.make(held.talk, act.note, key, held.feed.last))
                await self._tell(
                    server.PhoneWordMade(
                        key=act.key, conversation=to_text(conversation), word=str(made.word), lasts_s=made.lasts_s
                    )
                )
            case asked.HistoryShown():
                await self._shown(conversation, act.seq, key)

    async def use(self, act: asked.UseWord, signed: Signed) -> None:
        """She heard a word on the phone."""
        self._raw(act.key)
        named = await self._named(signed)
        try:
            await self._talks.hold(await self._errands.finish(self._phone.use(named, act.word)), act.key)
        finally:
            await self._errands.finish(self._handing.note_given_way())

    async def _named(self, signed: Signed) -> Signed:
        # Under the name she has now, for that is what the visitor will be told.
        return await self._errands.finish(self._duty.trained.as_she_is(signed))

    async def _takes_over(self, signed: Signed, conversation: bytes, key: str) -> None:
        named = await self._named(signed)
        try:
            async with self._talks.changes(conversation):
                await self._talks.hold(await self._errands.finish(self._handing.take_over(named, conversation)), key)
        finally:
            await self._errands.finish(self._handing.note_given_way())

    async def _shown(self, conversation: bytes, seq: int, key: bytes) -> None:
        reads = self._talks.get(conversation)
        if reads is None or reads.talk.role != "next":
            raise NotThisDesk
        if seq > reads.feed.last:
            raise NotThisDesk  # what was never told stands on no page
        async with self._talks.changes(conversation):
            talk = await self._errands.finish(self._handing.shown(reads.talk, seq, key))
            if talk is not None:
                await self._talks.hold(talk)

    async def _accepted(self, act: asked.HandingAsked, seq: int) -> None:
        conversation = to_text(self._raw(act.conversation))
        await self._tell(server.DeskMessageAccepted(key=act.key, conversation=conversation, seq=seq))
