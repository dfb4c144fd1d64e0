"""Kills the process that changes a key and seals again between every two steps, sets two at it, and reads every tip.

This file is also the process that is killed: it is split off for each step, signs Robin in, seals again what is due,
erases what is past its day, and ends itself at the step it was told.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from portal.clock import StillClock
from portal.rotation import keeper as keeping
from portal.rotation.due import OLD_HALF_LASTS
from portal.rotation.keeper import Keeper
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.signin import SignIn
from portal.staff.tables import grants
from portal.staff.unlock import Unlocking
from portal.vault.compartments import grant
from portal.vault.sayings import say_grant, say_revoke
from tests.support.dying import Program, Steps, house_of, running_program, serve
from tests.support.key_house import KeyHouse, all_keys, with_sources
from tests.tips.conftest import WORDS, make_tip_house

pytestmark = [pytest.mark.fault, pytest.mark.anyio]
CHANGED = ("tips", "names")
MOST_STEPS = 90


@dataclass
class Turned:
    """A house, and the program that changes its keys and dies of it."""

    keys: KeyHouse
    bo: bytes
    program: Program

    async def falls_due(self) -> None:
        """Bo is let in, and put out again, by lines that Robin signs."""
        robin, staff = await self.keys.as_robin(), self.keys.services.staff
        await staff.sessions.end_all(robin.person.id)  # each would be handed a key: steps without end
        day = self.keys.services.clock.now().date()
        private = all_keys(await self.keys.robin())
        async with staff.ledger.writing() as page:
            bo = page.ledger.staff(self.bo)
            assert bo is not None
            for name in CHANGED:
                version, public = page.ledger.compartment(name)
                line = say_grant(page.latest, robin.signer, day, self.bo, name, version, bo.open_public, public)
                number = await page.write(line)
                seal = grant(
                    private[name][version],
                    bo.open_public,
                    compartment=name,
                    version=version,
                    holder=self.bo,
                    statement=number,
                )
                await page.connection.execute(insert(grants).values(statement=number, holder=self.bo, seal=seal))
            for name in CHANGED:
                await page.write(say_revoke(page.latest, robin.signer, day, self.bo, name))
            await page.connection.execute(delete(grants).where(grants.c.holder == self.bo))

    async def asks(self, step: int, *, together: int = 1, days: int = 0) -> list[int]:
        """What is due, done by a process of its own or by two at once; how they ended."""
        told = {"step": step, "days": days}
        return [code for code, _ in await self.program.asks(self.keys.services, together=together, **told)]

    async def goes_on(self) -> Signed:
        """Robin signs in here, and what is left is done."""
        robin = await self.keys.robin()
        assert await self.keys.keeper.work(robin) == 0
        return robin

    async def is_done(self, robin: Signed, before: dict[str, int]) -> None:
        """Every row is sealed to a key that was made since, and every tip opens."""
        found = await self.keys.versions()
        for source in self.keys.services.sources.values():
            if source.compartment in CHANGED:
                newest = max(robin.compartment_keys(source.compartment))
                assert newest == before[source.compartment] + 1, "a key was changed twice, or never"
                assert found[source.name] <= {newest}
        assert await self.keys.opens_everything(robin)


@pytest.fixture
async def turned(services: Services, clock: StillClock) -> AsyncIterator[Turned]:
    async with running_program(__file__) as program:
        keys = KeyHouse(await make_tip_house(services, clock))
        await keys.fills(3)
        yield Turned(keys, await keys.brings_in("Bo"), program)


async def newest(turned: Turned) -> dict[str, int]:
    ledger = await turned.keys.services.staff.ledger.current()
    return {name: ledger.compartment(name).version for name in CHANGED}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.long)])
async def test_killed_between_any_two_steps_no_tip_is_lost_and_the_change_is_gone_on_with(
    turned: Turned, every: int
) -> None:
    ended_at = 0
    for step in range(1, MOST_STEPS, every):
        before = await newest(turned)
        await turned.falls_due()
        (code,) = await turned.asks(step)
        # Whatever stands: whoever signs in reads everything, before anything is gone on with.
        assert await turned.keys.opens_everything((await turned.keys.signs_in(WORDS.name, WORDS.passphrase))[0])
        await turned.is_done(await turned.goes_on(), before)
        if code == 0:
            ended_at = step
            break
    assert ended_at > 20, "too few steps were found to kill between, or it never came to its end"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.long)])
async def test_killed_while_old_halves_go_none_that_is_needed_is_gone(turned: Turned, every: int) -> None:
    ended_at = 0
    for step in range(1, MOST_STEPS, every):
        before = await newest(turned)
        await turned.falls_due()
        await turned.is_done(await turned.goes_on(), before)
        (code,) = await turned.asks(step, days=OLD_HALF_LASTS.days)
        turned.keys.house.clock.advance(OLD_HALF_LASTS)
        robin = await turned.goes_on()
        assert await turned.keys.opens_everything(robin)
        left = await turned.keys.keeper.halves.there(await turned.keys.services.staff.ledger.current())
        assert [half for half in left if half.compartment in CHANGED] == []
        if code == 0:
            ended_at = step
            break
    assert ended_at > 6, "too few steps were found to kill between, or it never came to its end"


async def test_two_processes_at_once_seal_each_row_once(turned: Turned) -> None:
    before = await newest(turned)
    await turned.falls_due()
    assert await turned.asks(0, together=2) == [0, 0]
    await turned.is_done(await turned.goes_on(), before)


# What the child does.


async def child(told: dict[str, Any], _screen: int) -> None:
    services = house_of(told)
    with_sources(services)
    assert isinstance(services.clock, StillClock)
    services.clock.advance(timedelta(days=told["days"]))
    steps = Steps(told["step"])
    keeping.ROWS_AT_ONCE = 2  # type: ignore[misc]
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    steps.around_writing(services)
    services.database.checkpoint = steps.around(services.database.checkpoint)  # type: ignore[method-assign,assignment]
    services.staff.sessions.hand = steps.around(services.staff.sessions.hand)  # type: ignore[method-assign,assignment]
    token = (await SignIn(services, unlocking).sign_in(WORDS.name, WORDS.passphrase)).token
    await Keeper(services).work(await services.staff.who(token))


if __name__ == "__main__":
    serve(child)
