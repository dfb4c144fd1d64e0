"""The clock, the purge, the hold and the kills between their steps, with the rows on a server."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.faults import test_purge_kills
from tests.support.told_again import told_again
from tests.tips.conftest import TipHouse, house
from tests.tips.staying import conftest, test_holding
from tests.tips.staying.conftest import Weeks, weeks
from tests.tips.staying.test_proof import proof_of, proving
from tips.staying.proof import Proving
from tips.staying.searching import Found

__all__ = ["conftest", "house", "proving", "weeks"]

globals().update(
    told_again(
        test_purge_kills, but=["test_a_purge_killed_between_any_two_steps_leaves_whole_tips_and_is_gone_on_with"]
    )
)
test_killed = pytest.mark.long(
    test_purge_kills.test_a_purge_killed_between_any_two_steps_leaves_whole_tips_and_is_gone_on_with
)
test_held = test_holding.test_a_held_tip_stays_for_the_desk_and_its_reporter_finds_what_she_would_without
test_alike = test_holding.test_every_page_of_hers_is_the_same_byte_by_byte_and_by_the_same_statements_held_or_not
holding, phones = test_holding.holding, test_holding.phones
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
