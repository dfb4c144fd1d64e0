"""Gives a chat test an open house with one advocate signed in, on real stores, and a clock it moves itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import anyio
import pytest

from chat.availability import availability
from chat.conversation import DeskTalk, VisitorTalk
from chat.errands import Errands
from chat.relay import Relay
from chat.retention import Sweeper
from chat.start import start_conversation
from portal.clock import StillClock
from portal.ids import from_text, random_id
from portal.services import Services
from portal.staff.session import Signed
from portal.staff.setup import FirstWords, SetUp, setup_code
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from tests.support.rooms import wire


@dataclass
class ChatHouse:
    """The chat of one process, and the people in it."""

    services: Services
    clock: StillClock
    relay: Relay
    sweeper: Sweeper
    errands: Errands
    advocate: Signed
    cookie: str

    def another(self, alias: str = "Sam") -> Signed:
        """Another advocate with the same key."""
        return replace(self.advocate, staff_id=random_id(), alias=alias)

    async def starts(self, language: str = "en") -> bytes:
        """A visitor presses Start; returns her tab token."""
        pressed = self.services.start_tokens.make()
        self.clock.advance(timedelta(seconds=4))
        return from_text(await start_conversation(self.services, pressed, language), 32)

    async def visitor(self, language: str = "en") -> VisitorTalk:
        """A visitor whose page is open and who has said nothing yet."""
        return await self.relay.access.conversation_for_visitor(await self.starts(language))

    async def waiting(self, words: str = "hello") -> VisitorTalk:
        """A visitor who has written and stands in the queue."""
        talk = await self.visitor()
        await self.relay.visitor_says(talk, words, random_id(), 0)
        return talk

    async def ready(self, signed: Signed | None = None) -> Signed:
        """An advocate who is here and takes conversations."""
        someone = signed or self.advocate
        await self.relay.desk.renew(someone.staff_id, self.relay.now_ms())
        await self.relay.desk.say_ready(someone.staff_id, True)
        return someone

    async def talking(self) -> tuple[VisitorTalk, DeskTalk]:
        """A visitor and the advocate who took her."""
        talk = await self.waiting()
        desk = await self.relay.take(await self.ready(), talk.id)
        return talk, desk


@pytest.fixture
async def house(services: Services, clock: StillClock) -> ChatHouse:
    """An open house with its first person signed in."""
    code = setup_code(services.settings)
    assert code is not None
    words = FirstWords(
        house="Lantern Line",
        phone_line="555-0142",
        region="ca-on",
        alias="Robin",
        name="robin",
        passphrase="seven lamps beside the quiet harbour",
        languages=("en", "es"),
        tongue="en",
    )
    done = await SetUp(services).set_up(code, words)
    async with services.database.write() as connection:
        await services.opening.change(connection, is_open=True, is_sheet_kept=True)
    services.opening.forget()
    cookie = (
        await SignIn(services, Unlocking(services.staff.accounts, services.staff.ledger, services.pools)).let_in(
            done.first
        )
    ).token
    services.availability = availability(services)
    relay = Relay(services)
    return ChatHouse(services, clock, relay, Sweeper(relay), Errands(), await services.staff.who(cookie), cookie)


@pytest.fixture
async def second_process(services: Services, clock: StillClock) -> AsyncIterator[Services]:
    """The services of another server process on the same stores."""
    other = wire(services.settings, clock)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(other.channels.run)
        try:
            yield other
        finally:
            tasks.cancel_scope.cancel()
    await other.pools.close()
    await other.database.close()
    await other.durable.aclose()
    await other.ember_client.aclose()
