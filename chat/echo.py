"""The house writes to itself: every few minutes known words go through stores, scripts and channels, and are erased.

One process opens a talk that no queue shows and asks the others to speak in it. What they say it must hear by the
channel and find in the log; then the talk is ended and must be gone. Nobody would notice a house whose words arrive
nowhere.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import Final

from chat.message import Entry
from chat.practice import Both, Practice
from chat.relay import Relay
from chat.store import keys
from chat.store.echo import TELLS_AT, EchoStore
from portal.errors import PorchlightError
from portal.ids import KEY_SIZE, random_id, random_key, to_text
from portal.services import Services
from portal.store.channels import Heard, Listener
from portal.store.valkey import ValkeyAway
from portal.vault.sealing import sub

EVERY_MS: Final = 5 * 60_000
AGAIN_MS: Final = 60_000  # after one that was not heard
LOOK_EVERY_S: Final = 10.0
HEARD_WITHIN_S: Final = 10.0
GONE_WITHIN_S: Final = 30.0
GONE_LOOK_S: Final = 0.5
LASTS: Final = timedelta(minutes=2)
TELLS_AGAIN_EVERY: Final = 30
ABOUT: Final = b"house"

_log = logging.getLogger("porchlight.chat.echo")


class NotHeard(Exception):
    """Its words did not come back; the text says which part of the road they got lost on."""


class Echo:
    """One in each process: each answers the others, and one at a time asks."""

    def __init__(self, relay: Relay, services: Services) -> None:
        self._relay = relay
        self._services = services
        self._practice = Practice(relay, services)
        self._store = EchoStore(services.durable)
        self._alerts = services.alerts

    async def run(self) -> None:
        """Ask and answer for as long as the process lives. The first time is a while after the first start."""
        async with self._services.channels.listen(keys.ECHO_CHANNEL) as listener, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._answer_all(listener))
            is_first = True
            while True:
                with contextlib.suppress(ValkeyAway):
                    # Whoever begins with no clock running only starts it: a house that comes up is not told ill of.
                    if await self._store.is_mine(EVERY_MS) and not is_first:
                        await self.look()
                    is_first = False
                await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> bool:
        """Write and listen once, and tell when it was not heard; whether it was. Raises `ValkeyAway`.

        A house that has not opened its doors yet says nothing to itself either.
        """
        try:
            if not (await self._services.opening.facts()).is_open:
                return True
            async with asyncio.timeout(HEARD_WITHIN_S + GONE_WITHIN_S + LOOK_EVERY_S):
                await self.listen()
        except (NotHeard, PorchlightError, TimeoutError) as error:
            _log.error("not_heard kind=%s why=%s", type(error).__name__, error if isinstance(error, NotHeard) else "")
            times = await self._store.not_heard()
            await self._store.again_in(AGAIN_MS)
            if times == TELLS_AT or times % TELLS_AGAIN_EVERY == 0:
                await self._alerts.raise_("unheard", ABOUT)
            return False
        await self._store.heard()
        await self._alerts.settle("unheard", ABOUT)
        return True

    async def listen(self) -> None:
        """Write to itself once. Raises NotHeard, and whatever a store that is away or a house not set up raises."""
        conversation, token, text = random_id(), random_key(), to_text(random_id())
        both = await self._practice.begin(conversation, token, LASTS)
        try:
            await self._services.embers.put(keys.asked_to_say(conversation), token + text.encode(), LASTS)
            channel = keys.talk_channel(conversation)
            async with self._services.channels.listen(channel) as listener:
                seq = await self._heard(both, listener, text)
            if text not in [said.text for said in (await self._relay.since(both.desk, seq - 1)).messages]:
                raise NotHeard("log")
        finally:
            await self._services.embers.delete(keys.asked_to_say(conversation))
            await self._practice.end(conversation)
        await self._gone(conversation)

    async def _heard(self, both: Both, listener: Listener, text: str) -> int:
        """The number under which the words came by the channel."""
        try:
            async with asyncio.timeout(HEARD_WITHIN_S):
                # First the gap: from there on everything is heard.
                await listener.next()
                if await self._store.ask(both.visitor.id) <= 1:
                    await self.answer(both.visitor.id)  # the only process there is
                while True:
                    heard = await listener.next()
                    if isinstance(heard, Heard) and heard.payload[:1] == b"m":
                        number, _, packed = heard.payload[1:].partition(b" ")
                        if self._relay.read(both.desk, int(number), Entry.unpack(packed)).text == text:
                            return int(number)
        except TimeoutError:
            raise NotHeard("channel") from None

    async def _gone(self, conversation: bytes) -> None:
        try:
            async with asyncio.timeout(GONE_WITHIN_S):
                while await self._relay.talks.facts(conversation) is not None:  # noqa: ASYNC110 - a store has no event
                    await asyncio.sleep(GONE_LOOK_S)
        except TimeoutError:
            raise NotHeard("erasing") from None
        if await self._services.embers.get(keys.ember(conversation)) is not None:
            raise NotHeard("ember")

    async def _answer_all(self, listener: Listener) -> None:
        while True:
            heard = await listener.next()
            if isinstance(heard, Heard):
                with contextlib.suppress(PorchlightError):
                    await self.answer(heard.payload)

    async def answer(self, conversation: bytes) -> None:
        """Say the words that somebody asked for. Several that answer say them once."""
        asked = await self._services.embers.get(keys.asked_to_say(conversation))
        if asked is None:
            return
        token, text = asked[:KEY_SIZE], asked[KEY_SIZE:].decode()
        talk = await self._relay.access.conversation_for_visitor(token)
        await self._relay.visitor_says(talk, text, sub(token, "echo")[:16], 1)
