"""Gives the tests of the work on a tip a house with colleagues who hold real keys, and browsers of each at the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from portal.app import build_desk
from portal.ids import random_id, to_text
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.granting import Granting
from portal.staff.rights import Role
from portal.staff.sessions.session import COOKIE, Signed
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.guests import guest_pair
from tests.support.html import Document
from tests.tips.conftest import WORDS, TipHouse
from tests.tips.test_filing import file
from tips.form import TipForm
from tips.intake import Filing
from tips.review import ReadTip
from tips.routes import section
from tips.work.acts import Working


@dataclass
class WorkHouse:
    """A house, its acts on tips, and whoever works in it by alias."""

    tips: TipHouse
    working: Working
    people: dict[str, Signed] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    async def joins(
        self, alias: str, *languages: str, role: Role = Role.ADVOCATE, keys: tuple[str, ...] = ("tips", "names")
    ) -> Signed:
        """Somebody new, vouched for, with these keys, signed in."""
        services, robin = self.tips.services, self.tips.robin
        accounts = services.staff.accounts
        lock = await accounts.lock_of(robin.staff_id)
        assert lock is not None
        own = replace(lock.person, open_public=guest_pair()[1], sign_public=guest_pair()[1])
        person = replace(own, id=random_id(), alias=alias, role=role, languages=languages or ("en",))
        async with services.database.write() as connection:
            new = replace(lock, person=person, find=random_id() + random_id())
            await accounts.add(connection, new, accounts.pepper(lock.pepper))
        unlocking = Unlocking(accounts, services.staff.ledger, services.pools)
        heard = "".join(spoken_digits(person.open_public, person.sign_public))
        granting = Granting(services, unlocking, SignIn(services, unlocking))
        await granting.give(robin, WORDS.passphrase, person.id, keys, heard=heard)
        held = {name: robin.compartment_keys(name) for name in keys}
        cookie = await services.staff.sessions.begin(person.id, person.generation, held)
        self.people[alias] = await services.staff.who(cookie)
        self.cookies[alias] = cookie
        return self.people[alias]

    async def leaves(self, signed: Signed) -> None:
        """She works here no more."""
        services = self.tips.services
        async with services.database.write() as connection:
            await services.staff.accounts.change(connection, signed.staff_id, is_active=False)

    async def filed(self, words: str = "a van", **more: object) -> Filing:
        """A tip of the form, in Spanish."""
        self.tips.clock.advance(timedelta(seconds=1))
        return (await file(self.tips, replace(TipForm(words), **more))).filing  # type: ignore[arg-type]

    async def reads(self, tip: bytes, who: Signed | None = None) -> ReadTip:
        """The tip as somebody opens it."""
        self.tips.clock.advance(timedelta(seconds=1))
        return await self.tips.review.open(who or self.tips.robin, tip)

    async def gives(self, tip: bytes, to: Signed, *, seen: bytes = b"", by: Signed | None = None) -> None:
        """Put it into somebody's hands."""
        self.tips.clock.advance(timedelta(seconds=1))
        await self.working.assign(by or self.tips.robin, tip, to.staff_id, seen=seen, part=random_id())


@pytest.fixture
async def work(house: TipHouse) -> WorkHouse:
    """The house; Robin, who set it up, works in it and supervises."""
    made = WorkHouse(house, Working(house.services, house.doors, house.book), {"Robin": house.robin})
    made.cookies["Robin"] = house.robins_cookie
    return made


@dataclass
class Page:
    """A page as it was led to: its words, and all of it."""

    words: str
    text: str


@dataclass
class WorkDesk:
    """Browsers at the desk, one for each of its people."""

    work: WorkHouse
    web: httpx.AsyncClient

    async def opens(self, path: str, who: str = "Robin") -> httpx.Response:
        """A page, as this person's browser gets it; a way onward is followed."""
        headers = {"cookie": f"{COOKIE}={self.work.cookies[who]}"}
        answer = await self.web.get(path, headers=headers)
        # By hand: the library leaves a cookie behind that was handed to it as a header.
        while answer.status_code == 303:
            answer = await self.web.get(answer.headers["location"], headers=headers)
        return answer

    async def posts(self, path: str, who: str = "Robin", **fields: Any) -> httpx.Response:
        """A post of a page of ours; its own answer."""
        services = self.work.tips.services
        headers = {"cookie": f"{COOKIE}={self.work.cookies[who]}", "origin": services.settings.desk_origin}
        data = {"csrf": self.work.people[who].csrf, **fields}
        return await self.web.post(path, data=data, headers=headers)

    async def presses(self, path: str, who: str = "Robin", **fields: Any) -> Page:
        """A post, answered 303, and the page it leads to."""
        answer = await self.posts(path, who, **fields)
        assert answer.status_code == 303, answer.text[:300]
        text = (await self.opens(answer.headers["location"].partition("#")[0], who)).text
        return Page(Document(text).words, text)


@pytest.fixture
async def desk(work: WorkHouse) -> AsyncIterator[WorkDesk]:
    """The desk's pages in this process."""
    services = work.tips.services
    app = build_desk(services, [section(services)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=services.settings.desk_origin) as web:
        yield WorkDesk(work, web)


def where(tip: bytes, more: str = "") -> str:
    """The address of a tip, or of something that is done with it."""
    return f"/desk/tips/{to_text(tip)}{more}"
