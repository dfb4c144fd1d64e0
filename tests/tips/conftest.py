"""Gives the tip room's tests a house that is set up and open, and the people who work in it."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from portal.app import build_public
from portal.clock import StillClock
from portal.services import Services
from portal.staff.keys.setup import FirstWords, SetUp, SetUpDone, setup_code
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.sheets import Sheet
from tests.support.kept_house import KeptHouse, is_new
from tests.tips.desk import Desk, at_the_desk
from tests.tips.phone import Phone
from tips.access import Doors
from tips.crowd.door import FilingDoor
from tips.followup import FollowUp
from tips.inbox import Listing
from tips.intake import Intake
from tips.retention import Retention
from tips.review import Review
from tips.routes import section
from tips.search import Search
from tips.shelf import CLOSED, EVERYTHING
from tips.shelving import Shelving
from tips.work.book import Book
from tips.workroom import Workroom

_SET_UP: list[tuple[KeptHouse, SetUpDone]] = []
WORDS = FirstWords(
    house="Lamp House",
    phone_line="555-0100",
    region="",
    alias="Robin",
    name="robin.first",
    passphrase="a lamp beside seven quiet doors",
    languages=("en",),
    tongue="en",
)


@dataclass
class TipHouse:
    """A house that takes tips, its acts, and two people: one with every key, one who may read but not names."""

    services: Services
    clock: StillClock
    doors: Doors
    intake: Intake
    follow_up: FollowUp
    retention: Retention
    review: Review
    book: Book
    listing: Listing
    shelving: Shelving
    search: Search
    robin: Signed
    robins_cookie: str
    sheets: tuple[Sheet, ...]

    @property
    def without_names(self) -> Signed:
        """Somebody who holds the key for tips and not the one for names."""
        return self._holding("tips")

    @property
    def without_keys(self) -> Signed:
        """An administrator who was never given a key."""
        return self._holding()

    async def shown(self, *, closed: bool = False) -> list[bytes]:
        """The tips on the first page of the list, in its order."""
        page = await self.listing.page(self.robin, CLOSED if closed else EVERYTHING)
        return [row.id for row in page.rows]

    async def puts_up(self) -> int:
        """Put on shelves what is due; how many of it stood in the end."""
        return sum([await self.shelving.put_up(self.robin, batch) for batch in await self.shelving.due()])

    def _holding(self, *names: str) -> Signed:
        keys = {name: self.robin.compartment_keys(name) for name in names}
        rights = self.robin.rights if "tips" in names else self.robin.rights - {Right.READ_TIPS, Right.ANSWER_TIPS}
        return dataclasses.replace(self.robin, staff_id=b"s" * 16, rights=rights, _keys=keys)


@pytest.fixture
async def house(services: Services, clock: StillClock) -> TipHouse:
    """The house, set up and open, in this process."""
    return await make_tip_house(services, clock)


async def make_tip_house(services: Services, clock: StillClock) -> TipHouse:
    """Set the house up, open its doors, and sign its first person in; in a new house, by what the first one left."""
    kept = next((each for each in _SET_UP if each[0].is_of(services)), None)
    if kept:
        done = kept[1]
        kept[0].put_into(services)
    else:
        again = is_new(services)
        code = setup_code(services.settings)
        assert code is not None
        done = await SetUp(services).set_up(code, WORDS)
        async with services.database.write() as connection:
            await services.opening.change(connection, is_open=True)
        if again:
            _SET_UP.append((KeptHouse(services), done))
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    signed_in = await SignIn(services, unlocking).let_in(done.first)
    robin = await services.staff.who(signed_in.token)
    return _acts_of(services, clock, robin, signed_in.token, done.sheets)


def open_again(services: Services, clock: StillClock, robin: Signed, before: TipHouse) -> TipHouse:
    """The same house on other folders."""
    return _acts_of(services, clock, robin, "", before.sheets)


def _acts_of(services: Services, clock: StillClock, robin: Signed, cookie: str, sheets: tuple[Sheet, ...]) -> TipHouse:
    doors, retention, workroom = Doors(services), Retention(services), Workroom()
    book = Book(services, doors)
    listing = Listing(services, doors, workroom)
    return TipHouse(
        services=services,
        clock=clock,
        doors=doors,
        intake=Intake(services, doors),
        follow_up=FollowUp(services, retention, FilingDoor()),
        retention=retention,
        review=Review(services, doors, book),
        book=book,
        listing=listing,
        shelving=Shelving(services, doors, workroom),
        search=Search(services, doors, workroom, listing),
        robin=robin,
        robins_cookie=cookie,
        sheets=sheets,
    )


@pytest.fixture
async def phone(house: TipHouse) -> AsyncIterator[Phone]:
    """A reporter's browser at the house's public pages."""
    app = build_public(house.services, [section(house.services)])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=house.services.settings.public_origin
    ) as web:
        yield Phone(house, web)


@pytest.fixture
async def desk(house: TipHouse) -> AsyncIterator[Desk]:
    """A browser at the desk, signed in."""
    async with at_the_desk(house) as opened:
        yield opened
