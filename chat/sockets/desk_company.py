"""Does what a desk says where its person reads along or has joined, and where a guest comes and goes."""

from collections.abc import Callable
from dataclasses import replace

from chat.company import Company
from chat.duty import Duty
from chat.errands import Errands
from chat.guests import Guests
from chat.protocol import company as asked, server
from chat.protocol.advocate import Say
from chat.refusals import NotThisDesk
from chat.sockets.desk_talk import TalkOnDesk, Tell
from chat.sockets.desk_talks import TalksOnDesk
from portal.ids import to_text
from portal.staff.sessions.session import Signed


class DeskCompany:
    """Each act is answered by what it changed, or raises a refusal or Away."""

    def __init__(
        self,
        duty: Duty,
        company: Company,
        guests: Guests,
        errands: Errands,
        talks: TalksOnDesk,
        tell: Tell,
        raw: Callable[[str], bytes],
    ) -> None:
        self._duty = duty
        self._company = company
        self._guests = guests
        self._errands = errands
        self._talks = talks
        self._tell = tell
        self._raw = raw

    async def do(self, act: asked.CompanyAsked, signed: Signed) -> None:
        """Do it, and tell the desk what came of it."""
        conversation, key = self._raw(act.conversation), self._raw(act.key)
        match act:
            case asked.Watch():
                # Under the name she has now, for that is what the visitor is told.
                alias = await self._errands.finish(self._duty.alias_of(signed.staff_id))
                watching = self._company.watch(replace(signed, alias=alias), conversation, key)
                await self._talks.hold(await self._errands.finish(watching), act.key)
            case asked.Looked():
                held = self._talks.held(conversation)
                await self._errands.finish(self._company.looked(held.talk, min(act.seq, held.feed.last)))
            case asked.AskGuest():
                await self._asks_guest(act, signed)
            case asked.SendAway():
                await self._errands.finish(self._guests.send_away(self._talks.held(conversation).talk))
                await self._accepted(act, 0)
            case asked.ComeIn():
                coming = self._guests.come_in(signed, conversation)
                await self._talks.hold(await self._errands.finish(coming), act.key)
            case asked.Join():
                joining = self._company.join(self._reads(conversation).talk, key)
                await self._talks.hold(await self._errands.finish(joining), act.key)
            case asked.StopWatching():
                talk = self._reads(conversation).talk
                leaving = self._guests.leave(talk) if talk.role == "guest" else self._company.stop(talk, key)
                await self._errands.finish(leaving)
                self._reads(conversation).leave()
            case asked.Whisper():
                held = self._reads(conversation)
                whispered = self._company.whisper(held.talk, act.text, key, held.feed.last)
                await self._accepted(act, await self._errands.finish(whispered))

    def has_joined(self, conversation: bytes) -> bool:
        """Whether this desk's person writes along there."""
        here = self._talks.get(conversation)
        return here is not None and here.talk.role in ("joined", "guest")

    async def says(self, act: Say, conversation: bytes) -> None:
        """Words of one who joined."""
        held = self._reads(conversation)
        said = self._company.says(held.talk, act.text, self._raw(act.key), held.feed.last)
        await self._accepted(act, await self._errands.finish(said))

    async def _asks_guest(self, act: asked.AskGuest, signed: Signed) -> None:
        """Only somebody who takes conversations now: whoever is asked about is there."""
        held, person = self._talks.held(self._raw(act.conversation)), self._raw(act.person)
        there = {each.person: each.name for each in await self._errands.finish(self._duty.colleagues(signed))}
        if act.person not in there:
            raise NotThisDesk
        asking = self._guests.ask(held.talk, person, there[act.person], act.come_as, self._raw(act.key), held.feed.last)
        await self._accepted(act, await self._errands.finish(asking))

    async def _accepted(self, act: Say | asked.Whisper | asked.AskGuest | asked.SendAway, seq: int) -> None:
        name = to_text(self._raw(act.conversation))
        await self._tell(server.DeskMessageAccepted(key=act.key, conversation=name, seq=seq))

    def _reads(self, conversation: bytes) -> TalkOnDesk:
        here = self._talks.get(conversation)
        if here is None or here.talk.role not in ("watcher", "joined", "guest"):
            raise NotThisDesk
        return here
