"""Holds the change of a compartment's key: who makes it and when, who is let in, and who goes on without a break."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.rotation.due import due
from portal.staff.tables import audit, grants
from portal.vault.statements import RECOVERY
from tests.support.key_house import KeyHouse

pytestmark = pytest.mark.anyio


async def names_due(keys: KeyHouse) -> list[tuple[str, str]]:
    ledger = await keys.services.staff.ledger.current()
    return [(each.compartment, each.why) for each in due(ledger, keys.house.clock.now().date())]


async def newest(keys: KeyHouse, name: str) -> int:
    return (await keys.services.staff.ledger.current()).compartment(name).version


async def test_taking_a_key_makes_its_change_due_and_the_next_sign_in_makes_it(keys: KeyHouse) -> None:
    bo, cy = await keys.brings_in("Bo", "tips", "chat"), await keys.brings_in("Cy", "tips")
    assert await names_due(keys) == []

    await keys.puts_out(bo, "tips")
    assert await names_due(keys) == [("tips", "left")]
    assert await newest(keys, "tips") == 1, "until somebody signs in, new seals go to the old key"
    await keys.robin()

    ledger = await keys.services.staff.ledger.current()
    assert (await names_due(keys), await newest(keys, "tips"), await newest(keys, "chat")) == ([], 2, 1)
    assert ledger.holders("tips", 2) == {keys.house.robin.staff_id, cy, RECOVERY}
    assert ledger.holders("chat", 1) >= {bo}
    async with keys.services.database.read() as connection:
        seals = set(await connection.scalars(select(grants.c.holder).where(grants.c.statement > ledger.head - 3)))
        said = list(await connection.scalars(select(audit.c.act).order_by(audit.c.n)))
    assert seals == {keys.house.robin.staff_id, cy, RECOVERY}
    assert said[-1] == "keys.turned"


async def test_nothing_sealed_to_who_was_put_out_stays_in_a_row(keys: KeyHouse) -> None:
    bo = await keys.brings_in("Bo", "tips", "chat")
    await keys.puts_out(bo, "tips")

    ledger = await keys.services.staff.ledger.current()
    async with keys.services.database.read() as connection:
        left = set(await connection.scalars(select(grants.c.statement).where(grants.c.holder == bo)))
    assert left == {granted.statement for granted in ledger.grants(bo)}
    assert {granted.compartment for granted in ledger.grants(bo)} == {"chat"}


async def test_who_may_not_sign_it_or_does_not_hold_it_changes_nothing(keys: KeyHouse) -> None:
    bo = await keys.brings_in("Bo", "tips")
    await keys.brings_in("Cy", "tips")
    await keys.brings_in("Di", "chat", as_granter=True)
    await keys.puts_out(bo, "tips")

    await keys.signs_in("cy")
    await keys.signs_in("di")

    assert await newest(keys, "tips") == 1
    assert await names_due(keys) == [("tips", "left")]


async def test_the_chats_key_falls_due_by_itself_every_week(keys: KeyHouse) -> None:
    keys.house.clock.advance(timedelta(days=6))
    await keys.robin()
    assert await newest(keys, "chat") == 1

    keys.house.clock.advance(timedelta(days=1))
    assert await names_due(keys) == [("chat", "week")]
    await keys.robin()

    assert [await newest(keys, name) for name in ("chat", "tips", "records", "names")] == [2, 1, 1, 1]


async def test_who_was_signed_in_before_is_handed_the_new_key_and_works_on(keys: KeyHouse) -> None:
    bo = await keys.brings_in("Bo", "tips")
    await keys.brings_in("Cy", "tips")
    _, token = await keys.signs_in("cy")
    _, hers = await keys.signs_in("bo")
    await keys.puts_out(bo, "tips")

    robin = await keys.robin()

    cy = await keys.services.staff.who(token)
    assert set(cy.compartment_keys("tips")) == {1, 2}
    assert cy.compartment_keys("tips")[2] == robin.compartment_keys("tips")[2]
    assert not cy.has_new_keys
    assert await keys.services.staff.sessions.read(hers) is None


async def test_a_session_that_cannot_be_handed_a_key_is_told_to_sign_in_again(keys: KeyHouse) -> None:
    bo, cy = await keys.brings_in("Bo", "tips"), await keys.brings_in("Cy", "tips")
    before, token = await keys.signs_in("cy")
    # As of a house one step older, or where somebody wrote into the store: no line, or one of somebody else.
    durable = keys.services.durable
    theirs = keys.house.robin.session
    await durable.set(b"sk:" + before.session, await durable.get(b"sk:" + theirs) or b"")
    await keys.puts_out(bo, "tips")
    await keys.robin()

    cys = await keys.services.staff.who(token)
    assert set(cys.compartment_keys("tips")) == {1}
    assert cys.has_new_keys
    assert cy == cys.staff_id, "she is still in"


async def test_who_was_sent_away_unsigned_gets_nothing_more(keys: KeyHouse) -> None:
    bo, cy = await keys.brings_in("Bo", "tips"), await keys.brings_in("Cy", "tips")
    async with keys.services.database.write() as connection:
        await keys.services.staff.accounts.change(connection, cy, is_active=False)
    await keys.puts_out(bo, "tips")
    await keys.robin()

    ledger = await keys.services.staff.ledger.current()
    assert cy in ledger.holders("tips", 1)
    assert cy not in ledger.holders("tips", 2)


async def test_a_change_that_fails_keeps_nobody_from_signing_in(
    keys: KeyHouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from portal.staff.keys.ledger import BookBroken

    bo = await keys.brings_in("Bo", "tips")
    await keys.puts_out(bo, "tips")

    async def breaks(*_: object) -> None:
        raise BookBroken("made so")

    monkeypatch.setattr(keys.sign_in._turning, "_make", breaks)
    robin = await keys.robin()
    assert set(robin.compartment_keys("tips")) == {1}
    assert "keys_not_turned" in caplog.text

    monkeypatch.undo()
    assert set((await keys.robin()).compartment_keys("tips")) == {1, 2}


async def test_two_who_sign_in_at_once_change_it_once(keys: KeyHouse) -> None:
    import asyncio

    bo = await keys.brings_in("Bo", "tips")
    await keys.puts_out(bo, "tips")
    await asyncio.gather(keys.robin(), keys.robin(), keys.robin())

    assert await newest(keys, "tips") == 2
