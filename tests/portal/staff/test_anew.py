"""Holds every way back to an account to opening nothing before a granter has said so: path by path, role by role."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from portal.services import Services
from portal.staff.proofs.asking import HAS_ONE
from portal.staff.rights import Role
from portal.staff.signin import SignIn
from portal.staff.tables import anew_codes, audit, grants
from portal.staff.unlock import Unlocking
from portal.vault.compartments import COMPARTMENTS
from tests.portal.staff.walker import Walker, acts, give, invite, join, person_page, walker

pytestmark = pytest.mark.anyio

NEW = "eleven paper boats downstream"
KEYLESS = {Role.INTERPRETER}


async def code_for(granter: Walker, alias: str) -> str:
    """The code a granter makes for somebody who forgot her passphrase."""
    address = await person_page(granter, alias)
    await granter.post(f"{address}/reset", {"passphrase": granter.passphrase})
    return "-".join(granter.slip())


async def begins_anew(ada: Walker, name: str, code: str) -> Walker:
    """Somebody who types it, with a new passphrase, in a browser of her own."""
    person = replace(ada.fresh(), passphrase=NEW)
    await person.post("/desk/anew", {"code": code, "name": name, "passphrase": NEW, "again": NEW}, token=None)
    if person.address == "/desk/signin":
        assert not person.cookie  # with her second proof, where she has one
        await person.signs_in(name)
    return person


async def opens(services: Services, person: Walker) -> set[str]:
    """Every compartment this person's session, and her own keys, open."""
    signed = await services.staff.who(person.cookie)
    unlocking = Unlocking(services.staff.accounts, services.staff.ledger, services.pools)
    unlocked = await unlocking.by_id(signed.staff_id, person.passphrase)
    ledger = await services.staff.ledger.current()
    own = await SignIn(services, unlocking).open_grants(ledger, unlocked)
    return {name for name in COMPARTMENTS if signed.compartment_keys(name)} | set(own.keys)


async def forgot(ada: Walker, name: str) -> Walker:
    """A code, and new keys."""
    return await begins_anew(ada, name, await code_for(ada, name))


async def left_and_came_back(ada: Walker, name: str) -> Walker:
    """Sent away, and let in again under her old name and passphrase."""
    address = await person_page(ada, name)
    await ada.post(f"{address}/away", {"passphrase": ada.passphrase})
    await ada.post(f"{address}/back")
    person = ada.fresh()
    assert await person.signs_in(name)
    return person


async def sent_away_and_reset(ada: Walker, name: str) -> Walker:
    """Sent away, brought back, and her passphrase forgotten besides."""
    await left_and_came_back(ada, name)
    return await forgot(ada, name)


async def invited_once_more(ada: Walker, name: str) -> Walker:
    """Sent away, and invited as somebody new with another name at the sign-in."""
    role = next(each for each in await ada.services.staff.accounts.everyone() if each.alias == name).role
    await ada.post(f"{await person_page(ada, name)}/away", {"passphrase": ada.passphrase})
    new, again = ada.fresh(), f"{name}.again"
    code = await invite(ada, alias=again, role=role)
    fields = {"code": code, "name": again, "passphrase": new.passphrase, "again": new.passphrase}
    await new.post("/desk/welcome", {**fields}, token=None)
    return new


