"""Holds keys to the hands they were given to: signed, compared, opened; an administrator alone is no reader."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.services import Services
from portal.staff.rights import Right
from portal.staff.sessions.session import SignInNeeded
from portal.staff.tables import audit
from portal.vault.sealing import open_seal, seal_to
from tests.portal.staff.walker import PASSPHRASE, Walker, give, join, person_page

pytestmark = pytest.mark.anyio


async def test_a_granted_person_opens_what_was_sealed_before_and_after(ada: Walker, services: Services) -> None:
    version, public = (await services.staff.ledger.current()).compartment("tips")
    before = seal_to(public, version, b"k" * 32, "place")
    bo = await join(ada, alias="Bo")
    assert (await services.staff.who(bo.cookie)).compartment_keys("tips") == {}

    await give(ada, "Bo", "tips")
    await bo.open("/desk")
    assert bo.sees("You were given a new key.")
    assert await bo.signs_in("Bo")

    signed = await services.staff.who(bo.cookie)
    assert open_seal(signed.compartment_keys("tips")[version], before, "place") == b"k" * 32
    assert signed.may(Right.READ_TIPS)
    assert not signed.may(Right.TAKE_CHATS)
    assert signed.compartment_keys("chat") == {}


async def test_an_administrator_without_a_grant_reads_nothing(ada: Walker, services: Services) -> None:
    cleo = await join(ada, alias="Cleo", role="administrator")
    await give(ada, "Cleo")
    await cleo.signs_in("Cleo")

    signed = await services.staff.who(cleo.cookie)
    assert signed.may(Right.MANAGE_STAFF)
    assert not signed.may(Right.READ_TIPS)
    assert [signed.compartment_keys(name) for name in ("chat", "tips", "records", "names")] == [{}, {}, {}, {}]

    # Nor does she let herself in: no role brings the right to sign a grant.
    await give(cleo, "Cleo", "tips")
    assert cleo.sees("You cannot hand out keys.")
    await cleo.signs_in("Cleo")
    assert (await services.staff.who(cleo.cookie)).compartment_keys("tips") == {}


async def test_who_only_joins_is_vouched_for_without_a_key_and_can_be_given_none(
    ada: Walker, services: Services
) -> None:
    ola = await join(ada, alias="Ola", role="interpreter")
    before = (await services.staff.ledger.current()).head
    await give(ada, "Ola", "chat")
    await give(ada, "Ola", granter_too=True)
    assert (await services.staff.ledger.current()).head == before, "nothing was said in the book"

    await give(ada, "Ola")
    await ola.signs_in("Ola")
    signed = await services.staff.who(ola.cookie)
    assert set(signed.rights) == {Right.BE_GUEST}
    assert signed.compartment_keys("chat") == {}
    await ada.open(await person_page(ada, "Ola"))
    assert "/keys" not in ada.page


async def test_before_somebody_vouches_a_role_is_worth_nothing(ada: Walker, services: Services) -> None:
    cleo = await join(ada, alias="Cleo", role="administrator")

    assert (await services.staff.who(cleo.cookie)).rights == frozenset()


@pytest.mark.asvs("7.5.3")
async def test_keys_are_given_only_with_the_granters_own_passphrase(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    ada.passphrase = "not her passphrase at all"

    await give(ada, "Bo", "tips")

    assert ada.sees("That name and passphrase do not fit.")
    await bo.signs_in("Bo")
    assert (await services.staff.who(bo.cookie)).compartment_keys("tips") == {}


async def test_only_her_own_page_shows_the_digits_and_others_give_nothing(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    await bo.open("/desk")
    address = await person_page(ada, "Bo")
    await ada.open(address)
    assert (len(bo.slip()), ada.slip()) == (6, [])

    await ada.post(f"{address}/keys", {"digits": "1" * 30, "compartments": ["tips"], "passphrase": PASSPHRASE})

    assert ada.sees("These are not their digits.")
    assert (await services.staff.ledger.current()).staff((await services.staff.who(bo.cookie)).staff_id) is None


async def test_a_granter_passes_on_only_what_she_holds(ada: Walker, services: Services) -> None:
    cleo = await join(ada, alias="Cleo", role="administrator")
    await give(ada, "Cleo", "chat", granter_too=True)
    await cleo.signs_in("Cleo")
    bo = await join(cleo, alias="Bo")

    await give(cleo, "Bo", "tips")
    assert cleo.sees("That key was not given.")
    await give(cleo, "Bo", "chat")
    await bo.signs_in("Bo")

    assert set((await services.staff.who(bo.cookie)).rights) == {
        Right.TAKE_CHATS,
        Right.SEE_CALLS,
        Right.SEE_INTERPRETERS,
        Right.SEE_DIRECTORY,
        Right.REVIEW_DIRECTORY,
        Right.WRITE_RECORDS,
    }


async def test_a_taken_key_is_gone_from_the_session_at_once_and_from_the_next_one(
    ada: Walker, services: Services
) -> None:
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "tips", "chat")
    await bo.signs_in("Bo")
    address = await person_page(ada, "Bo")

    await ada.post(f"{address}/take", {"compartment": "tips", "passphrase": PASSPHRASE})

    with pytest.raises(SignInNeeded):
        await services.staff.who(bo.cookie)
    await bo.signs_in("Bo")
    signed = await services.staff.who(bo.cookie)
    assert signed.compartment_keys("tips") == {}
    assert signed.compartment_keys("chat") != {}


async def test_who_was_sent_away_and_comes_back_holds_nothing(ada: Walker, services: Services) -> None:
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    address = await person_page(ada, "Bo")
    await ada.post(f"{address}/away", {"passphrase": PASSPHRASE})
    assert not await bo.fresh().signs_in("Bo")

    await ada.post(f"{address}/back")
    assert await bo.signs_in("Bo")

    assert (await services.staff.who(bo.cookie)).rights == frozenset()
    await give(ada, "Bo", "tips")
    await bo.signs_in("Bo")
    assert (await services.staff.who(bo.cookie)).may(Right.READ_TIPS)


async def test_nobody_takes_the_last_key_or_herself_away(ada: Walker, services: Services) -> None:
    address = await person_page(ada, "Ada")

    await ada.post(f"{address}/away", {"passphrase": PASSPHRASE})
    assert ada.sees("nobody could give keys after that")
    await ada.post(f"{address}/take", {"compartment": "tips", "passphrase": PASSPHRASE})
    assert ada.sees("nobody could give keys after that")

    assert (await services.staff.who(ada.cookie)).compartment_keys("tips") != {}


async def test_an_administrator_without_the_right_to_sign_cannot_send_a_granter_away(
    ada: Walker, services: Services
) -> None:
    cleo = await join(ada, alias="Cleo", role="administrator")
    await give(ada, "Cleo")
    await cleo.signs_in("Cleo")

    await cleo.post(f"{await person_page(cleo, 'Ada')}/away", {"passphrase": PASSPHRASE})

    assert (await services.staff.who(ada.cookie)).alias == "Ada"


async def test_every_act_leaves_a_line_with_a_day_and_no_word(ada: Walker, services: Services) -> None:
    await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    await ada.post(f"{await person_page(ada, 'Bo')}/take", {"compartment": "tips", "passphrase": PASSPHRASE})
    await ada.post(f"{await person_page(ada, 'Bo')}/away", {"passphrase": PASSPHRASE})

    async with services.database.read() as connection:
        lines = (await connection.execute(select(audit).order_by(audit.c.n))).all()
    assert [line.act for line in lines] == [
        "house.set_up",
        "desk.signed_in",
        "staff.invited",
        "staff.joined",
        "desk.signed_in",
        "keys.granted",
        "keys.taken",
        "staff.sent_away",
    ]
    assert {line.day for line in lines} == {"2026-03-04"}
