"""Brings a visitor back into her conversation by a number that stands in her head and nowhere else."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import ClassVar, Final

from chat.conversation import Facts, VisitorTalk
from chat.cover import Covers
from chat.left import wished_minutes
from chat.message import NOBODY, Body, Entry, seal_words
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.store.talk import LASTS
from portal.errors import NotThere, PorchlightError
from portal.ids import random_id, random_key
from portal.vault.comebacks import Opened, comeback_box, comeback_code, find_comeback, find_repeat, open_comeback
from portal.vault.conversations import find_visitor, visitor_copy
from portal.vault.errors import SealBroken
from portal.vault.sealing import sub
from portal.vault.secret import Dotted

# A phone whose line broke while it waited for the answer asks again; to that one page the number opens once more.
ANSWERED_AGAIN_FOR: Final = timedelta(minutes=2)
# A number that opens nothing is answered no sooner, whichever step found that out. The steps take a few milliseconds.
NOT_SOONER_S: Final = 0.4


class NumberNotKnown(PorchlightError):
    """No such number, used, replaced, too old, or its conversation is over: one answer for all."""

    phrase: ClassVar[str] = "comeback.unknown"
    status: ClassVar[int] = 404


@dataclass(frozen=True, slots=True, repr=False)
class Comeback(Dotted):
    """A number to be shown once: 14 ASCII digits, and for how many seconds it works."""

    code: str
    lasts_s: int


class Comebacks:
    """The two acts around the number. Both raise `ValkeyAway` when a store does not answer; asking again is safe."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._key = relay.comebacks.key

    async def make(self, talk: VisitorTalk) -> Comeback:
        """A new number for her conversation; the one before it opens nothing from here on. Raises ConversationOver."""
        lasts = min(self._relay.comebacks.lasts, LASTS - self._age(talk.facts))
        if lasts <= timedelta(0) or not await self._is_open(talk):
            raise ConversationOver
        code = comeback_code()
        box = comeback_box(self._key, code, talk.talk_key, talk.id)
        await self._relay.comebacks.keep(find_comeback(self._key, code), talk.id, box, lasts)
        # Looked at again: an end that came between has dropped her numbers once and would not come back for this.
        if not await self._is_open(talk):
            await self._relay.comebacks.drop(talk.id)
            raise ConversationOver
        return Comeback(code, int(lasts.total_seconds()))

    async def outlive(self, talk: VisitorTalk, outlives: bool) -> int:
        """Let her live number outlive an exit, or not; answers for how many minutes it would. Raises ConversationOver.

        0 where no number lives: it was used up or too old, and a new one is asked about anew.
        """
        works_ms = await self._relay.comebacks.outlive(talk.id, outlives)
        wished = wished_minutes((await self._relay.answers(talk)).get("cutoff"))
        # Looked at again, as above.
        if not await self._is_open(talk):
            await self._relay.comebacks.drop(talk.id)
            raise ConversationOver
        return min(works_ms // 60_000, wished)

    async def resume(self, code: str, asked: bytes) -> tuple[bytes, VisitorTalk]:
        """Use a number up: the tab token of the page that came back, and the conversation open to it.

        `code` is what `read_comeback` read. `asked` are 16 random bytes of the page that asks: within two minutes the
        same page gets the same token again, so that an answer lost on the way loses nobody. From here on the page she
        had before opens nothing, and the conversation no longer says that it is safe to write to her.
        Raises NumberNotKnown.
        """
        began = monotonic()
        try:
            return await self._resume(code, asked)
        except (NotThere, SealBroken, ConversationOver):
            await asyncio.sleep(NOT_SOONER_S - (monotonic() - began))
            raise NumberNotKnown from None

    async def _resume(self, code: str, asked: bytes) -> tuple[bytes, VisitorTalk]:
        name, repeat = find_comeback(self._key, code), find_repeat(self._key, code, asked)
        taken = await self._relay.comebacks.take(name, repeat, random_key(), ANSWERED_AGAIN_FOR)
        if taken is None:
            raise NotThere
        half, box = taken
        opened = open_comeback(self._key, code, box)
        if not await self._relay.comebacks.claim(name, repeat, opened.conversation, ANSWERED_AGAIN_FOR):
            raise NotThere
        # As at the start: half of the token lies in memory for a while, half in the page; neither opens anything alone.
        token = sub(half, "tab-token", asked)
        await self._move_in(opened, token)
        # Her number is newer than a cover on the page she lost.
        await Covers(self._relay).lift(opened.conversation)
        talk = await self._opened(token)
        await self._relay.clocks.sign(talk.id, self._relay.now_ms())
        await self._ask_safe_again(talk)
        return token, talk

    async def _move_in(self, opened: Opened, token: bytes) -> None:
        """The one step that makes this token the only way in; then its copy, then the copies of those before it go.

        Killed in between, nobody has a way in until the same page asks again, and an end finds every copy there may be.
        """
        talks, find = self._relay.talks, find_visitor(token)
        entry = Entry("system", NOBODY, random_id(), "back", 0, b"")
        said = seal_words(opened.conversation, opened.talk_key, entry, Body("back"))
        if await talks.move_in(opened.conversation, find, said) in ("over", "gone"):
            raise ConversationOver
        await self._relay.leavings.came_back(opened.conversation)
        facts = await talks.facts(opened.conversation)
        if facts is None:
            raise ConversationOver
        copy = visitor_copy(opened.talk_key, token)
        await talks.let_in(opened.conversation, find, copy, LASTS - self._age(facts))
        for former in (await talks.ways_in(opened.conversation))[1:]:
            await talks.drop_visitor(former)

    async def _opened(self, token: bytes) -> VisitorTalk:
        try:
            return await self._relay.access.conversation_for_visitor(token)
        except NotThere:
            # It ended while the copy was written, and looked for copies before this one was there.
            await self._relay.talks.drop_visitor(find_visitor(token))
            raise

    async def _ask_safe_again(self, talk: VisitorTalk) -> None:
        """What she answered before says nothing about who holds the phone now."""
        if (await self._relay.answers(talk)).get("safe"):
            await self._relay.visitor_answers(talk, "safe", "")

    async def _is_open(self, talk: VisitorTalk) -> bool:
        try:
            await self._relay.access.conversation_for_visitor(talk.token)
        except NotThere:
            return False
        return True

    def _age(self, facts: Facts) -> timedelta:
        return timedelta(milliseconds=self._relay.now_ms() - facts.arrived_ms)
