"""Changes a person's own passphrase: her keys stay hers, the old passphrase opens nothing, and nothing is half done."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.services import Services
from portal.staff.accounts import Lock
from portal.staff.acts import Acts
from portal.staff.changing import AnotherName
from portal.staff.tables import people
from portal.staff.unlock import WrongPassphrase
from tests.portal.staff.walker import PASSPHRASE, Walker, acts

pytestmark = pytest.mark.anyio

NEWER = "nine quiet herons on the pier"


async def changes(who: Walker, **other: str) -> None:
    fields: dict[str, str | list[str]] = {"now": PASSPHRASE, "name": "ada", "passphrase": NEWER, "again": NEWER}
    await who.post("/desk/me/passphrase", {**fields, **other})


async def held(services: Services, who: Walker) -> dict[str, object]:
    signed = await services.staff.who(who.cookie)
    return {name: dict(signed.compartment_keys(name)) for name in ("chat", "tips", "records", "names")}


async def test_the_new_one_opens_the_same_keys_and_the_old_one_nothing(ada: Walker, services: Services) -> None:
    before, other = await held(services, ada), ada.fresh()
    assert await other.signs_in("ada")

    await changes(ada)

    assert ada.sees("Your passphrase is changed.")
    assert await held(services, ada) == before, "this session goes on"
    await other.open("/desk")
    assert other.address == "/desk/signin", "every other one is over"
    assert not await ada.fresh().signs_in("ada", PASSPHRASE)
    again = ada.fresh()
    assert await again.signs_in("ada", NEWER)
    assert await held(services, again) == before
    assert "staff.passphrase_changed" in await acts(services)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"now": "seven red kettles whistle"}, "This is not your passphrase."),
        ({"name": "grace"}, "This is not your sign-in name."),
        ({"passphrase": "too short", "again": "too short"}, "15"),
        ({"again": "nine quiet herons on the peer"}, "The two passphrases are not the same."),
        ({"passphrase": "ada ada ada ada ada", "again": "ada ada ada ada ada"}, "first"),
    ],
    ids=["wrong now", "another name", "too short", "not the same", "her own name"],
)
async def test_what_is_wrong_is_said_and_changes_nothing(
    ada: Walker, services: Services, typed: dict[str, str], said: str
) -> None:
    row = await the_row(services)

    await changes(ada, **typed)

    assert ada.sees(said), ada.page
    name = typed.get("name", "ada")
    assert f'value="{name}"' in ada.page
    assert not any(secret in ada.page for secret in (PASSPHRASE, NEWER)), "no passphrase stands in a page"
    assert await the_row(services) == row
    assert await ada.fresh().signs_in("ada", PASSPHRASE)


async def test_a_wrong_try_is_written_down_and_the_pace_holds(ada: Walker, services: Services) -> None:
    for _ in range(12):
        await changes(ada, now="seven red kettles whistle")
    assert ada.sees("Too many tries"), ada.page
    assert "proof.failed" in await acts(services)


async def test_of_two_changes_at_once_one_holds(
    ada: Walker, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row was locked anew between the proof and the writing."""
    act, signed = Acts(services).changing, await services.staff.who(ada.cookie)
    accounts, relock = services.staff.accounts, services.staff.accounts.relock

    async def late(connection: object, before: Lock, after: Lock) -> bool:
        monkeypatch.setattr(accounts, "relock", relock)
        assert await relock(connection, before, after)  # type: ignore[arg-type]
        return await relock(connection, before, after)  # type: ignore[arg-type]

    monkeypatch.setattr(accounts, "relock", late)
    with pytest.raises(WrongPassphrase):
        await act.change(signed, "ada", PASSPHRASE, NEWER)
    assert await ada.fresh().signs_in("ada", PASSPHRASE), "what raised was rolled back whole"


async def test_a_name_that_is_not_hers_is_refused_after_the_proof_alone(ada: Walker, services: Services) -> None:
    """Whoever found the desk open cannot ask which sign-in name is hers."""
    act, signed = Acts(services).changing, await services.staff.who(ada.cookie)
    with pytest.raises(WrongPassphrase):
        await act.change(signed, "grace", "seven red kettles whistle", NEWER)
    with pytest.raises(AnotherName):
        await act.change(signed, "grace", PASSPHRASE, NEWER)


async def the_row(services: Services) -> object:
    async with services.database.read() as connection:
        row = (await connection.execute(select(people.c.salt, people.c.verifier, people.c.mark))).one()
        return tuple(row)
