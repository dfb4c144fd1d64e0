"""Gives a chat test an open house with one advocate signed in, on real stores, and a clock it moves itself."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from chat.availability import availability
from chat.conversation import DeskTalk, VisitorTalk
from chat.errands import Errands
from chat.relay import Relay
from chat.retention import Sweeper
from chat.start import start_conversation
from chat.watch import View, Watch
from portal.clock import StillClock
from portal.ids import from_text, random_id
from portal.services import Services
from portal.staff.keys.setup import FirstWords, SetUp, setup_code
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocked, Unlocking
from tests.support.rooms import running, wire


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

    async def colleague(self, alias: str = "Sam", role: Role = Role.ADVOCATE) -> Signed:
        """Somebody else who works here, and is known by her name."""
        accounts = self.services.staff.accounts
        lock = await accounts.lock_of(self.advocate.staff_id)
        assert lock is not None
        person = replace(lock.person, id=random_id(), alias=alias, role=role)
        async with self.services.database.write() as connection:
            new = replace(lock, person=person, find=random_id() + random_id())
            await accounts.add(connection, new, accounts.pepper(lock.pepper))
        rights = rights_of(role, self.advocate._keys)
        return replace(self.advocate, staff_id=person.id, alias=alias, role=role, rights=rights)

    async def starts(self, language: str = "en") -> bytes:
        """A visitor presses Start; returns her tab token."""
        pressed = self.services.start_tokens.make()
        self.clock.advance(timedelta(seconds=4))
        return from_text(await start_conversation(self.services, pressed, language), 32)

    async def view(self, desk: DeskTalk) -> View:
        """The conversation as its desk sees it now."""
        (view,) = await Watch(self.relay).views([desk])
        assert view is not None, "it is erased"
        return view

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


@dataclass
class Prepared:
    """A house that was set up once; each test works on a copy, for a passphrase takes its time."""

    folder: Path
    first: Unlocked | None = None


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Filled by the first test that needs it."""
    return Prepared(tmp_path_factory.mktemp("prepared"))


async def set_up(services: Services, prepared: Prepared) -> Unlocked:
    """An open house on the services' folders; returns its first person with her keys open."""
    settings = services.settings
    is_a_file = settings.database_place == settings.database_path
    # Rows on a server are not copied like a file: there each house is set up anew.
    if prepared.first is None or not is_a_file:
        code = setup_code(settings)
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
        prepared.first = (await SetUp(services).set_up(code, words)).first
        async with services.database.write() as connection:
            await services.opening.change(connection, is_open=True, is_sheet_kept=True)
        await services.database.checkpoint()
        if is_a_file:
            # Not the key of the start tokens: these services have read one of their own already.
            shutil.copytree(settings.keys_dir, prepared.folder / "keys", ignore=shutil.ignore_patterns("start.key"))
            shutil.copy(settings.database_path, prepared.folder / "porchlight.db")
    else:
        shutil.copytree(prepared.folder / "keys", settings.keys_dir, dirs_exist_ok=True)
        shutil.copy(prepared.folder / "porchlight.db", settings.database_path)
    services.opening.forget()
    return prepared.first


@pytest.fixture
async def house(services: Services, clock: StillClock, prepared: Prepared) -> ChatHouse:
    """An open house with its first person signed in."""
    first = await set_up(services, prepared)
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    cookie = (await SignIn(services, unlocking).let_in(first)).token
    services.availability = availability(services)
    relay = Relay(services)
    return ChatHouse(services, clock, relay, Sweeper(relay), Errands(), await services.staff.who(cookie), cookie)


@pytest.fixture
async def second_process(services: Services, clock: StillClock) -> AsyncIterator[Services]:
    """The services of another server process on the same stores."""
    async with running(wire(services.settings, clock)) as other:
        yield other
