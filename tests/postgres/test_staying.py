"""The clock, the purge and the hold, with the rows on a server."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from portal.store.sought import Found
from tests.tips.conftest import TipHouse, house
from tests.tips.staying import conftest, test_holding
from tests.tips.staying.conftest import Weeks, weeks
from tests.tips.staying.test_proof import proof_of, proving
from tips.staying.proof import Proving

__all__ = ["conftest", "house", "proving", "weeks"]

test_held = test_holding.test_a_held_tip_stays_for_the_desk_and_its_reporter_finds_what_she_would_without
holding = test_holding.holding
pytestmark = pytest.mark.anyio


async def test_on_a_server_words_go_the_number_opens_an_empty_thread_and_the_keys_are_written_anew_once(
    weeks: Weeks, proving: Proving
) -> None:
    made = [await weeks.answered() for _ in range(3)]
    before = await places_of_keys(weeks.house)
    await weeks.until(lambda: weeks.is_gone(made[0][0].tip))
    assert await places_of_keys(weeks.house) != before
    for filing, number in made:
        visit, thread = await weeks.comes_back(number)
        assert (thread.is_empty, visit.tip == filing.tip) == (True, False)
    assert await weeks.house.retention.searching.once() == 3
    proof = await proof_of(proving, made[0][0].tip)
    assert (proof.is_shown, proof.is_whole, proof.found, proof.log_is_empty) == (True, False, Found.SERVER, None)


async def places_of_keys(house: TipHouse) -> int:
    async with house.services.database.read() as connection:
        return int(await connection.scalar(text("SELECT pg_relation_filenode('tip_keys'::regclass)")) or 0)