PATHS: tuple[Callable[[Walker, str], Awaitable[Walker]], ...] = (
    forgot,
    left_and_came_back,
    sent_away_and_reset,
    invited_once_more,
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
async def test_no_path_leads_to_an_open_compartment_without_a_granters_statement(
    ada: Walker, services: Services, path: Callable[[Walker, str], Awaitable[Walker]]
) -> None:
    for role in Role:
        # Each at an hour of its own: nobody's pace runs out.
        ada, name = replace(walker(services), cookie=ada.cookie), f"{path.__name__}-{role}"
        before = await join(ada, alias=name, role=role)
        await give(ada, name, *(() if role in KEYLESS else COMPARTMENTS))
        assert await before.signs_in(name)
        assert await opens(services, before) == (set() if role in KEYLESS else set(COMPARTMENTS)), role

        person = await path(ada, name)

        signed = await services.staff.who(person.cookie)
        assert (await opens(services, person), signed.rights, signed.is_vouched) == (set(), frozenset(), False), role
        ledger = await services.staff.ledger.current()
        assert ledger.grants(signed.staff_id) == (), role
        if role is not Role.SUPERVISOR:
            continue
        # The granter's word, and only what it names; one role stands for all, because a grant asks for none.
        alias = signed.alias
        await give(ada, alias, "tips")
        assert await person.signs_in(name if path is not invited_once_more else f"{name}.again")
        assert await opens(services, person) == {"tips"}, role


async def test_her_old_passphrase_and_the_used_code_are_over(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="bo")
    await give(ada, "bo", "tips")
    code = await code_for(ada, "bo")
    await bo.open("/desk/me")
    assert bo.address == "/desk/signin"  # her sessions ended when the code was made

    person = await begins_anew(ada, "bo", code)

    await person.open("/desk")
    assert len(person.slip()) == 6  # the digits she reads out
    assert not await ada.fresh().signs_in("bo")
    again = await begins_anew(ada, "bo", code)
    assert not again.cookie
    assert again.sees("That code does not work with that name, or it is over.")
    assert {"staff.reset_begun", "staff.reset"} <= set(await acts(services))


async def test_a_code_is_good_for_its_person_and_a_day_only(ada: Walker, services: Services) -> None:
    for alias in ("bo", "cy"):
        await join(ada, alias=alias)
    code = await code_for(ada, "bo")
    for name in ("cy", "nobody", "ada"):
        assert not (await begins_anew(ada, name, code)).cookie
    async with services.database.write() as connection:
        await connection.execute(update(anew_codes).values(ends=int(services.clock.now().timestamp())))

    assert not (await begins_anew(ada, "bo", code)).cookie


async def test_who_writes_rows_makes_no_code_for_another_person(ada: Walker, services: Services) -> None:
    for alias in ("bo", "cy"):
        await join(ada, alias=alias)
    code = await code_for(ada, "bo")
    cy = next(each for each in await services.staff.accounts.everyone() if each.alias == "cy")
    async with services.database.write() as connection:
        await connection.execute(update(anew_codes).values(person=cy.id))

    assert not (await begins_anew(ada, "cy", code)).cookie


async def test_the_code_replaces_the_passphrase_and_not_the_second_proof(ada: Walker, services: Services) -> None:
    await join(ada, alias="bo")
    bo = next(each for each in await services.staff.accounts.everyone() if each.alias == "bo")
    async with services.database.write() as connection:
        await services.staff.accounts.change(connection, bo.id, second=HAS_ONE)

    person = await begins_anew(ada, "bo", await code_for(ada, "bo"))

    assert person.address.startswith("/desk/signin")
    assert not person.cookie
    after = await services.staff.accounts.person(bo.id)
    assert after is not None
    assert (after.second, after.open_public == bo.open_public) == (HAS_ONE, False)


async def test_only_a_granter_makes_a_code_and_nobody_for_herself(ada: Walker, services: Services) -> None:
    bare = await join(ada, alias="Kit", role="administrator")
    await give(ada, "Kit")
    assert await bare.signs_in("Kit")
    await join(ada, alias="bo")
    for looking, alias in ((bare, "bo"), (bare, "Ada"), (ada, "Ada")):
        await looking.post(f"{await person_page(looking, alias)}/reset", {"passphrase": looking.passphrase})
        assert not looking.slip() or len(looking.slip()) != 4, alias
    await ada.post(f"{await person_page(ada, 'bo')}/reset", {"passphrase": "not her passphrase at all"})
    assert "staff.reset_begun" not in await acts(services)


async def test_let_in_again_meanwhile_she_keeps_the_keys_she_has(ada: Walker, services: Services) -> None:
    await join(ada, alias="bo")
    code = await code_for(ada, "bo")
    await give(ada, "bo", "tips")

    assert not (await begins_anew(ada, "bo", code)).cookie
    bo = ada.fresh()
    assert await bo.signs_in("bo")
    assert await opens(services, bo) == {"tips"}


async def test_what_she_held_is_sealed_to_nobody_any_more(ada: Walker, services: Services) -> None:
    await join(ada, alias="bo")
    await give(ada, "bo", *COMPARTMENTS)
    bo = next(each for each in await services.staff.accounts.everyone() if each.alias == "bo")

    await code_for(ada, "bo")

    async with services.database.read() as connection:
        rows = (await connection.execute(select(grants).where(grants.c.holder == bo.id))).all()
        lines = (await connection.execute(select(audit.c.subject).where(audit.c.act == "staff.reset_begun"))).scalars()
        assert (rows, list(lines)) == ([], [bo.id])
