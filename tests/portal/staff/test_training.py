"""Holds what somebody has learned to another person's word for it, in a row nobody else can write."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.services import Services
from portal.staff.accounts import Person, RowForged, mark_of
from portal.staff.tables import invitations, people
from tests.portal.staff.walker import Walker, acts, invite, join, person_page

pytestmark = pytest.mark.anyio


async def called(services: Services, alias: str) -> Person:
    return next(each for each in await services.staff.accounts.everyone() if each.alias == alias)


async def test_a_new_person_takes_no_chats_until_somebody_signs_her_off(ada: Walker, services: Services) -> None:
    await join(ada, alias="Bo", training=())
    assert (await called(services, "Bo")).training == frozenset()
    address = await person_page(ada, "Bo")

    await ada.post(f"{address}/training", {"what": "chat", "learned": "yes"})
    assert ada.sees("They can take chats from now on.")
    assert (await called(services, "Bo")).training == {"chat"}

    await ada.post(f"{address}/training", {"what": "chat", "learned": "no"})
    assert (await called(services, "Bo")).training == frozenset()
    assert [act for act in await acts(services) if act.startswith("training")] == ["training.chat", "training.no_chat"]


async def test_the_invitation_says_what_is_known_already_and_a_role_that_takes_none_learns_none(
    ada: Walker, services: Services
) -> None:
    await join(ada, alias="Bo", training=("chat", "else"))
    await join(ada, alias="Stat", role="statistics_viewer", training=("chat",))

    assert (await called(services, "Bo")).training == {"chat"}
    assert (await called(services, "Stat")).training == frozenset()
    assert (await called(services, "Ada")).training == {"chat"}


async def test_a_person_is_signed_off_for_knowing_indigenous_communities_beside_chats(
    ada: Walker, services: Services
) -> None:
    await join(ada, alias="Bo", training=("chat",))
    address = await person_page(ada, "Bo")
    await ada.post(f"{address}/training", {"what": "indigenous", "learned": "yes"})
    assert ada.sees("Whoever asks for it is offered to them first.")
    assert (await called(services, "Bo")).training == {"chat", "indigenous"}
    await ada.post(f"{address}/training", {"what": "indigenous", "learned": "no"})
    assert ada.sees("Nobody is offered to them first for it any more.")
    assert (await called(services, "Bo")).training == {"chat"}


async def test_nobody_signs_herself_off_nor_for_what_a_role_never_does(ada: Walker, services: Services) -> None:
    me = await person_page(ada, "Ada")
    await ada.post(f"{me}/training", {"what": "chat", "learned": "no"})
    assert ada.sees("Nobody signs herself off.")

    await join(ada, alias="Stat", role="statistics_viewer")
    address = await person_page(ada, "Stat")
    for what in ("chat", "anything"):
        assert await ada.post(f"{address}/training", {"what": what, "learned": "yes"}) == 404
    assert [act for act in await acts(services) if act.startswith("training")] == []


@pytest.mark.parametrize("written", ["chat", None])
async def test_who_only_writes_rows_signs_nobody_off(ada: Walker, services: Services, written: str | None) -> None:
    await join(ada, alias="Bo", training=())
    async with services.database.write() as connection:
        await connection.execute(update(people).where(people.c.alias == "Bo").values(training=written))
    with pytest.raises(RowForged):
        await services.staff.accounts.everyone()


async def test_a_row_of_an_older_house_takes_chats_as_before_and_is_written_anew_at_the_next_change(
    ada: Walker, services: Services
) -> None:
    bo = await join(ada, alias="Bo", training=())
    person = await called(services, "Bo")
    lock = await services.staff.accounts.lock_of(person.id)
    assert lock is not None
    older = mark_of(lock, services.staff.accounts.pepper(lock.pepper), is_older=True)
    async with services.database.write() as connection:
        await connection.execute(
            update(people).where(people.c.id == person.id).values(training=None, second=None, mark=older)
        )

    assert (await called(services, "Bo")).training == {"chat"}
    assert await bo.fresh().signs_in("Bo")
    await bo.post("/desk/me", {"tongue": "fr"})
    changed = await called(services, "Bo")
    assert (changed.tongue, sorted(changed.training)) == ("fr", ["chat"])


async def test_an_invitation_whose_training_was_changed_brings_nobody_in(ada: Walker, services: Services) -> None:
    code = await invite(ada, alias="Bo", training=())
    async with services.database.write() as connection:
        await connection.execute(update(invitations).values(training="chat"))
    bo = ada.fresh()
    words = "seven green kettles whistle"
    await bo.post("/desk/welcome", {"code": code, "name": "bo", "passphrase": words, "again": words}, token=None)
    assert not bo.cookie


@pytest.mark.asvs("7.5.3")
async def test_a_wrong_proof_is_written_down_and_asked_at_one_pace_with_every_other(
    ada: Walker, services: Services
) -> None:
    from portal.staff.acts import Acts
    from portal.staff.unlock import TRIES, TooManyTries, WrongPassphrase

    proving, signed = Acts(services).proving, await services.staff.who(ada.cookie)
    assert (await proving.prove(signed, ada.passphrase)).person.id == signed.staff_id
    for _ in range(TRIES - 1):
        with pytest.raises(WrongPassphrase):
            await proving.prove(signed, "some long passphrase here")
    with pytest.raises(TooManyTries):
        await proving.prove(signed, ada.passphrase)
    assert [act for act in await acts(services) if act.startswith("proof")] == ["proof.failed"], "the first of a day"
