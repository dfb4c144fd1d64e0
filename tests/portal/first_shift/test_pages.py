"""Holds the guided first shift to being offered, ticked by doing, left, put away and begun again, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import select

from portal.first_shift.steps import STEPS, Progress, read_done, write_done
from portal.records.tables import contact_records
from portal.services import Services
from tests.portal.staff.walker import Walker, acts, give, join, set_up, walker

FIRST = "/desk/first-shift"


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, signed in."""
    return await set_up(walker(services))


@settings(max_examples=20)
@given(st.frozensets(st.sampled_from([*STEPS, "gone", "READY"])))
def test_what_is_done_is_read_as_it_was_written_and_the_next_is_the_first_that_is_not(done: frozenset[str]) -> None:
    kept = read_done(write_done(done))

    assert kept == done & set(STEPS)
    progress = Progress(kept)
    assert progress.is_whole == (progress.upcoming == "") == (kept == set(STEPS))
    assert not progress.upcoming or progress.upcoming == min(set(STEPS) - kept, key=STEPS.index)


@pytest.mark.anyio
async def test_it_is_offered_until_it_is_done_or_put_away(ada: Walker, services: Services) -> None:
    person = (await services.staff.accounts.everyone())[0].id
    await ada.open("/desk")
    assert f'href="{FIRST}"' in ada.page

    await ada.post(f"{FIRST}/away")
    await ada.open("/desk")
    assert f'href="{FIRST}"' not in ada.page
    await ada.post(f"{FIRST}/away", {"away": "no"})
    await services.first_shifts.tick(person, "take")
    await ada.open("/desk")
    assert ada.sees("Go on")

    for step in STEPS:
        await services.first_shifts.tick(person, step)
    await ada.open("/desk")
    assert f'href="{FIRST}"' not in ada.page
    await ada.open(FIRST)
    assert ada.sees("All eight steps are done.")

    await ada.post(f"{FIRST}/again")
    assert (await services.first_shifts.of(person)).upcoming == "ready"


@pytest.mark.anyio
async def test_a_record_and_a_tip_are_done_without_anything_being_kept(ada: Walker, services: Services) -> None:
    person = (await services.staff.accounts.everyone())[0].id
    before = await acts(services)
    await ada.open(f"{FIRST}/record")
    assert ada.sees("Nothing on this page is kept or reaches anybody.")
    await ada.post(f"{FIRST}/record", {"line": "x" * 400})
    assert not (await services.first_shifts.of(person)).done
    await ada.post(f"{FIRST}/record", {"type": "crisis", "line": "Asked about her passport."})
    await ada.post(f"{FIRST}/tip", {"words": "  "})
    assert ada.sees("Write an answer first.")
    await ada.post(f"{FIRST}/tip", {"words": "Thank you. Is somebody there at night?"})

    assert (await services.first_shifts.of(person)).done == {"record", "tip"}
    assert await acts(services) == before
    async with services.database.read() as connection:
        assert (await connection.execute(select(contact_records))).all() == []


@pytest.mark.anyio
async def test_each_person_has_her_own_and_who_takes_no_chats_has_none(ada: Walker, services: Services) -> None:
    bo, dana = await join(ada, alias="Bo"), await join(ada, alias="Dana", role="directory_editor")
    await give(ada, "Bo", "chat")
    assert await bo.signs_in("Bo")
    await ada.post(f"{FIRST}/tip", {"words": "Thank you."})
    await bo.post("/desk/me", {"tongue": "fr"})

    await bo.open(FIRST)
    assert bo.sees("Votre premier service, pas à pas")
    assert "is-good" not in bo.page.split("first-steps", 1)[1]
    assert await dana.open(FIRST) == 404
    await dana.open("/desk")
    assert FIRST not in dana.page
